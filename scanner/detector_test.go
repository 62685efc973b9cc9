package scanner

import (
	"cmp"
	"io/fs"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	yaml "gopkg.in/yaml.v3"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/rules"
)

const (
	digits = "0123456789"
	lower  = "abcdefghijklmnopqrstuvwxyz"
	upper  = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
)

// alphabets are what {{NAME N}} stands for in examples: N characters of it.
// They are made up when the test runs, so that no scanner blocks this repository.
var alphabets = map[string]string{
	"random": lower + upper + digits,
	"base64": lower + upper + digits + "+/",
	"base32": upper + "234567",
	"base58": "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz",
	"bech32": "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L",
	"bech":   "qpzry9x8gf2tvdw0s3jn54khce6mua7l",
	"letter": lower + upper,
	"lower":  lower + digits,
	"hex":    digits + "abcdef",
	"digits": "123456789",
	"x":      "x", // as in documentation
	"zero":   "0",
}

var placeholder = regexp.MustCompile(`\{\{([a-z0-9]+) ([0-9]+)\}\}`)

// madeUp puts characters in place of the marks of an example. {{words N}} gives
// words of letters.
func madeUp(t *testing.T, text string) string {
	seed := uint64(0)
	return placeholder.ReplaceAllStringFunc(text, func(mark string) string {
		parts := placeholder.FindStringSubmatch(mark)
		n, _ := strconv.Atoi(parts[2])
		seed++
		random := rand.New(rand.NewPCG(seed, uint64(n)))
		if parts[1] == "words" {
			words := make([]string, n)
			for i := range words {
				words[i] = characters(random, lower, 5)
			}
			return strings.Join(words, " ")
		}
		if alphabets[parts[1]] == "" {
			t.Errorf("%s is no mark for examples", mark)
		}
		return characters(random, alphabets[parts[1]], n)
	})
}

func characters(random *rand.Rand, alphabet string, n int) string {
	var b strings.Builder
	for range n {
		b.WriteByte(alphabet[random.IntN(len(alphabet))])
	}
	return b.String()
}

func ownDetectors(t *testing.T) []Detector {
	t.Helper()
	detectors, err := ReadDetectors(rules.FS)
	if err != nil {
		t.Fatal(err)
	}
	return detectors
}

// examples gives the detectors that find an example.
func examples(s *Scanner, d Detector, text string) []string {
	var ids []string
	src := &lint.Source{Path: cmp.Or(d.In, "config/app.env"), Data: []byte(text + "\n")}
	for _, f := range s.Scan(src).Findings {
		ids = append(ids, strings.TrimPrefix(f.Rule.ID, Kind+"/"))
	}
	return ids
}

// TestExamples runs the examples that stand with each detector. A look-alike of
// one must not be matched by the pattern of a neighbour either; what a name says
// of a look-alike is another question.
func TestExamples(t *testing.T) {
	none := &Gitleaks{Path: "none.toml"} // gitleaks' rules would hide ours
	all := newScanner(t, Options{Gitleaks: none})
	detectors := ownDetectors(t)
	patterned := map[string]bool{}
	for _, d := range detectors {
		patterned[d.ID] = d.Regex != ""
	}
	for _, d := range detectors {
		data, err := yaml.Marshal([]Detector{d})
		if err != nil {
			t.Fatal(err)
		}
		only := newScanner(t, Options{Gitleaks: none, Packs: []fs.FS{fstest.MapFS{"only.yaml": {Data: data}}}})
		for n, text := range d.Match {
			if len(examples(only, d, madeUp(t, text))) == 0 {
				t.Errorf("%s: example %d under match is not found", d.ID, n+1)
			}
		}
		for n, text := range d.Ignore {
			for _, id := range examples(all, d, madeUp(t, text)) {
				if patterned[id] || id == d.ID {
					t.Errorf("%s: example %d under ignore is found by %s", d.ID, n+1, id)
				}
			}
		}
	}
}

// TestKeywords: the engine looks at a file only if a keyword occurs in it.
// A short keyword occurs everywhere, one that contains another never helps.
// A pattern that may match far from its keywords has to see the whole file.
func TestKeywords(t *testing.T) {
	for _, d := range newScanner(t, Options{Gitleaks: &Gitleaks{Path: "none.toml"}}).engine().detectors {
		if d.rule.regex != "" && d.path == "" && d.plan().whole {
			t.Errorf("%s: what the pattern matches need not hold a keyword", d.id)
		}
	}
	for _, d := range ownDetectors(t) {
		for i, keyword := range d.Keywords {
			keyword = strings.ToLower(keyword)
			if len(keyword) < 3 {
				t.Errorf("%s: keyword %q is too short", d.ID, keyword)
			}
			for j, other := range d.Keywords {
				if i != j && strings.Contains(keyword, strings.ToLower(other)) {
					t.Errorf("%s: keyword %q is reached by %q already", d.ID, keyword, other)
				}
			}
		}
		for n, text := range d.Match {
			text = strings.ToLower(madeUp(t, text))
			reached := func(keyword string) bool { return strings.Contains(text, strings.ToLower(keyword)) }
			if len(d.Keywords) > 0 && !slices.ContainsFunc(d.Keywords, reached) {
				t.Errorf("%s: example %d under match has no keyword", d.ID, n+1)
			}
		}
	}
}
