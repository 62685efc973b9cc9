package scanner

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"regexp/syntax"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"github.com/policyctl/policyctl/internal/lint"
)

//go:generate go run ./internal/generate defaults.go

// maxExtends bounds a chain of configurations that extend each other.
const maxExtends = 5

// gitleaksRules gives the user's configuration, or gitleaks' own.
func gitleaksRules(user *Gitleaks) (ruleset, error) {
	if user == nil {
		set := ruleset{rules: slices.Clone(defaults.rules), allow: valuesOnly(defaults.allow)}
		set.rules = slices.DeleteFunc(set.rules, func(r rule) bool { return r.id == genericID }) // the judge finds more, and is wrong less often
		return set, nil
	}
	return translate(user.Path, user.Data, user.Read, 0)
}

// misgrouped is a pattern of gitleaks that means to allow three words and allows
// every value that begins with, holds or ends with one of them.
const misgrouped = "(?i)^true|false|null$"

// valuesOnly leaves of gitleaks' allow-lists what they say of values. What they
// say of paths would leave out whole files without a word: which files are read
// is decided, and accounted for, elsewhere.
func valuesOnly(lists []allowance) []allowance {
	values := allowance{}
	for _, list := range lists {
		if list.target != "" || list.all {
			continue
		}
		for _, pattern := range list.regexes {
			if pattern == misgrouped {
				pattern = "^(?i:true|false|null)$"
			}
			values.regexes = append(values.regexes, pattern)
		}
		values.words = append(values.words, list.words...)
	}
	return []allowance{values}
}

// These are the shapes of a configuration file of gitleaks. Keys are matched
// whatever their case, as gitleaks does.
type (
	tomlConfig struct {
		Title, Description, MinVersion string
		Extend                         struct {
			Path, URL     string
			UseDefault    bool
			DisabledRules []string
		}
		Rules      []tomlRule
		Allowlist  *tomlAllow
		Allowlists []tomlAllow
	}
	tomlRule struct {
		ID, Description, Regex, Path string
		SecretGroup                  int
		Entropy                      float64
		Keywords, Tags               []string
		Allowlist                    *tomlAllow
		Allowlists                   []tomlAllow
		Required                     []struct {
			ID                         string
			WithinLines, WithinColumns *int
		}
		SkipReport bool
	}
	tomlAllow struct {
		Description, Condition, RegexTarget             string
		Commits, Paths, Regexes, StopWords, TargetRules []string
	}
)

// file is a configuration that is being read.
type file struct {
	name string
	data []byte
}

// wrong is an error about a text of the file, with the place where it stands if
// it stands there as it is: best in quotes, for a pattern may be short.
func (f *file) wrong(text, format string, args ...any) error {
	place := f.name
	for _, quote := range []string{"\x27\x27\x27", "\x27", `"`, ""} {
		if i := bytes.Index(f.data, []byte(quote+text+quote)); text != "" && i >= 0 {
			at := (&lint.Source{Data: f.data}).Position(i + len(quote))
			place = fmt.Sprintf("%s:%d:%d", f.name, at.Line, at.Column)
			break
		}
	}
	return fmt.Errorf("%s: %w", place, fmt.Errorf(format, args...))
}

func translate(name string, data []byte, read func(string) ([]byte, error), depth int) (ruleset, error) {
	if depth > maxExtends {
		return ruleset{}, fmt.Errorf("%s: more than %d configurations extend each other", name, maxExtends)
	}
	f := &file{name, data}
	c, err := f.decode()
	if err != nil {
		return ruleset{}, err
	}
	set, err := f.extended(c, read, depth)
	if err != nil {
		return ruleset{}, err
	}
	if err := f.addRules(&set, c.Rules); err != nil {
		return ruleset{}, err
	}
	err = f.addAllowances(&set, c)
	return set, err
}

// decode refuses what gitleaks does not know.
func (f *file) decode() (tomlConfig, error) {
	var c tomlConfig
	decoder := toml.NewDecoder(bytes.NewReader(f.data)).DisallowUnknownFields()
	err := decoder.Decode(&c)
	var strict *toml.StrictMissingError
	var syntaxError *toml.DecodeError
	switch {
	case errors.As(err, &strict):
		line, column := strict.Errors[0].Position()
		return c, fmt.Errorf("%s:%d:%d: unknown key %q", f.name, line, column, strings.Join(strict.Errors[0].Key(), "."))
	case errors.As(err, &syntaxError):
		line, column := syntaxError.Position()
		return c, fmt.Errorf("%s:%d:%d: %w", f.name, line, column, err)
	case err != nil:
		return c, fmt.Errorf("%s: %w", f.name, err)
	}
	return c, nil
}

// extended reads the configuration that another extends; it is empty if there is
// none.
func (f *file) extended(c tomlConfig, read func(string) ([]byte, error), depth int) (set ruleset, err error) {
	e := c.Extend
	switch {
	case e.UseDefault && e.Path != "":
		return set, f.wrong("[extend]", "extend.path and extend.useDefault exclude each other")
	case e.UseDefault:
		set, err = gitleaksRules(nil)
	case e.Path != "" && read == nil:
		return set, f.wrong(e.Path, "extend.path cannot be read here")
	case e.Path != "":
		data, err := read(path.Clean(e.Path))
		if err != nil {
			return set, f.wrong(e.Path, "extend.path: %w", err)
		}
		if set, err = translate(e.Path, data, read, depth+1); err != nil {
			return set, err
		}
	case e.URL != "":
		return set, f.wrong(e.URL, "extend.url is not supported: a check does not use the network")
	}
	set.rules = slices.DeleteFunc(set.rules, func(r rule) bool { return slices.Contains(e.DisabledRules, r.id) })
	return set, err
}

