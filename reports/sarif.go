package reports

import (
	"cmp"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/policyctl/policyctl/internal/gate"
	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
)

// What readers of SARIF take. GitHub keeps 5,000 results and shows the first
// sentence of a message as its title; GitLab drops a result whose message is
// longer than 1,024 characters.
const (
	maxResults       = 5000
	maxNotifications = 1000 // of each kind
	maxSentence      = 255
	maxMessage       = 1000
	maxTags          = 10
)

const (
	srcRoot     = "%SRCROOT%"
	information = "https://github.com/policyctl/policyctl"
	fingerprint = "policyctl/v1"
	taxonomy    = "CWE"
)

// The kinds of notifications: what a run says about itself.
const (
	notifyFailure = "policyctl/could-not-check"
	notifySkip    = "policyctl/skipped"
	notifyGap     = "policyctl/not-resolved"
	notifyLeftOut = "policyctl/results-left-out"
)

// writeSARIF writes for code scanning. There are neither snippets nor times in
// it: the same verdict gives the same bytes, and credentials stay in the file.
func writeSARIF(w io.Writer, r Report) error {
	if r.SARIFProfile != "" && !slices.Contains(SARIFProfiles(), r.SARIFProfile) {
		return fmt.Errorf("unknown SARIF profile %q, want one of %s", r.SARIFProfile, strings.Join(SARIFProfiles(), ", "))
	}
	s := newSARIF(r)
	return encode(w, sarifLog{
		Schema:  "https://json.schemastore.org/sarif-2.1.0.json",
		Version: "2.1.0",
		Runs:    []sarifRun{s.run()},
	})
}

type sarif struct {
	Report
	cleaner    *cleaner
	rules      []*lint.Rule
	weaknesses []int // the numbers of all CWE entries that the rules name
	hashes     *lineHasher
}

func newSARIF(r Report) *sarif {
	c := newCleaner(r)
	s := &sarif{Report: r, cleaner: c, rules: rules(r.Verdict), hashes: newLineHasher(r, c)}
	for _, rule := range s.rules {
		s.weaknesses = append(s.weaknesses, rule.CWE...)
	}
	slices.Sort(s.weaknesses)
	s.weaknesses = slices.Compact(s.weaknesses)
	return s
}

func (s *sarif) run() sarifRun {
	findings, leftOut := s.selected()
	run := sarifRun{
		Tool:               sarifTool{s.driver()},
		Invocations:        []sarifInvocation{s.invocation(leftOut)},
		OriginalURIBaseIDs: map[string]sarifArtifact{srcRoot: {Description: &sarifText{Text: "The root of the repository."}}},
		AutomationDetails:  sarifIdentity{"policyctl/"},
		Taxonomies:         s.taxonomies(),
		ColumnKind:         s.columnKind(),
		RedactionTokens:    []string{Mask},
		Results:            []sarifResult{},
	}
	for _, f := range s.cleaner.judged(findings) {
		run.Results = append(run.Results, s.result(&f))
	}
	return run
}

// columnKind says what columns count: of a saved run nobody has the files in which
// code points would be counted in another unit.
func (s *sarif) columnKind() string {
	if s.Source == nil {
		return "unicodeCodePoints"
	}
	return "utf16CodeUnits"
}

// selected gives the findings that the profile takes, and how many it leaves
// out for their number: of the least severe ones those that come last.
func (s *sarif) selected() (findings []gate.Judged, leftOut int) {
	if s.SARIFProfile == Full {
		return s.Verdict.Findings, 0
	}
	for _, f := range s.Verdict.Findings {
		if f.Status == gate.Blocking || f.Status == gate.Minor {
			findings = append(findings, f)
		}
	}
	if len(findings) <= maxResults {
		return findings, 0
	}
	leftOut = len(findings) - maxResults
	slices.SortStableFunc(findings, func(a, b gate.Judged) int {
		return cmp.Or(int(a.Status)-int(b.Status), int(b.Rule.Severity)-int(a.Rule.Severity))
	})
	findings = findings[:maxResults]
	slices.SortFunc(findings, func(a, b gate.Judged) int { return a.Compare(&b.Finding) })
	return findings, leftOut
}

var semver = regex.Lazy(`^\d+\.\d+\.\d+([-+].*)?$`)

