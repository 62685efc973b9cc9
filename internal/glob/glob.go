// Package glob reads the patterns by which people leave files out of a check
// or take them in again. It matches text only and touches no file.
package glob

import (
	"fmt"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// maxChoices bounds how many ways the braces of one pattern can be chosen:
// matching tries them one by one, and a short pattern can ask for billions.
const maxChoices = 1000

// Glob is a pattern for paths relative to the root, with slashes: "*" stands
// for anything within a name, "?" for one character, "[a-z]" for one of a
// class, "**" for any number of directories, "{a,b}" for one of several. It
// begins at the root; "**/" in front makes it begin anywhere.
//
// A glob that matches a directory stands for everything below. One that ends in
// "/" or "/**" matches directories only, so that "**/vendor/**" spares a file
// named vendor. The zero Glob matches nothing.
type Glob struct {
	text    string
	pattern string
	tree    bool // ended in /, /** or /**/*
}

// Parse reads a glob. Errors say what is wrong with it and what to write.
func Parse(text string) (Glob, error) {
	switch {
	case strings.HasPrefix(text, "!"):
		return Glob{}, fmt.Errorf("glob %q starts with \"!\", which negates nothing here: list the path under include instead", text)
	case strings.HasPrefix(text, "/"):
		return Glob{}, fmt.Errorf("glob %q starts with \"/\": globs begin at the root, write it without", text)
	}
	g := Glob{text: text}
	g.pattern, g.tree = strip(strings.TrimPrefix(text, "./"))
	switch {
	case g.pattern == "" || g.pattern == ".":
		return Glob{}, fmt.Errorf("glob %q matches nothing, want a path such as \"docs/**\"", text)
	case slices.Contains(strings.Split(g.pattern, "/"), ".."):
		return Glob{}, fmt.Errorf("glob %q leads out of the root: write it without \"..\"", text)
	case choices(g.pattern) > maxChoices:
		return Glob{}, fmt.Errorf("glob %q has braces with more than %d combinations: split it", text, maxChoices)
	case !doublestar.ValidatePattern(g.pattern):
		return Glob{}, fmt.Errorf("glob %q is malformed: close each \"[\" and \"{\", or put a \"\\\" before it", text)
	}
	return g, nil
}

// strip takes off the endings that mean "everything below".
func strip(pattern string) (string, bool) {
	tree := false
	for {
		short := pattern
		for _, ending := range []string{"/", "/**", "/**/*"} {
			short = strings.TrimSuffix(short, ending)
		}
		if short == pattern {
			return pattern, tree
		}
		pattern, tree = short, true
	}
}

// choices is an upper bound: escaped braces and commas count too.
func choices(pattern string) int {
	product := 1
	var open []int
	for _, c := range pattern {
		switch {
		case c == '{':
			open = append(open, 1)
		case c == ',' && len(open) > 0:
			open[len(open)-1]++
		case c == '}' && len(open) > 0:
			product *= open[len(open)-1]
			open = open[:len(open)-1]
		}
		if product > maxChoices {
			return product
		}
	}
	return product
}

// String gives the glob as it was written.
func (g Glob) String() string { return g.text }

// Dir says whether the glob matches a directory, and so everything below.
func (g Glob) Dir(path string) bool {
	return g.pattern != "" && doublestar.MatchUnvalidated(g.pattern, path)
}

// File says whether the glob matches a file by its own path; whether it matches
// a directory above is another question.
func (g Glob) File(path string) bool { return !g.tree && g.Dir(path) }