// addRules adds rules to those of a base. A rule that both have takes what it
// says itself, and adds up keywords and allow-lists.
func (f *file) addRules(set *ruleset, rules []tomlRule) error {
	for _, t := range rules {
		r, err := f.rule(t)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(set.rules, func(base rule) bool { return base.id == r.id })
		if i >= 0 {
			r = refine(set.rules[i], r)
		}
		if r.regex == "" && r.path == "" {
			return f.wrong(t.ID, "rule %q has neither regex nor path", t.ID)
		}
		if n := groupsOf(r.regex); r.group > n {
			return f.wrong(t.ID, "rule %q: secretGroup is %d, and the regex has %d", t.ID, r.group, n)
		}
		if i >= 0 {
			set.rules[i] = r
		} else {
			set.rules = append(set.rules, r)
		}
	}
	return f.checkRequired(set)
}

func (f *file) checkRequired(set *ruleset) error {
	for _, r := range set.rules {
		for _, need := range r.required {
			if !slices.ContainsFunc(set.rules, func(other rule) bool { return other.id == need.id }) {
				return f.wrong(r.id, "rule %q requires %q, and there is no such rule", r.id, need.id)
			}
		}
	}
	return nil
}

func (f *file) rule(t tomlRule) (rule, error) {
	r := rule{id: t.ID, regex: t.Regex, path: t.Path, group: t.SecretGroup, entropy: t.Entropy, silent: t.SkipReport}
	if strings.TrimSpace(t.ID) == "" {
		return r, f.wrong("[[rules]]", "a rule has no id")
	}
	where := fmt.Sprintf("rule %q", t.ID)
	if err := f.patterns(where, t.Regex, t.Path); err != nil {
		return r, err
	}
	for _, keyword := range t.Keywords {
		r.keywords = append(r.keywords, strings.ToLower(keyword))
	}
	if t.Allowlist != nil {
		t.Allowlists = append(t.Allowlists, *t.Allowlist)
	}
	for _, list := range t.Allowlists {
		a, err := f.allowance(where, list)
		if err != nil {
			return r, err
		}
		r.allow = append(r.allow, a)
	}
	for _, need := range t.Required {
		r.required = append(r.required, required{need.ID, distance(need.WithinLines), distance(need.WithinColumns)})
	}
	return r, nil
}

func distance(n *int) int {
	if n == nil {
		return -1
	}
	return *n
}

func refine(r, own rule) rule {
	if own.regex != "" {
		r.regex = own.regex
	}
	if own.path != "" {
		r.path = own.path
	}
	if own.group != 0 {
		r.group = own.group
	}
	if own.entropy != 0 {
		r.entropy = own.entropy
	}
	r.keywords = slices.Concat(r.keywords, own.keywords)
	r.allow = slices.Concat(r.allow, own.allow)
	r.required = slices.Concat(r.required, own.required)
	r.silent = r.silent || own.silent
	return r
}

func (f *file) addAllowances(set *ruleset, c tomlConfig) error {
	if c.Allowlist != nil {
		c.Allowlists = append(c.Allowlists, *c.Allowlist)
	}
	for _, list := range c.Allowlists {
		a, err := f.allowance("allowlist", list)
		if err != nil {
			return err
		}
		if len(list.TargetRules) == 0 {
			set.allow = append(set.allow, a)
		}
		for _, id := range list.TargetRules {
			i := slices.IndexFunc(set.rules, func(r rule) bool { return r.id == id })
			if i < 0 {
				return f.wrong(id, "allowlist: there is no rule %q", id)
			}
			set.rules[i].allow = append(slices.Clone(set.rules[i].allow), a)
		}
	}
	return nil
}

func (f *file) allowance(where string, list tomlAllow) (allowance, error) {
	a := allowance{target: list.RegexTarget, paths: list.Paths, regexes: list.Regexes}
	switch strings.ToUpper(list.Condition) {
	case "AND", "&&":
		a.all = true
	case "", "OR", "||":
	default:
		return a, f.wrong(list.Condition, "%s: unknown condition %q, want one of AND, OR", where, list.Condition)
	}
	switch a.target {
	case "secret":
		a.target = ""
	case "", "match", "line":
	default:
		return a, f.wrong(a.target, "%s: unknown regexTarget %q, want one of secret, match, line", where, a.target)
	}
	for _, commit := range list.Commits {
		a.commits = append(a.commits, strings.ToLower(strings.TrimSpace(commit)))
	}
	for _, word := range list.StopWords {
		if word != "" {
			a.words = append(a.words, strings.ToLower(word))
		}
	}
	if len(a.paths)+len(a.regexes)+len(a.commits)+len(a.words) == 0 {
		return a, f.wrong("allowlist", "%s: an allowlist names nothing: want one of commits, paths, regexes, stopwords", where)
	}
	return a, f.patterns(where, slices.Concat(list.Regexes, list.Paths)...)
}

// patterns says why one is none, but not the part of it that RE2 would quote: an allowance
// may hold the credential that it allows.
func (f *file) patterns(where string, patterns ...string) error {
	for _, pattern := range patterns {
		_, err := syntax.Parse(pattern, syntax.Perl)
		var wrong *syntax.Error
		if errors.As(err, &wrong) {
			return f.wrong(pattern, "%s: not a valid RE2 expression: %s", where, wrong.Code)
		}
	}
	return nil
}
