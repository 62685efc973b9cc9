package lint

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Rule is anything that can be broken. A policy and a credential detector are
// two ways to declare one.
type Rule struct {
	ID          string   `json:"id"` // kind/name, for example kubernetes/privileged-container
	Title       string   `json:"title"`
	Description string   `json:"description"`
	Fix         string   `json:"fix"`
	Severity    Severity `json:"severity"`
	Tier        Tier     `json:"tier"`
	Tags        []string `json:"tags,omitempty"`
	CWE         []int    `json:"cwe,omitempty"`
	Aliases     []string `json:"aliases,omitempty"`    // former IDs; waivers keep working
	References  []string `json:"references,omitempty"` // URLs
}

// Kind is the first part of the ID: the platform that a rule judges, "secret"
// for credentials, "policyctl" for what could not be checked.
func (r *Rule) Kind() string {
	kind, _, _ := strings.Cut(r.ID, "/")
	return kind
}

// Named says whether name is the rule's ID or one of its former ones.
func (r *Rule) Named(name string) bool { return r.ID == name || slices.Contains(r.Aliases, name) }

// PointsAtSecret says whether the place of the rule's findings is the value of a
// credential. Policies say so with the tag secret-value; then the value is masked
// wherever it would be shown, and the threshold is that for credentials.
func (r *Rule) PointsAtSecret() bool {
	return r.Kind() == "secret" || slices.Contains(r.Tags, "secret-value")
}

// ByClock says whether findings of the rule can come with time alone, though
// nobody changes anything. Policies say so with the tag clock.
func (r *Rule) ByClock() bool { return slices.Contains(r.Tags, "clock") }

// Mask stands where a credential was taken out.
const Mask = "[REDACTED]"