func (s *sarif) driver() sarifDriver {
	version := strings.TrimPrefix(s.Version, "v")
	d := sarifDriver{
		Name:           "policyctl",
		FullName:       strings.TrimSpace("policyctl " + version),
		Organization:   "policyctl",
		Version:        version,
		InformationURI: information,
		Rules:          []sarifRule{},
		Notifications: []sarifRule{
			notification(notifyFailure, "Could not check", "Something kept policyctl from checking. The run is no pass.", "error"),
			notification(notifySkip, "Not checked", "A file or folder was left out.", "note"),
			notification(notifyGap, "Not resolved", "A value could not be resolved. What depends on it was not judged.", "note"),
			notification(notifyLeftOut, "Results left out", "There were more findings than code scanning takes.", "warning"),
		},
	}
	if semver().MatchString(version) {
		d.SemanticVersion = version
	}
	if len(s.weaknesses) > 0 {
		d.SupportedTaxonomies = []sarifReference{{Name: taxonomy, Index: new(int)}}
	}
	for _, rule := range s.rules {
		d.Rules = append(d.Rules, s.rule(rule))
	}
	return d
}

func notification(id, title, description, level string) sarifRule {
	text := sarifText{Text: description}
	return sarifRule{ID: id, Name: pascal(id), ShortDescription: sarifText{Text: title + "."},
		FullDescription: text, Help: &text, DefaultConfiguration: sarifConfiguration{level}}
}

func (s *sarif) rule(rule *lint.Rule) sarifRule {
	out := sarifRule{
		ID:                   rule.ID,
		Name:                 pascal(rule.ID),
		ShortDescription:     sarifText{Text: sentence(Plain(rule.Title), maxSentence)},
		FullDescription:      sarifText{Text: sentence(Plain(rule.Description), maxMessage)},
		Help:                 help(rule),
		DefaultConfiguration: sarifConfiguration{level(rule.Severity)},
		Properties:           properties(rule),
	}
	if len(rule.References) > 0 {
		out.HelpURI = rule.References[0]
	}
	for _, cwe := range rule.CWE {
		index := slices.Index(s.weaknesses, cwe)
		out.Relationships = append(out.Relationships, sarifRelationship{
			Target: sarifReference{ID: weakness(cwe), Index: &index, ToolComponent: &sarifReference{Name: taxonomy, Index: new(int)}},
			Kinds:  []string{"superset"},
		})
	}
	return out
}

// help says why a rule is there and what to do. GitHub requires the text and
// shows the Markdown.
func help(rule *lint.Rule) *sarifText {
	description, fix := Plain(rule.Description), Plain(rule.Fix)
	h := &sarifText{
		Text:     strings.TrimSpace(description + "\n\n" + fix),
		Markdown: fmt.Sprintf("**Why:** %s\n\n**Fix:** %s\n", description, fix),
	}
	for i, reference := range rule.References {
		if i == 0 {
			h.Markdown += "\n**See:**\n\n"
		}
		h.Markdown += "- <" + reference + ">\n"
	}
	return h
}

// properties are what GitHub and GitLab read a severity from. That a file could
// not be parsed is a problem, but no weakness that could be scored.
func properties(rule *lint.Rule) *sarifProperties {
	p := &sarifProperties{Precision: precision(rule.Tier), ProblemSeverity: problemSeverity(rule.Severity)}
	if rule.Kind() != "policyctl" {
		p.Tags = append(p.Tags, "security")
		p.SecuritySeverity = securitySeverity(rule.Severity)
	}
	for _, cwe := range rule.CWE {
		p.Tags = append(p.Tags, fmt.Sprintf("external/cwe/cwe-%d", cwe), weakness(cwe))
	}
	for _, tag := range rule.Tags {
		if !slices.Contains(p.Tags, tag) {
			p.Tags = append(p.Tags, tag)
		}
	}
	p.Tags = p.Tags[:min(len(p.Tags), maxTags)]
	return p
}

func precision(tier lint.Tier) string {
	switch tier {
	case lint.Default:
		return "high"
	case lint.Strict:
		return "medium"
	default:
		return "low"
	}
}

func problemSeverity(severity lint.Severity) string {
	switch {
	case severity >= lint.High:
		return "error"
	case severity == lint.Medium:
		return "warning"
	default:
		return "recommendation"
	}
}

func securitySeverity(severity lint.Severity) string {
	switch severity {
	case lint.Critical:
		return "9.5"
	case lint.High:
		return "8.0"
	case lint.Medium:
		return "5.5"
	default:
		return "3.0"
	}
}

func level(severity lint.Severity) string {
	switch {
	case severity >= lint.High:
		return "error"
	case severity == lint.Medium:
		return "warning"
	default:
		return "note"
	}
}

