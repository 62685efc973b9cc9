// Package gate decides which findings block. It compares them with the
// baseline, with waivers and with thresholds; it marks findings and drops none.
// It reads no file and no clock, prints nothing, and knows no report format:
// the exit status of a run is made here and nowhere else.
package gate

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"time"

	"github.com/policyctl/policyctl/internal/lint"
)

// Gate is everything a verdict depends on besides the findings. The zero Gate
// is the strictest one: every finding blocks.
type Gate struct {
	Thresholds Thresholds
	Enforce    Enforcement
	Baseline   *Baseline // nil if there is none
	// Gone says whether a file that the baseline names is there no more: its lines go with a
	// file that was moved. Nil if that must not be, for a change could bring something new
	// under an old line.
	Gone func(path string) bool
	// Name is how the baseline names a file: without the credentials in its name. Nil leaves
	// all names as they are.
	Name func(path string) string
	Base *Baseline // what was found before the change already; nil if that is not known

	// Trusted says that whoever made the change has no say about what it may bring. Comments
	// in the source excuse only what Base has: they may have been written, or moved to what
	// is new, by the change. So do waivers, unless they name what is new to the letter.
	Trusted bool

	// Later says that waivers and baseline are those of a later commit than the files:
	// what they match may not be here yet.
	Later   bool
	Waivers []Waiver
	Ignores []Ignore

	// Moved are the addresses that have others now than the baseline and the base know.
	Moved []Move

	// Rules are all rules there are, evaluated or not. An Ignore that names
	// another one is a finding. Nil leaves that out.
	Rules []*lint.Rule

	// Now decides which waivers hold. While it is zero, none does.
	Now time.Time

	// Scheduled says that the run looks for what time alone has broken. In other
	// runs that blocks only in files which the change touches: nobody's change is
	// held up by a date that passed elsewhere. Nil stands for all files.
	Scheduled bool
	Touched   func(path string) bool
}

// Judge marks each finding, and adds findings about the waivers that have
// expired, that match nothing, or that name no rule.
func (g *Gate) Judge(findings []lint.Finding, coverage Coverage) Verdict {
	findings = lint.Identify(slices.Clone(findings)) // waivers may name fingerprints
	all := append(slices.Clone(findings), g.aboutWaivers(findings, coverage)...)
	stock, before := g.Baseline.stock(g.Name, g.Moved), g.Base.stock(nil, g.Moved)
	verdict := Verdict{Coverage: coverage}
	all = lint.Identify(all)
	lines, olds := make([]accepted, len(all)), make([]accepted, len(all))
	for i := range all {
		lines[i], olds[i] = stock.accepted(&all[i]), before.had(&all[i])
	}
	for i, f := range all {
		if g.Gone != nil && !lines[i].known && !aboutWaiver(f.Rule) {
			lines[i].line = stock.follow(&all[i], g.Gone, near)
		}
		if !olds[i].known && !aboutWaiver(f.Rule) {
			olds[i].known = before.follow(&all[i], anywhere, sameModule(f.Rule)) != nil
		}
		verdict.Findings = append(verdict.Findings, g.judge(f, lines[i], olds[i]))
	}
	if !g.Later {
		verdict.Gone = stock.left(coverage)
	}
	return verdict
}

// anywhere: what the base has and no finding took was moved, if it is anywhere. The file may
// still be there, without it.
func anywhere(string) bool { return true }

// sameModule says which files are one to Terraform: it reads a folder as one text, and what an
// address stands for is the same in each file of it.
func sameModule(rule *lint.Rule) func(was, now string) bool {
	return func(was, now string) bool {
		return rule.Kind() == "terraform" && path.Dir(was) == path.Dir(now) && lint.Ending(was) == lint.Ending(now)
	}
}

