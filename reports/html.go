package reports

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	_ "embed" // the page
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/contract"
	"github.com/policyctl/policyctl/internal/gate"
	"github.com/policyctl/policyctl/internal/inventory"
	"github.com/policyctl/policyctl/internal/lint"
)

// What the page shows at most. It is opened from attachments: two megabytes are enough.
const (
	mostFindings = 5000
	mostSecrets  = 1000
	mostFiles    = 20
	mostUnseen   = 200
)

var (
	//go:embed page/page.html
	pageHTML string
	//go:embed page/page.css
	pageCSS string
	//go:embed page/page.js
	pageJS string
)

// writeHTML writes one file that loads nothing and needs no script: the script only
// filters, sorts and groups what is there. Its policy lets nothing else run.
func writeHTML(w io.Writer, r Report) error {
	run := newJSONReport(r)
	p := page{
		Run: run, Summary: run.summary(), Commit: run.Commit[:min(len(run.Commit), 12)], Style: template.CSS(pageCSS), Script: template.JS(pageJS), Most: mostFindings,
		Policy: fmt.Sprintf("default-src 'none'; style-src '%s'; script-src '%s'; base-uri 'none'; form-action 'none'", hashOf(pageCSS), hashOf(pageJS)),
		Whole:  run.Secrets != nil || run.Graph != nil,
	}
	p.findings()
	p.secrets()
	p.drills()
	p.waivers()
	p.unseen()
	p.Counts = []tally{
		p.tally("By owner", "Owner", 0, func(f *jsonFinding) []string { return cmpOr(f.Owners, []string{"no owner"}) }),
		p.tally("By kind", "Kind", 0, func(f *jsonFinding) []string { return []string{f.Kind} }),
		p.tally("By file, the worst first", "File", mostFiles, func(f *jsonFinding) []string { return []string{Plain(f.Location.Path)} }),
	}
	if len(r.Earlier) > 0 {
		p.trend(r.Earlier)
	}
	p.tiles()
	if run.Graph != nil && len(run.Graph.Nodes) > 0 {
		var svg bytes.Buffer
		if err := run.Graph.WriteSVG(&svg); err != nil {
			return err
		}
		p.Drawing = template.HTML(svg.String()) // every text in it is escaped
	}
	t, err := template.New("page").Parse(pageHTML)
	if err != nil {
		return err
	}
	return t.Execute(w, &p)
}

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

func cmpOr(list, other []string) []string {
	if len(list) == 0 {
		return other
	}
	return list
}

// page is what the template sees.
type page struct {
	Run          *jsonReport
	Summary      string
	Commit       string // as much of its hash as tells it from others
	Policy       string
	Style        template.CSS
	Script       template.JS
	Whole        bool // the inventory and the graph are known
	Most         int
	Tiles        []tile
	Bar          *figure
	Trend        *trend
	Counts       []tally
	Secrets      []inventory.Secret
	SecretsLeft  int
	Drills       []drill
	Groups       []group
	FindingsLeft int
	Waivers      []decision
	Documents    []named
	Unseen       []unseenGroup
	Drawing      template.HTML
}

// Sections are those of the page, in order.
func (p *page) Sections() []struct{ ID, Title string } {
	all := []struct{ ID, Title string }{{"verdict", "What to do"}, {"trend", "Trend"}, {"owners", "Who, and where"}, {"secrets", "Inventory"},
		{"drills", "Drills"}, {"findings", "Findings"}, {"graph", "Graph"}, {"waivers", "Waivers"}, {"coverage", "Coverage"}}
	return slices.DeleteFunc(all, func(s struct{ ID, Title string }) bool {
		return s.ID == "trend" && p.Trend == nil || s.ID == "drills" && len(p.Drills) == 0
	})
}

// Gate says in lines what a change is judged by, and what it makes of that.
func (p *page) Gate() []string { return p.Run.gate() }

// Place writes a place, and Href links it where the run knows how.
func (p *page) Place(at lint.Location) string { return placeOf(at) }

// About says where and by what rule something failed.
func (p *page) About(failure lint.Failure) string { return Plain(about(failure)) }

