// Package codeowners reads CODEOWNERS files as GitHub and GitLab do: who must be
// asked about a file. It does not know who these people are, and opens no file.
package codeowners

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// Dialect is whose rules a file is read by. The zero Dialect is GitHub's.
type Dialect int

// The dialects.
const (
	GitHub Dialect = iota
	GitLab
)

// Each takes the first file that exists, and no other.
var (
	gitHubPlaces = []string{".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"}
	gitLabPlaces = []string{"CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"}
)

// Find gives the file that counts in a repository, or "". has says whether a file
// or folder is there. In the root and in docs it may be for either: then it is
// GitLab's if the repository is set up for GitLab and not for GitHub.
func Find(has func(name string) bool) (string, Dialect) {
	places, dialect := append(gitHubPlaces[:3:3], ".gitlab/CODEOWNERS"), GitHub
	if (has(".gitlab-ci.yml") || has(".gitlab")) && !has(".github") {
		places, dialect = gitLabPlaces, GitLab
	}
	at := slices.IndexFunc(places, has)
	switch {
	case at < 0:
		return "", dialect
	case places[at] == ".gitlab/CODEOWNERS":
		dialect = GitLab
	}
	return places[at], dialect
}

// Owners says who owns which files. The zero Owners knows nobody.
type Owners struct{ sections []*section }

// section is a part of a file that GitLab judges by itself. GitHub's files have
// one.
type section struct {
	name     string // in lower case
	required bool
	rules    []rule
}

type rule struct {
	pattern  pattern
	owners   []string
	excludes bool // the section has no say about what matches
}

// Of lists the owners of a file as they are written, for example @acme/payments:
// those of the last rule that matches, for GitLab in each section. Owners of an
// optional section are left out, for nobody has to ask them.
func (o *Owners) Of(path string) []string {
	var all []string
	names := strings.Split(path, "/")
	for _, s := range o.sections {
		if s.required {
			all = append(all, s.of(names)...)
		}
	}
	return unique(all)
}

func (s *section) of(names []string) []string {
	if slices.ContainsFunc(s.rules, func(r rule) bool { return r.excludes && r.pattern.matches(names) }) {
		return nil
	}
	for _, r := range slices.Backward(s.rules) {
		if r.pattern.matches(names) {
			return r.owners
		}
	}
	return nil
}

func unique(all []string) []string {
	var once []string
	for _, owner := range all {
		if !slices.Contains(once, owner) {
			once = append(once, owner)
		}
	}
	return once
}

// The limits keep a hostile file from costing more than honest ones do. GitHub
// itself does not load a file of 3 MB.
const (
	maxSize  = 3_000_000
	maxRules = 10_000
)

// Parse reads a file. What is wrong in it is a gap at its line, for GitHub and
// GitLab pass over such lines: whom they were to name is not asked.
func Parse(src *lint.Source, dialect Dialect) (*Owners, []lint.Gap) {
	r := &reader{src: src, dialect: dialect, section: &section{required: true}}
	r.owners.sections = []*section{r.section}
	if len(src.Data) >= maxSize {
		return &Owners{}, []lint.Gap{{Location: lint.Location{Path: src.Path}, Message: "code owners are not known: the file is larger than 3 MB, which GitHub does not load either"}}
	}
	for n := 1; n <= src.Lines(); n++ {
		if r.line(n); r.rules > maxRules {
			message := fmt.Sprintf("code owners are not known: the file has more than %d rules; use wildcards", maxRules)
			return &Owners{}, []lint.Gap{{Location: lint.Location{Path: src.Path}, Message: message}}
		}
	}
	return &r.owners, r.gaps
}

// reader is the state of one Parse.
type reader struct {
	src      *lint.Source
	dialect  Dialect
	owners   Owners
	section  *section // that the next rule belongs to
	defaults []string // owners of its rules that name none
	rules    int
	gaps     []lint.Gap
}

func (r *reader) line(n int) {
	line := r.src.Line(n)
	if n == 1 {
		line = bytes.TrimPrefix(line, []byte("\ufeff"))
	}
	text := strings.TrimSpace(string(line))
	switch {
	case text == "" || text[0] == '#':
	case r.dialect == GitLab && (text[0] == '[' || strings.HasPrefix(text, "^[")):
		r.heading(n, text)
	default:
		r.rule(n, text)
	}
}

// report notes what is wrong with a line. It quotes nothing, for a file may hold
// what must not be shown.
func (r *reader) report(n int, problem string) {
	at := lint.Position{Line: n, Column: 1}
	end := r.src.Position(r.src.Offset(at) + len(r.src.Line(n)))
	r.gaps = append(r.gaps, lint.Gap{Location: lint.Location{Path: r.src.Path, Start: at, End: end}, Message: "code owners: " + problem})
}

func (r *reader) rule(n int, text string) {
	r.rules++
	words := words(text)
	excluded, excludes := strings.CutPrefix(words[0], "!")
	if excludes && r.dialect == GitLab {
		words = []string{excluded}
	}
	pattern, err := compile(words[0], r.dialect)
	if err != nil {
		r.report(n, err.Error()+"; the line has no effect")
		return
	}
	owners, wrong := r.read(words[1:])
	if wrong && r.dialect == GitHub {
		r.report(n, "an owner is neither @user, @organisation/team nor an address; the line has no effect")
		return
	}
	if wrong {
		r.report(n, "an owner is neither @user, @group nor an address; it is not asked")
	}
	if len(owners) == 0 {
		owners = r.defaults
	}
	r.section.rules = append(r.section.rules, rule{pattern, owners, excludes && r.dialect == GitLab})
}

// words splits at blanks that have no backslash before them.
func words(text string) []string {
	var all []string
	begin := -1
	for i := 0; i < len(text); i++ {
		blank := text[i] == ' ' || text[i] == '\t'
		switch {
		case blank && begin >= 0:
			all, begin = append(all, text[begin:i]), -1
		case !blank && begin < 0:
			begin = i
		}
		if text[i] == '\\' {
			i++
		}
	}
	if begin >= 0 {
		all = append(all, text[begin:])
	}
	return all
}

// read takes the owners out of the words behind a pattern. GitHub knows comments
// there; GitLab takes the words of one for owners too.
func (r *reader) read(words []string) (owners []string, wrong bool) {
	for _, word := range words {
		if word[0] == '#' && r.dialect == GitHub {
			break
		}
		if isOwner(word, r.dialect) {
			owners = append(owners, word)
		} else {
			wrong = true
		}
	}
	return owners, wrong
}

// isOwner accepts @user, @organisation/team, an address, and for GitLab nested
// groups and roles: @@maintainer.
func isOwner(word string, dialect Dialect) bool {
	name, host, found := strings.Cut(word, "@")
	switch {
	case !found || host == "":
		return false
	case name != "": // an address
		return isName(host)
	case dialect == GitLab && host[0] == '@':
		return isName(host[1:])
	}
	parts := strings.Split(host, "/")
	return (len(parts) <= 2 || dialect == GitLab) && !slices.ContainsFunc(parts, func(part string) bool { return !isName(part) })
}

func isName(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && !strings.ContainsRune("-_.", c)
	})
}