// judge weighs what people accepted (waiver, comment, baseline) before the
// threshold, so that the summary counts what stands behind a decision.
func (g *Gate) judge(f lint.Finding, accepted, before accepted) Judged {
	old, changed := before.known, ""
	if !old {
		changed = cmp.Or(before.changed, accepted.changed)
	}
	waiver, expired := g.waiver(&f, func(w *Waiver) bool { return old || w.New || w.pins(&f) && changed == "" })
	ignore, lapsed := g.ignore(&f)
	if ignore != nil && g.Trusted && !old {
		ignore, lapsed = nil, "the comment that ignores it holds only for what the base has"
	}
	least, from := g.Thresholds.For(f.Rule), g.Enforce.For(f.Rule)
	j := Judged{Finding: f, Status: Blocking, Reason: cmp.Or(expired, lapsed)}
	switch {
	case waiver != nil:
		j.Status, j.Until = Waived, waiver.Until
		j.Reason = fmt.Sprintf("waived until %s by %s: %s", day(waiver.Until), waiver.Owner, waiver.Reason)
	case ignore != nil:
		j.Status, j.InSource, j.Until = Waived, true, ignore.Until
		j.Reason = fmt.Sprintf("ignored in the source until %s: %s", day(ignore.Until), ignore.Reason)
	case accepted.known:
		j.Status, j.Reason, j.Line = Existing, "in the baseline", accepted.line
	case accepted.line != nil:
		j.Status, j.Reason = Existing, fmt.Sprintf("in the baseline, where the file is %s", accepted.line.Path)
		j.Line, j.Former = accepted.line, accepted.line.Fingerprint
	case f.Rule.ID == lint.ExpiredWaiver.ID && g.Base != nil && !g.Scheduled && g.Touched != nil && !g.Touched(f.Location.Path):
		j.Status, j.Reason = Existing, "not new: a day has passed, and the change does not touch it"
	case old && !f.Rule.ByClock(): // time has a say of its own, in touched files
		j.Status, j.Reason = Existing, "not new: the base has it too"
	case f.Rule.Severity < least:
		j.Status = Minor
		j.Reason = cmp.Or(j.Reason, fmt.Sprintf("%s is below the threshold %s", f.Rule.Severity, least))
	case from == Never || !g.Now.IsZero() && g.Now.Before(from):
		j.Status, j.Reason = Minor, cmp.Or(j.Reason, "reported only, by enforcement in the settings")
		if from != Never {
			j.From, j.Reason = from, fmt.Sprintf("blocks from %s on, by enforce_from in the settings", day(from))
		}
	case !g.timely(&f):
		j.Status, j.Reason = Minor, "comes with time alone: it blocks on a scheduled run, or when the file changes"
	default:
		j.Reason = cmp.Or(j.Reason, changed)
	}
	return j
}

// timely says whether a finding blocks today: one that comes with time alone does
// on a scheduled run, or if a place that belongs to it was touched.
func (g *Gate) timely(f *lint.Finding) bool {
	if !f.Rule.ByClock() || g.Scheduled || g.Touched == nil {
		return true
	}
	return g.Touched(f.Location.Path) || slices.ContainsFunc(f.Related, func(r lint.Related) bool { return g.Touched(r.Location.Path) })
}

// waiver gives the waiver in force that covers a finding. If only one does that has
// expired, or was not meant for what a change brings, it gives none and says so.
func (g *Gate) waiver(f *lint.Finding, meant func(*Waiver) bool) (waiver *Waiver, lapsed string) {
	for i := range g.Waivers {
		w := &g.Waivers[i]
		switch {
		case !w.covers(f):
		case g.expired(w.Until):
			lapsed = fmt.Sprintf("the waiver of %s expired %s", w.Owner, g.since(w.Until))
		case g.Trusted && !meant(w):
			needs := "new: allow"
			if !isCredential(f) {
				needs = "fingerprint: " + f.Fingerprint + ", or " + needs
			}
			lapsed = fmt.Sprintf("the waiver of %s holds for what the base has; for this one it needs %s", w.Owner, needs)
		default:
			return w, ""
		}
	}
	return nil, lapsed
}