// Href is the URL of a line, or "".
func (p *page) Href(at lint.Location) string { return p.Run.href(at) }

type tile struct {
	Label, Note string
	N           int
	Bad         bool
}

type figure struct {
	SVG     template.HTML
	Caption string
}

// group is the findings of a rule.
type group struct {
	Rule     *lint.Rule
	Findings []jsonFinding
}

// findings groups by rule, the worst rule first.
func (p *page) findings() {
	all := worst(p.Run.Findings)
	if p.FindingsLeft = max(0, len(all)-mostFindings); p.FindingsLeft > 0 {
		all = all[:mostFindings]
	}
	index := map[string]int{}
	for _, f := range all { // a group stands where its worst finding does
		i, known := index[f.Rule]
		if !known {
			i, index[f.Rule] = len(p.Groups), len(p.Groups)
			p.Groups = append(p.Groups, group{Rule: p.Run.rule(f.Rule)})
		}
		p.Groups[i].Findings = append(p.Groups[i].Findings, f)
	}
}

func (p *page) secrets() {
	p.Secrets = p.Run.Secrets
	if p.SecretsLeft = max(0, len(p.Secrets)-mostSecrets); p.SecretsLeft > 0 {
		p.Secrets = p.Secrets[:mostSecrets]
	}
}

// drill is what is done when a secret has leaked.
type drill struct {
	inventory.Secret
	Within string
	Late   bool // the next drill is overdue
}

// drills lists the secrets that are in force, those that nobody is ready for first.
func (p *page) drills() {
	for _, s := range p.Secrets {
		if s.State != "retired" && s.State != "undeclared" {
			i := s.Incident
			p.Drills = append(p.Drills, drill{s, contract.Duration(i.Within), i.DrillDue != "" && i.DrillDue < p.Run.AsOf})
		}
	}
	unready := func(d drill) int {
		switch {
		case d.Incident.Revoke == "":
			return 0
		case d.Incident.Drilled == "":
			return 1
		case d.Late:
			return 2
		}
		return 3
	}
	slices.SortStableFunc(p.Drills, func(a, b drill) int { return unready(a) - unready(b) })
}

// tiles answer what a reader does first: how bad is it, and is it better than before.
func (p *page) tiles() {
	s := p.Run.Summary
	add := func(label string, n int, bad bool, note string) {
		p.Tiles = append(p.Tiles, tile{Label: label, N: n, Bad: bad && n > 0, Note: note})
	}
	since := ""
	if p.Trend != nil {
		since = p.Trend.since()
	}
	add("Blocking findings", s.Blocking, true, since)
	add("Minor findings", s.Minor, false, "")
	add("Accepted", s.Waived+s.Existing, false, fmt.Sprintf("%d waived, %d in the baseline or the base", s.Waived, s.Existing))
	add("Waivers that end soon", len(p.Run.endingSoon()), true, fmt.Sprintf("findings, within %d days", soonDays))
	add("Could not check", len(p.Run.NotChecked.Failures), true, "")
	if p.Whole {
		with := func(problem string) (n int) {
			for _, secret := range p.Run.Secrets {
				if slices.Contains(secret.Problems, problem) {
					n++
				}
			}
			return n
		}
		unowned := 0
		for _, secret := range p.Run.Secrets {
			if secret.Owner == "" {
				unowned++
			}
		}
		add("Secrets", len(p.Run.Secrets), false, "")
		add("Secrets without owner", unowned, true, "")
		add("Not rotated in time", with("overdue"), true, "")
		add("Used, not declared", with("undeclared"), true, "")
	}
	p.Bar = severityBar(p.Run.open())
}

