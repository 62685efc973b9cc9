// Package made makes up when tests run what would be found if it stood in the repository.
// Of the holes in a fixture ${made:14} is a credential of fourteen letters and digits, the
// same everywhere, ${made:b14} another one, ${pem:PRIVATE KEY} the first line of a key,
// ${ignore} begins a comment that ignores a finding, and ${text:postgres} is what stands there.
package made

import (
	"crypto/sha256"
	"os"
	"path/filepath"
	"strconv"

	"github.com/policyctl/policyctl/internal/regex"
)

var hole = regex.Lazy(`\$\{(?:made:([a-z]*)([0-9]+)|pem:([A-Z ]+)|text:([^{}]+)|(ignore))\}`)

// Up fills the holes of a text.
func Up(text []byte) []byte {
	return hole().ReplaceAllFunc(text, func(found []byte) []byte {
		parts := hole().FindSubmatch(found)
		switch {
		case parts[3] != nil:
			return []byte("-----BEGIN " + string(parts[3]) + "-----")
		case parts[4] != nil:
			return parts[4]
		case parts[5] != nil:
			return []byte("policyctl:ignore")
		}
		length, err := strconv.Atoi(string(parts[2]))
		if err != nil {
			return found
		}
		return value(string(parts[1]), length)
	})
}

// Holes gives what stands for the holes of a text, by what is written between the braces.
func Holes(text []byte) map[string]string {
	holes := map[string]string{}
	for _, found := range hole().FindAll(text, -1) {
		holes[string(found[len("${"):len(found)-1])] = string(Up(found))
	}
	return holes
}

// Files fills the holes of all files in a folder.
func Files(dir string) error {
	return filepath.WalkDir(dir, func(name string, entry os.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(name)
		if err != nil || !hole().Match(text) {
			return err
		}
		return os.WriteFile(name, Up(text), 0o666)
	})
}

// value looks as what programs generate: a letter first, then a digit, small and large
// letters in turn, as a hash has it.
func value(name string, length int) []byte {
	const letters, digits = "bcdfghjkmnpqrstvwxz", "23456789"
	out := make([]byte, 0, length)
	for block := 0; len(out) < length; block++ {
		for _, b := range sha256.Sum256([]byte(name + strconv.Itoa(length) + "/" + strconv.Itoa(block))) {
			c := letters[int(b>>2)%len(letters)]
			switch n := len(out); {
			case n%4 == 1:
				c = digits[int(b>>2)%len(digits)]
			case n%4 == 2 || b&1 == 1 && n > 0:
				c -= 'a' - 'A'
			}
			if out = append(out, c); len(out) == length {
				break
			}
		}
	}
	return out
}
