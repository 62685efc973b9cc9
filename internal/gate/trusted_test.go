package gate

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/lint"
)

// Where the change is not trusted, a waiver holds for what the base has, and for what it
// names so narrowly that it can have meant nothing else.
func TestWaiversOfWhatAChangeBrings(t *testing.T) {
	waiver := func(with func(*Waiver)) []Waiver {
		w := Waiver{Rule: privileged.ID, Path: "deploy/*.yaml", Owner: "@acme/pay", Reason: "the node is ours alone", Until: nextYear}
		with(&w)
		return []Waiver{w}
	}
	plain := waiver(func(*Waiver) {})
	name := lint.Identify([]lint.Finding{at(privileged, 1)})[0].Fingerprint
	secret := lint.Identify([]lint.Finding{tagged("12ab", 1)})[0].Fingerprint
	base := func(findings ...lint.Finding) *Baseline { return NewBaseline(findings, nil) }
	other := at(privileged, 2)
	other.Anchor, other.Subject = "Deployment/default/pay", "pay"
	unnamed := at(lint.SyntaxError, 1)
	unnamed.Subject = ""
	const holds = "waived: waived until 2027-01-31 by @acme/pay: the node is ours alone"
	lapsed := func(fingerprint string) string {
		needs := "new: allow"
		if fingerprint != "" {
			needs = "fingerprint: " + fingerprint + ", or " + needs
		}
		return "blocking: the waiver of @acme/pay holds for what the base has; for this one it needs " + needs
	}
	tests := []struct {
		name    string
		gate    Gate
		finding lint.Finding
		want    string
	}{
		{"what the base has is waived", Gate{Waivers: plain, Base: base(at(privileged, 9))}, at(privileged, 1), holds},
		{"what is new is not", Gate{Waivers: plain, Base: base(other)}, at(privileged, 1), lapsed(name)},
		{"nor while nobody knows", Gate{Waivers: plain}, at(privileged, 1), lapsed(name)},
		{"but for new: allow", Gate{Waivers: waiver(func(w *Waiver) { w.New = true })}, at(privileged, 1), holds},
		{"or if it is named by its fingerprint", Gate{Waivers: waiver(func(w *Waiver) { w.Fingerprint = name })}, at(privileged, 1), holds},
		{"or by file and subject", Gate{Waivers: waiver(func(w *Waiver) { w.Path, w.Subject = "deploy/web.yaml", "web" })}, at(privileged, 1), holds},
		{"a file is not enough if the finding has a subject", Gate{Waivers: waiver(func(w *Waiver) { w.Path = "deploy/web.yaml" })}, at(privileged, 1), lapsed(name)},
		{"it is if it has none", Gate{Waivers: waiver(func(w *Waiver) { w.Rule, w.Path = lint.SyntaxError.ID, "deploy/web.yaml" })}, unnamed, holds},
		{"a subject is not enough under a pattern", Gate{Waivers: waiver(func(w *Waiver) { w.Subject = "web" })}, at(privileged, 1), lapsed(name)},
		{"file and subject are not enough for a credential", Gate{Waivers: waiver(func(w *Waiver) { w.Rule, w.Path, w.Subject = password.ID, "deploy/web.yaml", "web" })},
			tagged("12ab", 1), lapsed("")},
		{"nor is the fingerprint", Gate{Waivers: waiver(func(w *Waiver) { w.Rule, w.Fingerprint = password.ID, secret })}, tagged("12ab", 1), lapsed("")},
		{"nor if another value stands there now", Gate{Waivers: waiver(func(w *Waiver) { w.Rule, w.Fingerprint = password.ID, secret }), Base: base(tagged("34cd", 1))},
			tagged("12ab", 1), lapsed("")},
		{"it is for what the base has", Gate{Waivers: waiver(func(w *Waiver) { w.Rule, w.Fingerprint = password.ID, secret }), Base: base(tagged("12ab", 1))}, tagged("12ab", 1), holds},
		{"new: allow is for what is new", Gate{Waivers: waiver(func(w *Waiver) { w.Rule, w.Fingerprint, w.New = password.ID, secret, true })}, tagged("12ab", 1), holds},
		{"another fingerprint covers nothing", Gate{Waivers: waiver(func(w *Waiver) { w.Fingerprint = secret })}, at(privileged, 1), "blocking"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.gate.Trusted, test.gate.Later, test.gate.Now = true, true, now
			if diff := cmp.Diff([]string{test.want}, marks(judge(test.gate, test.finding))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			test.gate.Trusted = false
			if got := judge(test.gate, test.finding)[0].Status; test.want != "blocking" && got != Waived {
				t.Errorf("where the change is trusted it is %v", got)
			}
		})
	}
}

func TestEnforcement(t *testing.T) {
	credential := &lint.Rule{ID: "kubernetes/literal-password", Severity: lint.High, Tags: []string{"secret-value"}}
	soon := date("2026-12-01")
	const warned, dated = "minor: reported only, by enforcement in the settings", "minor: blocks from 2026-12-01 on, by enforce_from in the settings"
	tests := []struct {
		name    string
		enforce Enforcement
		now     time.Time
		rule    *lint.Rule
		want    string
	}{
		{"a kind that is reported only", Enforcement{"kubernetes": Never}, now, privileged, warned},
		{"another kind", Enforcement{"contract": Never}, now, privileged, "blocking"},
		{"all", Enforcement{DefaultKind: Never}, now, privileged, warned},
		{"all but one kind", Enforcement{DefaultKind: Never, "kubernetes": {}}, now, privileged, "blocking"},
		{"a rule goes before its kind", Enforcement{"kubernetes": Never, privileged.ID: {}}, now, privileged, "blocking"},
		{"by its former name too", Enforcement{"kubernetes/privileged": Never}, now, privileged, warned},
		{"of two names the stricter holds", Enforcement{"kubernetes/privileged": Never, privileged.ID: soon}, now, privileged, dated},
		{"before the day", Enforcement{"kubernetes": soon}, soon.Add(-time.Second), privileged, dated},
		{"on the day", Enforcement{"kubernetes": soon}, soon, privileged, "blocking"},
		{"without a date every day has come", Enforcement{"kubernetes": soon}, time.Time{}, privileged, "blocking"},
		{"a credential is one whoever finds it", Enforcement{"kubernetes": Never}, now, credential, "blocking"},
		{"unless credentials are reported only", Enforcement{"kubernetes": Never, "secret": soon}, now, credential, dated},
		{"or the rule is named", Enforcement{credential.ID: Never}, now, credential, warned},
		{"what could not be checked blocks", Enforcement{DefaultKind: Never}, now, lint.SyntaxError, "blocking"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff([]string{test.want}, marks(judge(Gate{Enforce: test.enforce, Now: test.now}, at(test.rule, 1)))); diff != "" {
				t.Error(diff)
			}
		})
	}
}