// severityBar draws how many findings of each severity nobody accepted.
func severityBar(open []jsonFinding) *figure {
	if len(open) == 0 {
		return nil
	}
	const width, height = 800.0, 28
	var b, caption strings.Builder
	x := 0.0
	for _, name := range slices.Backward(lint.Severities()) {
		n := 0
		for _, f := range open {
			if f.Severity.String() == name {
				n++
			}
		}
		if n == 0 {
			continue
		}
		if caption.Len() > 0 {
			caption.WriteString(", ")
		}
		fmt.Fprintf(&caption, "%d %s", n, name)
		part := width * float64(n) / float64(len(open))
		fmt.Fprintf(&b, `<rect class="%s" x="%.1f" y="0" width="%.1f" height="%d"/>`, name, x, max(part-2, 1), height)
		x += part
	}
	text := "Findings that nobody accepted: " + caption.String() + "."
	return &figure{Caption: text, SVG: template.HTML(fmt.Sprintf(`<svg viewBox="0 0 %.0f %d" width="%.0f" height="%d" role="img" aria-label="%s">%s</svg>`,
		width, height, width, height, text, b.String()))}
}

// tally counts findings by a name that they have.
type tally struct {
	Title, Head string
	Rows        []tallyRow
	Left        int
}

type tallyRow struct {
	Name                      string
	Blocking, Minor, Accepted int
}

func (p *page) tally(title, head string, most int, names func(*jsonFinding) []string) tally {
	rows := map[string]*tallyRow{}
	for i := range p.Run.Findings {
		f := &p.Run.Findings[i]
		for _, name := range names(f) {
			if rows[name] == nil {
				rows[name] = &tallyRow{Name: name}
			}
			switch f.Status {
			case gate.Blocking:
				rows[name].Blocking++
			case gate.Minor:
				rows[name].Minor++
			default:
				rows[name].Accepted++
			}
		}
	}
	t := tally{Title: title, Head: head}
	for _, name := range slices.Sorted(maps.Keys(rows)) {
		t.Rows = append(t.Rows, *rows[name])
	}
	slices.SortStableFunc(t.Rows, func(a, b tallyRow) int {
		return cmp.Or(b.Blocking-a.Blocking, b.Minor-a.Minor, b.Accepted-a.Accepted)
	})
	if most == 0 {
		most = mostSecrets
	}
	if t.Left = max(0, len(t.Rows)-most); t.Left > 0 {
		t.Rows = t.Rows[:most]
	}
	return t
}

// decision is why findings are waived, and until when.
type decision struct {
	Until, Reason string
	Soon          bool
	N             int
	First         jsonFinding
}

func (p *page) waivers() {
	index := map[[2]string]int{}
	soon := map[string]bool{}
	for _, f := range p.Run.endingSoon() {
		soon[f.Until] = true
	}
	for _, f := range p.Run.Findings {
		if f.Status != gate.Waived {
			continue
		}
		key := [2]string{f.Until, f.Reason}
		i, known := index[key]
		if !known {
			i, index[key] = len(p.Waivers), len(p.Waivers)
			p.Waivers = append(p.Waivers, decision{Until: f.Until, Reason: f.Reason, Soon: soon[f.Until], First: f})
		}
		p.Waivers[i].N++
	}
	slices.SortStableFunc(p.Waivers, func(a, b decision) int { return strings.Compare(a.Until, b.Until) })
	if len(p.Waivers) > mostSecrets {
		p.Waivers = p.Waivers[:mostSecrets]
	}
}

type named struct {
	Name string
	N    int
}

// unseenGroup is what nobody looked at for one reason.
type unseenGroup struct {
	Title   string
	N, Left int
	Rows    []unseenRow
}

type unseenRow struct{ Place, Message string }

func (p *page) unseen() {
	for _, name := range slices.Sorted(maps.Keys(p.Run.Summary.Documents)) {
		p.Documents = append(p.Documents, named{name, p.Run.Summary.Documents[name]})
	}
	groups := map[string]*unseenGroup{}
	var order []string
	add := func(title string, n int, row unseenRow) {
		if groups[title] == nil {
			groups[title] = &unseenGroup{Title: title}
			order = append(order, title)
		}
		g := groups[title]
		g.N += n
		if len(g.Rows) == mostUnseen {
			g.Left++
			return
		}
		g.Rows = append(g.Rows, row)
	}
	for _, gap := range p.Run.NotChecked.Gaps {
		add("Not resolved, what depends on it was not judged", 1, unseenRow{placeOf(gap.Location), gap.Message})
	}
	for _, skip := range p.Run.NotChecked.Skipped {
		add("Not checked: "+skip.Reason, max(skip.Files, 1), unseenRow{Plain(skip.Path), ""})
	}
	if n := p.Run.Summary.Gone; n > 0 {
		add("Lines of the baseline that match no finding any more", n, unseenRow{"", "write the baseline anew to forget them"})
	}
	for _, title := range order {
		p.Unseen = append(p.Unseen, *groups[title])
	}
}