// ignore is to comments in the source what waiver is to waivers.
func (g *Gate) ignore(f *lint.Finding) (ignore *Ignore, expired string) {
	for i := range g.Ignores {
		ignore := &g.Ignores[i]
		switch {
		case !ignore.covers(f):
		case !g.expired(ignore.Until):
			return ignore, ""
		default:
			expired = "the comment that ignores it expired " + g.since(ignore.Until)
		}
	}
	return nil, expired
}

// Lapsed are the files with waivers and comments whose day has passed.
func (g *Gate) Lapsed() []string {
	var files []string
	for _, w := range g.Waivers {
		if g.expired(w.Until) {
			files = append(files, w.Location.Path)
		}
	}
	for _, ignore := range g.Ignores {
		if g.expired(ignore.Until) {
			files = append(files, ignore.Location.Path)
		}
	}
	return files
}

// aboutWaivers gives the findings about waivers and ignores themselves.
func (g *Gate) aboutWaivers(findings []lint.Finding, coverage Coverage) []lint.Finding {
	var own []lint.Finding
	for i := range g.Waivers {
		w := &g.Waivers[i]
		used := slices.ContainsFunc(findings, func(f lint.Finding) bool { return w.covers(&f) })
		switch {
		case g.expired(w.Until) && !coverage.concerns(w.Path):
		case g.expired(w.Until):
			own = append(own, w.report(lint.ExpiredWaiver, fmt.Sprintf("the waiver of %s for %q in %q expired %s",
				w.Owner, w.Rule, w.Path, g.since(w.Until))))
		case !used && !g.Later && coverage.shouldMatch(w.Rule, w.Path):
			own = append(own, w.report(lint.UnusedWaiver, fmt.Sprintf("the waiver of %s for %q in %q matches nothing, remove it",
				w.Owner, w.Rule, w.Path)))
		}
	}
	for i := range g.Ignores {
		own = append(own, g.aboutIgnore(&g.Ignores[i], findings, coverage)...)
	}
	return own
}

func (g *Gate) aboutIgnore(ignore *Ignore, findings []lint.Finding, coverage Coverage) []lint.Finding {
	if ignore.Location.Commit != "" {
		return nil // what is wrong with it in history cannot be mended any more
	}
	if g.expired(ignore.Until) {
		return []lint.Finding{ignore.report(lint.ExpiredWaiver, "the comment that ignores findings here expired "+g.since(ignore.Until))}
	}
	var own []lint.Finding
	for _, name := range ignore.Rules {
		used := slices.ContainsFunc(findings, func(f lint.Finding) bool { return f.Rule.Named(name) && ignore.covers(&f) })
		switch problem := unknownRule(name, g.Rules); {
		case problem != "" && g.Rules != nil:
			own = append(own, ignore.report(lint.InvalidWaiver, problem))
		case !used && coverage.evaluated(name):
			own = append(own, ignore.report(lint.UnusedWaiver, fmt.Sprintf("the comment ignores %q, which is not found here, remove it", name)))
		}
	}
	return own
}

// expired says whether the day has passed, in UTC.
func (g *Gate) expired(until time.Time) bool {
	return g.Now.IsZero() || !g.Now.Before(until.AddDate(0, 0, 1))
}

// since says how long ago a day was.
func (g *Gate) since(until time.Time) string {
	if g.Now.IsZero() {
		return "as far as a run without a date can tell"
	}
	days := int(g.Now.Sub(until).Hours() / 24)
	if days == 1 {
		return fmt.Sprintf("1 day ago, on %s", day(until))
	}
	return fmt.Sprintf("%d days ago, on %s", days, day(until))
}

func day(t time.Time) string { return t.Format(time.DateOnly) }

// aboutWaiver says whether a rule judges waivers. Such findings can be neither
// waived nor put into the baseline: a waiver that ended would go on for ever.
func aboutWaiver(rule *lint.Rule) bool {
	return slices.Contains([]string{lint.InvalidWaiver.ID, lint.ExpiredWaiver.ID, lint.UnusedWaiver.ID}, rule.ID)
}
