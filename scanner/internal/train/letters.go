package main

import (
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
)

// seldom is how often a word must occur to be one.
const seldom = 3

// writeLetters counts which letter follows which two in the words of a tree: each
// word once, however often it occurs.
func writeLetters(out io.Writer, dirs []string) error {
	counts := map[string]int{}
	for _, dir := range dirs {
		if err := countWords(dir, counts); err != nil {
			return err
		}
	}
	var triples [27 * 27 * 27]float64
	for word, n := range counts {
		if n < seldom {
			continue
		}
		weight := math.Log2(float64(n))
		a, b := 0, 0
		for i := 0; i <= len(word); i++ {
			c := 0
			if i < len(word) {
				c = int(word[i]-'a') + 1
			}
			triples[(a*27+b)*27+c] += weight
			a, b = b, c
		}
	}
	table := make([]byte, len(triples))
	for row := 0; row < len(triples); row += 27 {
		sum := 0.0
		for _, n := range triples[row : row+27] {
			sum += n + 0.5
		}
		for c := range 27 {
			bits := -math.Log2((triples[row+c] + 0.5) / sum)
			table[row+c] = byte(min(255, math.Round(bits*16)))
		}
	}
	_, err := out.Write(table)
	return err
}

func countWords(dir string, counts map[string]int) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		switch filepath.Ext(path) {
		case ".go", ".py", ".md", ".txt", ".js", ".rst":
		default:
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		seen := map[string]bool{} // a word counts once in each file
		for _, word := range strings.FieldsFunc(string(data), func(r rune) bool { return r|0x20 < 'a' || r|0x20 > 'z' }) {
			for _, part := range humps(word) {
				if len(part) >= 3 && len(part) <= 20 && !seen[part] {
					seen[part] = true
					counts[part]++
				}
			}
		}
		return nil
	})
}

// humps splits fooBar into foo and bar, in lower case.
func humps(word string) []string {
	var parts []string
	start := 0
	for i := 1; i < len(word); i++ {
		if word[i] < 'a' && word[i-1] >= 'a' {
			parts = append(parts, strings.ToLower(word[start:i]))
			start = i
		}
	}
	return append(parts, strings.ToLower(word[start:]))
}