// trend compares with earlier runs.
type trend struct {
	Points  []point
	Changes []change
	SVG     template.HTML
	day     string // of the run before
}

type point struct {
	Day, Status                      string
	Open, Blocking, Waived, Existing int
}

// change is what happened to the findings of a severity since the run before.
type change struct {
	Severity         string
	New, Fixed, Open int
}

func (p *page) trend(earlier []Report) {
	t := &trend{}
	var last *jsonReport
	add := func(r *jsonReport) {
		s := r.Summary
		t.Points = append(t.Points, point{cmp.Or(r.AsOf, "no date"), r.Status, s.Blocking + s.Minor, s.Blocking, s.Waived, s.Existing})
	}
	for _, r := range earlier {
		r.Secrets, r.Graph = nil, nil
		last = newJSONReport(r)
		add(last)
	}
	add(p.Run)
	t.day = cmp.Or(last.AsOf, "the run before")
	before, now := fingerprints(last), fingerprints(p.Run)
	for _, name := range slices.Backward(lint.Severities()) {
		c := change{Severity: name}
		for _, f := range p.Run.open() {
			if f.Severity.String() != name {
				continue
			}
			if c.Open++; !before[f.Fingerprint] {
				c.New++
			}
		}
		for _, f := range last.open() {
			if f.Severity.String() == name && !now[f.Fingerprint] {
				c.Fixed++
			}
		}
		t.Changes = append(t.Changes, c)
	}
	t.SVG = sparkline(t.Points)
	p.Trend = t
}

func fingerprints(r *jsonReport) map[string]bool {
	all := map[string]bool{}
	for _, f := range r.open() {
		all[f.Fingerprint] = true
	}
	return all
}

// since says in a line how the findings that nobody accepted changed.
func (t *trend) since() string {
	fresh, fixed := 0, 0
	for _, c := range t.Changes {
		fresh, fixed = fresh+c.New, fixed+c.Fixed
	}
	return fmt.Sprintf("%d new, %d fixed since %s", fresh, fixed, t.day)
}

// sparkline draws the open findings of each run, and under them those that block.
func sparkline(points []point) template.HTML {
	const width, height, edge = 800.0, 120.0, 8.0
	top := 1
	for _, p := range points {
		top = max(top, p.Open)
	}
	line := func(of func(point) int) (path, dots string) {
		for i, p := range points {
			x := edge + (width-2*edge)*float64(i)/float64(max(len(points)-1, 1))
			y := height - edge - (height-2*edge)*float64(of(p))/float64(top)
			path += fmt.Sprintf("%s%.1f %.1f", map[bool]string{true: "M", false: "L"}[i == 0], x, y)
			dots += fmt.Sprintf(`<circle cx="%.1f" cy="%.1f" r="4"/>`, x, y)
		}
		return path, dots
	}
	first, last := points[0], points[len(points)-1]
	label := fmt.Sprintf("From %d open findings, %d of them blocking, to %d, %d of them blocking.", first.Open, first.Blocking, last.Open, last.Blocking)
	open, openDots := line(func(p point) int { return p.Open })
	blocking, blockingDots := line(func(p point) int { return p.Blocking })
	return template.HTML(fmt.Sprintf(`<svg viewBox="0 0 %.0f %.0f" width="%.0f" height="%.0f" role="img" aria-label="%s">`+
		`<g class="open"><path d="%s"/>%s</g><g class="blocking"><path d="%s"/>%s</g></svg>`,
		width, height, width, height, label, open, openDots, blocking, blockingDots))
}