// Redactor takes values out of texts, the longest first: one may be part of
// another.
func Redactor(values []string) *strings.Replacer {
	values = slices.Clone(values)
	slices.SortFunc(values, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	var pairs []string
	for _, value := range slices.Compact(values) {
		pairs = append(pairs, value, Mask)
	}
	return strings.NewReplacer(pairs...)
}

// Finding is one place where a rule is broken. No part of it holds the value of
// a credential.
type Finding struct {
	Rule     *Rule
	Location Location
	Message  string   // one sentence that names the thing and what is wrong with it
	Subject  string   // logical name, for example aws_s3_bucket.logs
	Instance string   // which one of several that the same text makes, for example aws_s3_bucket.logs["a"]; empty if it makes one
	Made     []string // all that the text makes and the finding stands for, by instance or by address in a called module; the base may lack one
	Targets  []string // what it reaches or lets in, hosts and rights for example: more than the base had is new
	Secret   SecretID // which secret it is about; no report shows it
	Related  []Related
	Flow     []Related // the way of a secret from where it is kept to the place
	Fix      *Fix

	Confidence float64  // how sure it is, from 0 to 1, for what is judged; 0 where nothing needed judging
	Evidence   []string // what speaks for it, in words
	Facts      []string // what a credential tells by itself: whether it holds, whose it is, until when

	// Unread are the first and the last line of what was not read because of what the finding
	// says; zero if that is not known, and may be all of the file.
	Unread [2]int

	// Includer is the file whose document was judged, where that includes the one in
	// which the finding stands.
	Includer string

	// Commit brought what was found into the history; nil if that was not read.
	Commit *Commit

	// Anchor says where the finding stands without line numbers: the logical
	// path, with names in place of indices. It is what the fingerprint is made of.
	Anchor      string
	Fingerprint string // set by Identify

	// Tag tells, within one baseline, whether a credential is still the same
	// one. It is salted, slow and too short to confirm a guess; it never leaves
	// the baseline.
	Tag string
}

// Commit says who changed a repository, and when.
type Commit struct {
	Hash   string    `json:"hash"`
	Author string    `json:"author"` // name and address, as git has them
	Time   time.Time `json:"time"`   // when the author made the change
}

// Related is a second place of a finding.
type Related struct {
	Message  string   `json:"message"`
	Location Location `json:"location"`
}

// Fix is an exact change that a policy proposes.
type Fix struct {
	Op       string   `json:"op"`            // add, remove, replace or move
	Key      string   `json:"key,omitempty"` // what is changed, in the words of the file
	Location Location `json:"location"`
	Value    any      `json:"value,omitempty"`

	// Replacement is the text that is to stand at Location, where it is known to the
	// letter; nil where it is not.
	Replacement *string `json:"replacement,omitempty"`

	// Of is the Sum of the file as the change was made for; empty in a saved report.
	Of string `json:"-"`
}

// Gap is something that policyctl could not resolve. It is no finding: the file
// is sound, but what depends on the gap was not judged.
type Gap struct {
	Location Location `json:"location"`
	Message  string   `json:"message"`

	// Cut says that a limit hides the rest of a text: whoever fills it up could hide
	// everything behind it, so that it counts as not checked.
	Cut bool `json:"-"`
}

// Compare is a total order over findings: place first, so that a report reads
// like the files do.
func (f *Finding) Compare(g *Finding) int {
	return cmp.Or(
		f.Location.Compare(g.Location),
		strings.Compare(f.Rule.ID, g.Rule.ID),
		strings.Compare(f.Message, g.Message),
		strings.Compare(f.Subject, g.Subject),
		strings.Compare(f.Instance, g.Instance),
		strings.Compare(f.Anchor, g.Anchor),
		slices.Compare(f.Made, g.Made),
		slices.Compare(f.Targets, g.Targets),
		slices.CompareFunc(f.Related, g.Related, Related.compare),
		slices.CompareFunc(f.Flow, g.Flow, Related.compare),
	)
}

func (r Related) compare(s Related) int {
	return cmp.Or(r.Location.Compare(s.Location), strings.Compare(r.Message, s.Message))
}

// Others are the places of a finding beside its own. What takes something out of
// the messages of a finding has to go through them.
func (f *Finding) Others() [][]Related { return [][]Related{f.Related, f.Flow} }

// Redact takes credentials out of all that a finding says.
func (f *Finding) Redact(clean func(text string) string) {
	f.Message, f.Subject, f.Instance, f.Anchor = clean(f.Message), clean(f.Subject), clean(f.Instance), clean(f.Anchor)
	for i := range f.Made {
		f.Made[i] = clean(f.Made[i])
	}
	for i := range f.Targets {
		f.Targets[i] = clean(f.Targets[i])
	}
	for _, places := range f.Others() {
		for i := range places {
			places[i].Message = clean(places[i].Message)
		}
	}
}

// mostNamed is how many things are named of several.
const mostNamed = 3

// Listed names a few things, and says how many more there are.
func Listed(names []string) string {
	if more := len(names) - mostNamed; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:mostNamed], ", "), more)
	}
	last := len(names) - 1
	if last == 0 {
		return names[0]
	}
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

// Identify sorts findings, drops exact repetitions and gives each its
// fingerprint: rule, path, anchor, the commit if it comes from history, and the
// how-manieth of these it is. Neither a
// value nor a line number takes part, so a finding keeps its fingerprint when
// lines move or a credential changes.
func Identify(findings []Finding) []Finding {
	slices.SortFunc(findings, func(a, b Finding) int { return a.Compare(&b) })
	findings = slices.CompactFunc(findings, func(a, b Finding) bool { return a.Compare(&b) == 0 })
	type identity struct{ rule, path, anchor, commit string }
	seen := map[identity]int{}
	for i := range findings {
		f := &findings[i]
		id := identity{f.Rule.ID, f.Location.Path, f.Anchor, f.Location.Commit}
		seen[id]++
		parts := []string{id.rule, id.path, id.anchor, strconv.Itoa(seen[id])}
		if id.commit != "" {
			parts = append(parts, id.commit)
		}
		sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
		f.Fingerprint = hex.EncodeToString(sum[:16])
	}
	return findings
}
