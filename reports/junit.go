package reports

import (
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/gate"
	"github.com/policyctl/policyctl/internal/lint"
)

// JUnit's XML as CI servers read it: a suite for each kind of rule, a case for each
// finding, and one that passed for each rule that found nothing.

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	File    string        `xml:"file,attr,omitempty"`
	Line    int           `xml:"line,attr,omitempty"`
	Failure *junitProblem `xml:"failure"`
	Error   *junitProblem `xml:"error"`
	Skipped *junitProblem `xml:"skipped"`
}

type junitProblem struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

func (s *junitSuite) add(c junitCase) {
	s.Cases = append(s.Cases, c)
	s.Tests++
	switch {
	case c.Failure != nil:
		s.Failures++
	case c.Error != nil:
		s.Errors++
	case c.Skipped != nil:
		s.Skipped++
	}
}

// writeJUnit has findings that block fail, and others skipped with the reason: a test
// that passed would say that nothing is there.
func writeJUnit(w io.Writer, r *jsonReport) error {
	suites := map[string]*junitSuite{}
	var kinds []string
	suite := func(kind string) *junitSuite {
		if suites[kind] == nil {
			suites[kind] = &junitSuite{Name: toolName + " " + kind}
			kinds = append(kinds, kind)
		}
		return suites[kind]
	}
	for _, failure := range r.NotChecked.Failures {
		name := strings.TrimSpace("could not check " + failure.Path)
		suite("run").add(junitCase{Class: notifyFailure, Name: name, File: failure.Path, Error: &junitProblem{Message: failure.Message, Type: notifyFailure}})
	}
	found := map[string]bool{}
	for i := range r.Findings {
		f := &r.Findings[i]
		found[f.Rule] = true
		suite(f.Kind).add(r.junit(f))
	}
	for _, rule := range r.Rules {
		if !found[rule.ID] {
			suite(rule.Kind()).add(junitCase{Class: rule.ID, Name: rule.Title})
		}
	}
	slices.Sort(kinds)
	all := junitSuites{Name: toolName}
	for _, kind := range kinds {
		s := suites[kind]
		all.Tests, all.Failures, all.Errors = all.Tests+s.Tests, all.Failures+s.Failures, all.Errors+s.Errors
		all.Suites = append(all.Suites, *s)
	}
	return encodeXML(w, all)
}

func (r *jsonReport) junit(f *jsonFinding) junitCase {
	c := junitCase{Class: f.Rule, Name: f.Message + " at " + placeOf(f.Location), File: f.Location.Path, Line: f.Location.Start.Line}
	if f.Status == gate.Blocking {
		c.Failure = &junitProblem{Message: f.Message, Type: f.Severity.String(), Text: fmt.Sprintf("%s: %s: %s\n%s", placeOf(f.Location), f.Severity, f.sentence(), r.more(f))}
	} else {
		c.Skipped = &junitProblem{Message: fmt.Sprintf("%s: %s", f.Status, f.Reason)}
	}
	return c
}

// placeOf writes a place of the report.
func placeOf(at lint.Location) string { return Plain(at.String()) }

// encodeXML writes a document. What XML cannot hold is replaced by the encoder.
func encodeXML(w io.Writer, value any) error {
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", "  ")
	if err := encoder.Encode(value); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}
