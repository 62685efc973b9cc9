package reports

import (
	"cmp"
	"fmt"
	"io"
	"strings"
)

// GitLab's Secret Detection report. Its field for the source code is left out: GitLab
// stores what stands there as it is.

const (
	gitLabSchema = "15.2.1"
	noCommit     = "0000000" // what GitLab's own analyzer writes outside of git
)

type secretReport struct {
	Version         string          `json:"version"`
	Schema          string          `json:"schema"`
	Scan            secretScan      `json:"scan"`
	Vulnerabilities []secretFinding `json:"vulnerabilities"`
}

type secretScan struct {
	Analyzer secretTool      `json:"analyzer"`
	Scanner  secretTool      `json:"scanner"`
	Type     string          `json:"type"`
	Start    string          `json:"start_time"`
	End      string          `json:"end_time"`
	Status   string          `json:"status"` // success or failure
	Messages []secretMessage `json:"messages,omitempty"`
}

type secretTool struct {
	ID      string       `json:"id"`
	Name    string       `json:"name"`
	URL     string       `json:"url"`
	Version string       `json:"version"`
	Vendor  secretVendor `json:"vendor"`
}

type secretVendor struct {
	Name string `json:"name"`
}

type secretMessage struct {
	Level string `json:"level"` // info, warn or fatal
	Value string `json:"value"`
}

type secretFinding struct {
	ID          string             `json:"id"`
	Category    string             `json:"category"`
	Name        string             `json:"name"` // of the rule: it may not tell one finding from another
	Description string             `json:"description"`
	Severity    string             `json:"severity"`
	Solution    string             `json:"solution,omitempty"`
	Identifiers []secretIdentifier `json:"identifiers"`
	Location    secretLocation     `json:"location"`
}

type secretIdentifier struct {
	Type  string `json:"type"`
	Name  string `json:"name"`
	Value string `json:"value"`
	URL   string `json:"url,omitempty"`
}

type secretLocation struct {
	File   string       `json:"file"`
	Start  int          `json:"start_line,omitempty"`
	End    int          `json:"end_line,omitempty"`
	Commit secretCommit `json:"commit"`
}

type secretCommit struct {
	SHA    string `json:"sha"`
	Author string `json:"author,omitempty"`
	Date   string `json:"date,omitempty"`
}

// writeSecretDetection writes the credentials that were found, and nothing else.
func writeSecretDetection(w io.Writer, r *jsonReport) error {
	tool := secretTool{ID: toolName, Name: toolName, URL: information, Version: cmp.Or(r.Tool.Version, "unknown"), Vendor: secretVendor{toolName}}
	// The day stands for the time: the same run gives the same bytes.
	at := cmp.Or(r.AsOf, "1970-01-01") + "T00:00:00"
	report := secretReport{
		Version: gitLabSchema,
		Schema:  "https://gitlab.com/gitlab-org/security-products/security-report-schemas/-/raw/v" + gitLabSchema + "/dist/secret-detection-report-format.json",
		Scan:    secretScan{Analyzer: tool, Scanner: tool, Type: "secret_detection", Start: at, End: at, Status: "success"},

		Vulnerabilities: []secretFinding{},
	}
	for _, failure := range r.NotChecked.Failures {
		report.Scan.Status = "failure"
		report.Scan.Messages = append(report.Scan.Messages, secretMessage{"fatal", strings.TrimSpace("could not check "+failure.Path) + ": " + failure.Message})
	}
	var found []jsonFinding
	for _, f := range r.open() {
		if r.rule(f.Rule).PointsAtSecret() {
			found = append(found, f)
		}
	}
	ids := identities(found)
	for i := range found {
		report.Vulnerabilities = append(report.Vulnerabilities, r.secret(&found[i], ids[i]))
	}
	return encode(w, report)
}

func (r *jsonReport) secret(f *jsonFinding, id string) secretFinding {
	rule := r.rule(f.Rule)
	out := secretFinding{
		ID: uuid(id), Category: "secret_detection", Name: shorten(rule.Title, maxSentence),
		Description: strings.TrimSpace(sentence(f.Message, maxMessage) + " " + rule.Description), Severity: strings.ToUpper(rule.Severity.String()[:1]) + rule.Severity.String()[1:],
		Solution:    shorten(rule.Fix, 7000),
		Identifiers: []secretIdentifier{{Type: "policyctl_rule_id", Name: "policyctl rule " + rule.ID, Value: rule.ID}},
		Location:    secretLocation{f.Location.Path, f.Location.Start.Line, f.Location.End.Line, r.broughtBy(f)},
	}
	for _, cwe := range rule.CWE {
		out.Identifiers = append(out.Identifiers, secretIdentifier{"cwe", weakness(cwe), fmt.Sprint(cwe), weaknessURL(cwe)})
	}
	return out
}

// broughtBy names the commit of a finding, or the one that was checked out.
func (r *jsonReport) broughtBy(f *jsonFinding) secretCommit {
	if c := f.Commit; c != nil {
		return secretCommit{SHA: c.Hash, Author: c.Author, Date: c.Time.UTC().Format("2006-01-02T15:04:05")}
	}
	return secretCommit{SHA: cmp.Or(f.Location.Commit, r.Commit, noCommit)}
}

// uuid writes the 16 bytes of a fingerprint as GitLab wants identities.
func uuid(id string) string {
	id = (id + strings.Repeat("0", 32))[:32]
	return strings.Join([]string{id[:8], id[8:12], id[12:16], id[16:20], id[20:]}, "-")
}
