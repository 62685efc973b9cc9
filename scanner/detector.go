package scanner

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp/syntax"
	"slices"
	"strings"

	yamlv3 "gopkg.in/yaml.v3"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
)

// Detector is a rule that finds a credential by its text.
type Detector struct {
	ID       string   `yaml:"id"`
	Title    string   `yaml:"title"`
	Severity string   `yaml:"severity"`
	Fix      string   `yaml:"fix"`
	Keywords []string `yaml:"keywords"` // one of them must occur in the file, in any case; may be left out if path is set
	Path     string   `yaml:"path"`     // the path of the file must match, if set
	Regex    string   `yaml:"regex"`
	Group    int      `yaml:"group"`  // which group of the regex is the value; 0 is all of it
	Judged   bool     `yaml:"judged"` // the judge decides on what the pattern finds; without a pattern it finds it, too
	Aliases  []string `yaml:"aliases"`
	Entropy  float64  `yaml:"entropy"`
	Allow    string   `yaml:"allow"`  // values that are no credentials
	Match    []string `yaml:"match"`  // examples that must match
	Ignore   []string `yaml:"ignore"` // examples that must not
	In       string   `yaml:"in"`     // path of the file that the examples stand in

	file     string // and line and column
	severity lint.Severity
}

// Ours are the detectors of rules/*.yaml, without their examples. They are part
// of the program, for reading and checking them took longer than most scans.
func Ours() []Detector { return slices.Clone(ours) }

// ReadDetectors reads all *.yaml files of a folder. An unknown field is an error.
func ReadDetectors(pack fs.FS) ([]Detector, error) {
	names, err := fs.Glob(pack, "*.yaml")
	if err != nil {
		return nil, err
	}
	var all []Detector
	for _, name := range names {
		if info, err := fs.Stat(pack, name); err == nil && !info.Mode().IsRegular() {
			return nil, fmt.Errorf("%s is no regular file", name)
		}
		data, err := fs.ReadFile(pack, name)
		if err != nil {
			return nil, fmt.Errorf("read detectors: %w", err)
		}
		var detectors []Detector
		decoder := yamlv3.NewDecoder(bytes.NewReader(data))
		decoder.KnownFields(true)
		if err := decoder.Decode(&detectors); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if err := decoder.Decode(new(yamlv3.Node)); !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("%s: want one document: remove the line \"---\" between the detectors", name)
		}
		for _, d := range detectors {
			d.file = place(name, data, d.ID)
			if err := d.check(); err != nil {
				return nil, err
			}
			all = append(all, d)
		}
	}
	return all, nil
}

func (d *Detector) check() error {
	for what, value := range map[string]string{"id": d.ID, "title": d.Title, "fix": d.Fix, "regex": d.Regex} {
		if value == "" && (what != "regex" || !d.Judged) {
			return d.wrong("lacks %s", what)
		}
	}
	if len(d.Keywords) == 0 && d.Path == "" && !d.Judged || len(d.Match) == 0 || len(d.Ignore) == 0 {
		return d.wrong("needs keywords, and examples under match and ignore")
	}
	var err error
	if d.severity, err = lint.ParseSeverity(d.Severity); err != nil {
		return d.wrong("%w", err)
	}
	for _, p := range []struct{ what, text string }{{"regex", d.Regex}, {"path", d.Path}, {"allow", d.Allow}} {
		if _, err := syntax.Parse(p.text, syntax.Perl); err != nil {
			return d.wrong("%s: %w", p.what, err)
		}
	}
	if n := groupsOf(d.Regex); d.Group > n {
		return d.wrong("group is %d, and the regex has %d", d.Group, n)
	}
	return nil
}

// wrong is an error about a detector, with the place of its id.
func (d *Detector) wrong(format string, args ...any) error {
	return fmt.Errorf("%s: detector %q: %w", d.file, d.ID, fmt.Errorf(format, args...))
}

// place is where a detector begins in its file.
func place(name string, data []byte, id string) string {
	i := bytes.Index(data, []byte("id: "+id+"\n"))
	if i < 0 {
		return name
	}
	at := (&lint.Source{Data: data}).Position(i)
	return fmt.Sprintf("%s:%d:%d", name, at.Line, at.Column)
}

func (d *Detector) rule() *lint.Rule {
	return &lint.Rule{
		ID: Kind + "/" + d.ID, Title: d.Title, Severity: d.severity, Tier: lint.Default, Fix: d.Fix,
		Description: "A credential in plain text is known to everybody who can read the repository, and stays in its history after it is removed.",
		Tags:        []string{"credential"}, CWE: []int{798}, Aliases: d.aliases(),
	}
}

func (d *Detector) aliases() []string {
	var aliases []string
	for _, id := range d.Aliases {
		aliases = append(aliases, Kind+"/"+id)
	}
	return aliases
}

// pattern is what the engine runs.
func (d *Detector) pattern() rule {
	r := rule{id: d.ID, regex: d.Regex, path: d.Path, group: d.Group, entropy: d.Entropy, judged: d.Judged}
	if d.Allow != "" {
		r.allow = []allowance{{regexes: []string{d.Allow}}}
	}
	for _, keyword := range d.Keywords {
		r.keywords = append(r.keywords, strings.ToLower(keyword))
	}
	return r
}

// groupsOf counts the groups of a pattern that compiles.
func groupsOf(pattern string) int {
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return 0
	}
	return re.MaxCap()
}

// formless are the detectors of gitleaks that know a credential by its
// surroundings only. A policy that knows what the value is for says more.
var formless = []string{genericID, "curl-auth-user", "curl-auth-header", "kubernetes-secret-yaml", "hashicorp-tf-password"}

// describe makes the rule of a detector that gitleaks brings: its name is all
// that is taken over. An id of gitleaks may be any text, and must not lead out of the kind.
func describe(id string) *lint.Rule {
	severity := lint.Critical
	if slices.Contains(formless, id) {
		severity = lint.High
	}
	return &lint.Rule{
		ID: Kind + "/" + strings.Trim(noID().ReplaceAllString(id, "-"), "-."), Title: titleOf(id), Severity: severity, Tier: lint.Default,
		Description: "A credential in plain text is known to everybody who can read the repository, and stays in its history after it is removed.",
		Fix:         "Revoke the credential where it was issued, then let the program read its successor from a secret store.",
		Tags:        []string{"credential"}, CWE: []int{798},
	}
}

// noID is what the ID of a rule cannot hold.
var noID = regex.Lazy(`[^A-Za-z0-9_.-]+`)

// titleOf makes a title of the name of a detector.
func titleOf(id string) string {
	switch id {
	case genericID:
		return "Credential of no known format"
	case "private-key":
		return "Private key"
	}
	return "Credential (" + strings.ReplaceAll(id, "-", " ") + ")"
}