// pascal turns kubernetes/privileged-container into KubernetesPrivilegedContainer.
func pascal(id string) string {
	var b strings.Builder
	for _, word := range strings.FieldsFunc(id, func(r rune) bool { return strings.ContainsRune("/-_. ", r) }) {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}

func weakness(cwe int) string { return fmt.Sprintf("CWE-%d", cwe) }

func weaknessURL(cwe int) string {
	return fmt.Sprintf("https://cwe.mitre.org/data/definitions/%d.html", cwe)
}

func (s *sarif) taxonomies() []sarifTaxonomy {
	if len(s.weaknesses) == 0 {
		return nil
	}
	t := sarifTaxonomy{Name: taxonomy, Organization: "MITRE", InformationURI: "https://cwe.mitre.org/",
		ShortDescription: sarifText{Text: "The MITRE Common Weakness Enumeration."}}
	for _, cwe := range s.weaknesses {
		t.Taxa = append(t.Taxa, sarifTaxon{weakness(cwe), weaknessURL(cwe)})
	}
	return []sarifTaxonomy{t}
}

// invocation says whether the run is worth anything, and what it did not see.
func (s *sarif) invocation(leftOut int) sarifInvocation {
	coverage := s.cleaner.coverage(s.Verdict.Coverage)
	out := sarifInvocation{ExecutionSuccessful: len(coverage.Failures) == 0}
	var failed, skipped, gaps []sarifNotification
	for _, failure := range coverage.Failures {
		n := s.notify(notifyFailure, "error", "could not check: "+failure.Message, lint.Location{Path: failure.Path})
		if i := slices.IndexFunc(s.rules, func(r *lint.Rule) bool { return r.ID == failure.Rule }); i >= 0 {
			n.AssociatedRule = &sarifReference{ID: failure.Rule, Index: &i}
		}
		failed = append(failed, n)
	}
	for _, skip := range coverage.Skipped {
		skipped = append(skipped, s.notify(notifySkip, "note", "not checked: "+skip.Reason, lint.Location{Path: skip.Path}))
	}
	for _, gap := range coverage.Gaps {
		gaps = append(gaps, s.notify(notifyGap, "note", "not resolved: "+gap.Message, gap.Location))
	}
	out.ToolExecutionNotifications = slices.Concat(s.capped(failed), s.capped(skipped), s.capped(gaps))
	if leftOut > 0 {
		out.ToolExecutionNotifications = append(out.ToolExecutionNotifications, s.notify(notifyLeftOut, "warning",
			fmt.Sprintf("%s left out: code scanning takes %d results", Count(leftOut, "finding"), maxResults), lint.Location{}))
	}
	return out
}

func (s *sarif) notify(id, level, message string, at lint.Location) sarifNotification {
	n := sarifNotification{Descriptor: sarifReference{ID: id}, Level: level, Message: sarifText{Text: sentence(message, maxMessage)}}
	if at.Path == "" {
		return n
	}
	location := s.location(at)
	if at.Start.Line == 0 {
		location.PhysicalLocation.Region = nil
	}
	n.Locations = []sarifLocation{location}
	return n
}

// capped leaves out what no reader would take, and says so.
func (s *sarif) capped(all []sarifNotification) []sarifNotification {
	if len(all) <= maxNotifications {
		return all
	}
	more := fmt.Sprintf("%d more of these are left out", len(all)-maxNotifications+1)
	return append(all[:maxNotifications-1:maxNotifications-1], s.notify(all[0].Descriptor.ID, all[0].Level, more, lint.Location{}))
}

func (s *sarif) result(f *gate.Judged) sarifResult {
	location := s.location(f.Location)
	if f.Subject != "" {
		location.LogicalLocations = []sarifLogicalLocation{{f.Subject}}
	}
	message, related := s.message(f)
	index, _ := slices.BinarySearchFunc(s.rules, f.Rule.ID, func(r *lint.Rule, id string) int { return strings.Compare(r.ID, id) })
	out := sarifResult{
		RuleID:              f.Rule.ID,
		RuleIndex:           index,
		Level:               level(f.Rule.Severity),
		Message:             sarifText{Text: message},
		Locations:           []sarifLocation{location},
		RelatedLocations:    related,
		CodeFlows:           s.flow(f.Flow),
		PartialFingerprints: map[string]string{fingerprint: cmp.Or(f.Former, f.Fingerprint)},
		Fingerprints:        map[string]string{fingerprint: cmp.Or(f.Former, f.Fingerprint)},
	}
	if hash := s.hashes.of(f); hash != "" {
		out.PartialFingerprints["primaryLocationLineHash"] = hash
	}
	out.Fixes = s.fixes(f)
	out.Properties = details(f)
	if s.SARIFProfile == Full {
		s.acceptance(f, &out)
	}
	return out
}

// fixes is the change of a finding, where it is known to the letter.
func (s *sarif) fixes(f *gate.Judged) []sarifFix {
	if f.Fix == nil || f.Fix.Replacement == nil {
		return nil
	}
	return []sarifFix{{
		Description: sarifText{Text: sentence(Plain(f.Rule.Fix), maxMessage)},
		ArtifactChanges: []sarifChange{{
			ArtifactLocation: sarifArtifact{URI: uri(f.Fix.Location.Path), URIBaseID: srcRoot},
			Replacements:     []sarifReplacement{{*s.region(f.Fix.Location), sarifText{Text: *f.Fix.Replacement}}},
		}},
	}}
}

// details are what SARIF has no word for; it has one for the revision of a whole run only.
func details(f *gate.Judged) *sarifDetails {
	d := sarifDetails{BlocksFrom: day(f.From), Confidence: f.Confidence, Evidence: f.Evidence, Facts: f.Facts}
	if c := f.Commit; c != nil {
		d.Commit, d.Author, d.Time = c.Hash, c.Author, &c.Time
	}
	if d.BlocksFrom+d.Commit == "" && d.Confidence == 0 && len(d.Evidence)+len(d.Facts) == 0 {
		return nil
	}
	return &d
}

// acceptance says who accepted a result. The state has to be on all results or
// on none.
func (s *sarif) acceptance(f *gate.Judged, out *sarifResult) {
	out.BaselineState = "new"
	if f.Status == gate.Existing {
		out.BaselineState = "unchanged"
	}
	if f.Status != gate.Waived {
		return
	}
	kind := "external"
	if f.InSource {
		kind = "inSource"
	}
	out.Suppressions = []sarifSuppression{{kind, "accepted", f.Reason}}
}

// message is the finding's sentence and links to its related places, as many as
// fit.
func (s *sarif) message(f *gate.Judged) (string, []sarifLocation) {
	text := sentence(escapeLinks(f.Message), maxSentence)
	if !f.From.IsZero() {
		text += " It blocks from " + day(f.From) + " on."
	}
	var related []sarifLocation
	for i, place := range f.Related {
		location := s.location(place.Location)
		location.ID = i + 1
		label := shorten(cmp.Or(place.Message, Plain(place.Location.String())), maxSentence)
		location.Message = &sarifText{Text: sentence(escapeLinks(label), maxSentence)}
		related = append(related, location)
		link := fmt.Sprintf(" See [%s](%d).", brackets.Replace(label), location.ID)
		if utf8.RuneCountInString(text+link) <= maxMessage {
			text += link
		}
	}
	return text, related
}

// flow is the way of a secret, as one thread.
func (s *sarif) flow(steps []lint.Related) []sarifCodeFlow {
	if len(steps) == 0 {
		return nil
	}
	var thread sarifThreadFlow
	for _, step := range steps {
		location := s.location(step.Location)
		location.Message = &sarifText{Text: sentence(escapeLinks(step.Message), maxSentence)}
		thread.Locations = append(thread.Locations, sarifStep{location})
	}
	return []sarifCodeFlow{{[]sarifThreadFlow{thread}}}
}

// brackets marks what would end the text of a link.
var brackets = strings.NewReplacer(`\`, `\\`, "[", `\[`, "]", `\]`)

// escapeLinks keeps a message from linking: [0](1) may be part of a name.
func escapeLinks(s string) string { return strings.ReplaceAll(s, "](", `\](`) }

// sentence cuts a text and ends it with a full stop.
func sentence(s string, most int) string {
	s = shorten(strings.TrimSpace(s), most-1)
	if s == "" || strings.HasSuffix(s, ".") || strings.HasSuffix(s, "!") || strings.HasSuffix(s, "?") {
		return s
	}
	return s + "."
}

func (s *sarif) location(at lint.Location) sarifLocation {
	return sarifLocation{PhysicalLocation: sarifPhysicalLocation{
		ArtifactLocation: sarifArtifact{URI: uri(at.Path), URIBaseID: srcRoot},
		Region:           s.region(at),
	}}
}

// region gives all four numbers, which GitHub wants. The whole file is its
// first character, for an alert without a line is shown nowhere.
func (s *sarif) region(at lint.Location) *sarifRegion {
	if at.Start.Line == 0 {
		return &sarifRegion{1, 1, 1, 1}
	}
	if at.End.Line == 0 {
		at.End = at.Start
	}
	src := s.cleaner.source(at)
	return &sarifRegion{at.Start.Line, utf16Column(src, at.Start), at.End.Line, utf16Column(src, at.End)}
}

// utf16Column turns a column in code points into one in UTF-16 units.
func utf16Column(src *lint.Source, at lint.Position) int {
	if src == nil || at.Column < 1 {
		return max(at.Column, 1)
	}
	column, units := 1, 1
	for _, r := range string(src.Line(at.Line)) {
		if column == at.Column {
			break
		}
		column++
		units++
		if r > 0xffff {
			units++
		}
	}
	return units
}

// uri percent-encodes a path. A colon in front of the first slash would be the
// end of a scheme.
func uri(path string) string {
	parts := strings.Split(path, "/")
	for i := range parts {
		parts[i] = strings.ReplaceAll(url.PathEscape(parts[i]), ":", "%3A")
	}
	return strings.Join(parts, "/")
}
