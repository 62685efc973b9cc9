package gate

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/lint"
)

const soundWaiver = `waivers:
  - rule: kubernetes/privileged-container
    path: deploy/*.yaml
    subject: Deployment/default/web
    owner: "@acme/platform"
    reason: moves to another cluster
    until: 2027-01-31
`

func readWaivers(text string) ([]Waiver, []lint.Finding, error) {
	return ReadWaivers(&lint.Source{Path: "w.yaml", Data: []byte(text)}, allRules)
}

func TestReadWaivers(t *testing.T) {
	got, findings, err := readWaivers(soundWaiver)
	if err != nil || len(findings) > 0 {
		t.Fatalf("findings %v, error %v", findings, err)
	}
	want := []Waiver{{Rule: privileged.ID, Path: "deploy/*.yaml", Subject: "Deployment/default/web", Owner: "@acme/platform",
		Reason: "moves to another cluster", Until: nextYear,
		Location: lint.Location{Path: "w.yaml", Start: lint.Position{Line: 2, Column: 5}, End: lint.Position{Line: 2, Column: 9}}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestReadWaiversThatNameWhatIsNew(t *testing.T) {
	const name = "0123456789abcdef0123456789abcdef"
	got, findings, err := readWaivers(soundWaiver + "    fingerprint: " + name + "\n    new: allow\n")
	if err != nil || len(findings) > 0 || len(got) != 1 || got[0].Fingerprint != name || !got[0].New {
		t.Errorf("%+v, %v, %v", got, findings, err)
	}
}

func TestReadWaiversFindsWhatIsWrong(t *testing.T) {
	without := func(key string) string {
		var kept []string
		for line := range strings.Lines(soundWaiver) {
			if !strings.Contains(line, key+":") {
				kept = append(kept, line)
			}
		}
		return strings.Join(kept, "")
	}
	with := func(old, new string) string { return strings.Replace(soundWaiver, old, new, 1) }
	tests := []struct {
		name, text string
		want       []string
	}{
		{"an empty file", "", nil},
		{"an empty list", "waivers:\n", nil},
		{"no list", "waivers: none\n", []string{`w.yaml:1:1: want a list under "waivers"`}},
		{"no object", "- a\n", []string{`w.yaml:1:1: want an object with the key "waivers"`}},
		{"a misspelt key above", "waiver: []\n", []string{`w.yaml:1:1: unknown key "waiver", did you mean "waivers"?`}},
		{"a second document", soundWaiver + "---\nwaivers: []\n", []string{`w.yaml:9:1: only the first document is read, move its waivers there`}},
		{"a waiver that is a text", "waivers:\n  - a\n", []string{`w.yaml:2:5: a waiver is an object with the keys rule, path, owner, reason and until`}},
		{"no rule", with("rule: kubernetes/privileged-container\n    path", "path"), []string{`w.yaml:2:5: the waiver has no "rule"`}},
		{"no path", without("path"), []string{`w.yaml:2:5: the waiver has no "path"`}},
		{"no owner", without("owner"), []string{`w.yaml:2:5: the waiver has no "owner"`}},
		{"no reason", without("reason"), []string{`w.yaml:2:5: the waiver has no "reason"`}},
		{"no date", without("until"), []string{`w.yaml:2:5: the waiver has no "until"`}},
		{"an empty owner", with(`"@acme/platform"`, `" "`), []string{`w.yaml:5:5: "owner" must be a text that is not empty`}},
		{"an empty subject", with(`Deployment/default/web`, ``), []string{`w.yaml:4:5: "subject" must be a text that is not empty`}},
		{"a number for a reason", with(`moves to another cluster`, `1234567890123`), []string{`w.yaml:6:5: "reason" must be a text that is not empty`}},
		{"a short reason", with(`moves to another cluster`, `because`), []string{`w.yaml:6:13: the reason is shorter than 10 characters, say why the finding may stay`}},
		{"no day", with(`2027-01-31`, `2027-02-30`), []string{`w.yaml:7:12: until is no date, want one such as 2027-01-31`}},
		{"no fingerprint", soundWaiver + "    fingerprint: 9F\n", []string{`w.yaml:8:18: this is no fingerprint, want the 32 digits that reports give`}},
		{"another word than allow", soundWaiver + "    new: maybe\n", []string{`w.yaml:8:10: new says whether the waiver holds for what a change brings: write allow, or leave it out`}},
		{"a misspelt key", with("until:", "untill:"), []string{`w.yaml:2:5: the waiver has no "until"`, `w.yaml:7:5: unknown key "untill", did you mean "until"?`}},
		{"a misspelt rule", with("privileged-container", "privileged-container2"),
			[]string{`w.yaml:2:11: there is no rule "kubernetes/privileged-container2", did you mean "kubernetes/privileged-container"?`}},
		{"a rule without its kind", with("kubernetes/privileged-container", "root-user"),
			[]string{`w.yaml:2:11: there is no rule "root-user", did you mean "kubernetes/root-user"?`}},
		{"a former name of a rule", with("kubernetes/privileged-container", "kubernetes/privileged"), nil},
		{"a rule of policyctl", with("kubernetes/privileged-container", "policyctl/syntax-error"), nil},
		{"a rule about waivers", with("kubernetes/privileged-container", "policyctl/expired-waiver"),
			[]string{`w.yaml:2:11: "policyctl/expired-waiver" cannot be waived, mend the waiver it is about`}},
		{"a malformed pattern", with("deploy/*.yaml", `"deploy/["`), []string{`w.yaml:3:11: "deploy/[" is no pattern for paths`}},
		{"an absolute path", with("deploy/*.yaml", `/deploy/*`),
			[]string{`w.yaml:3:11: "/deploy/*" never matches: paths begin at the root of the repository, without / or ./ in front`}},
		{"a path with a dot", with("deploy/*.yaml", `./deploy/*`),
			[]string{`w.yaml:3:11: "./deploy/*" never matches: paths begin at the root of the repository, without / or ./ in front`}},
		{"a folder", with("deploy/*.yaml", `deploy/`), []string{`w.yaml:3:11: "deploy/" is a folder and matches no file, write "deploy/**"`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			waivers, findings, err := readWaivers(test.text)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range lint.Identify(findings) {
				got = append(got, f.Location.String()+": "+f.Message)
				if f.Rule != lint.InvalidWaiver || f.Anchor == "" && f.Location.Start.Line > 1 {
					t.Errorf("finding %+v", f)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if len(findings) > 0 && len(waivers) > 0 && test.name != "a second document" {
				t.Errorf("it waives all the same: %+v", waivers)
			}
		})
	}
}

func TestReadWaiversThatAreNoYAML(t *testing.T) {
	for _, text := range []string{"waivers: [\n", "waivers: []\nwaivers: []\n"} {
		if _, _, err := readWaivers(text); err == nil || !strings.HasPrefix(err.Error(), "w.yaml:") {
			t.Errorf("%q: got the error %v", text, err)
		}
	}
}

// A waiver that is read is complete, and all places lie within the file.
func FuzzReadWaivers(f *testing.F) {
	f.Add(soundWaiver)
	f.Add("waivers: [{rule: a, path: '**', until: 1}]")
	f.Fuzz(func(t *testing.T, text string) {
		src := &lint.Source{Path: "w.yaml", Data: []byte(text)}
		waivers, findings, _ := ReadWaivers(src, allRules)
		for _, w := range waivers {
			if w.Rule == "" || w.Path == "" || w.Owner == "" || len(w.Reason) < minReason || w.Until.IsZero() && !strings.Contains(text, "0001") {
				t.Errorf("incomplete: %+v", w)
			}
		}
		for _, finding := range findings {
			if line := finding.Location.Start.Line; line < 1 || line > src.Lines() {
				t.Errorf("%s lies outside of the file", finding.Location)
			}
		}
	})
}
