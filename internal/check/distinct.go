package check

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/contract"
	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline"
	"github.com/policyctl/policyctl/internal/regex"
	"github.com/policyctl/policyctl/scanner"
)

// distinct leaves one finding where a policy and the scanner both found the same
// credential: the more severe one, and of equals the policy's, which knows what
// the value is for.
func distinct(findings []lint.Finding) []lint.Finding {
	scanned, typed := map[string][]lint.Finding{}, map[string][]lint.Finding{}
	for _, f := range findings {
		switch {
		case f.Rule.Kind() == scanner.Kind:
			scanned[f.Location.Path] = append(scanned[f.Location.Path], f)
		case f.Rule.PointsAtSecret():
			typed[f.Location.Path] = append(typed[f.Location.Path], f)
		}
	}
	for i := range findings {
		if f := &findings[i]; f.Rule.Kind() != scanner.Kind && f.Rule.PointsAtSecret() {
			inform(f, scanned[f.Location.Path])
		}
	}
	findings = mostSevere(findings, "short-lived")
	beaten := func(f lint.Finding, by []lint.Finding, least lint.Severity) bool {
		return slices.ContainsFunc(by, func(g lint.Finding) bool { return g.Rule.Severity >= least && g.Location.Overlaps(f.Location) })
	}
	return slices.DeleteFunc(findings, func(f lint.Finding) bool {
		switch {
		case f.Rule.Kind() == scanner.Kind:
			return beaten(f, typed[f.Location.Path], f.Rule.Severity)
		case f.Rule.PointsAtSecret():
			return beaten(f, scanned[f.Location.Path], f.Rule.Severity+1)
		}
		return false
	})
}

// mostSevere leaves one finding where rules of a tag say the same of one place: that
// of the rule which knows most, and so is the most severe.
func mostSevere(findings []lint.Finding, tag string) []lint.Finding {
	tagged := map[string][]lint.Finding{} // by file
	for _, f := range findings {
		if slices.Contains(f.Rule.Tags, tag) {
			tagged[f.Location.Path] = append(tagged[f.Location.Path], f)
		}
	}
	return slices.DeleteFunc(findings, func(f lint.Finding) bool {
		return slices.Contains(f.Rule.Tags, tag) && slices.ContainsFunc(tagged[f.Location.Path], func(g lint.Finding) bool {
			return g.Rule.Severity > f.Rule.Severity && g.Location.Overlaps(f.Location)
		})
	})
}

// inform gives a policy's finding what the scanner knows of the same credential.
func inform(f *lint.Finding, scanned []lint.Finding) {
	for _, g := range scanned {
		if g.Location.Overlaps(f.Location) {
			f.Confidence, f.Evidence, f.Facts = g.Confidence, g.Evidence, g.Facts
		}
	}
}

// once leaves the findings of one document where several pipelines that include a
// file say the same of one place in it: those of the file itself, or of the first
// pipeline. Another secret is another matter, and one that is known excuses no other: of
// which group it is only a pipeline knows, so that what the file alone says of one makes
// way for what its pipelines say.
func once(findings []lint.Finding) []lint.Finding {
	type fact struct {
		rule    string
		at      lint.Location
		message string
		secret  lint.SecretID
	}
	said := func(f lint.Finding) fact {
		if f.Rule.Kind() != pipeline.Platform {
			return fact{rule: f.Rule.ID, at: f.Location}
		}
		return fact{f.Rule.ID, f.Location, made().ReplaceAllString(f.Message, ""), f.Secret}
	}
	first := map[fact]string{}
	for _, f := range findings {
		key := said(f)
		if includer, seen := first[key]; !seen || f.Includer < includer {
			first[key] = f.Includer
		}
	}
	grouped := map[fact]bool{} // what pipelines say of secrets whose group they know, by name alone
	byName := func(f lint.Finding) fact {
		key := said(f)
		key.secret = lint.SecretID{Name: f.Secret.Name}
		return key
	}
	for _, f := range findings {
		if f.Secret.Group != "" && f.Includer != "" {
			grouped[byName(f)] = true
		}
	}
	made := map[fact][]string{} // by any pipeline
	for _, f := range findings {
		made[said(f)] = union(made[said(f)], f.Made)
	}
	for i := range findings {
		if f := &findings[i]; f.Rule.Kind() == pipeline.Platform {
			f.Made = union(nil, made[said(*f)])
		}
	}
	return slices.DeleteFunc(findings, func(f lint.Finding) bool {
		return f.Includer != first[said(f)] || f.Includer == "" && f.Secret.Group == "" && f.Secret.Name != "" && grouped[byName(f)]
	})
}

// mostRelated is how many places a finding that stands for several has beside its own.
const mostRelated = 10

// together leaves one finding where the same text is wrong for several things that
// are made of it: the instances of a resource, those of a module that is called
// twice, the jobs and steps of a pipeline that a loop or a template makes. One line
// has to be edited, unless the credentials differ. It names a few, and where they are made.
func together(findings []lint.Finding) []lint.Finding {
	type fact struct {
		rule                 string
		at                   lint.Location
		anchor, message, tag string
		secret               lint.SecretID
	}
	slices.SortStableFunc(findings, func(a, b lint.Finding) int { return a.Compare(&b) })
	first, names := map[fact]int{}, map[int][]string{}
	kept := findings[:0]
	for _, f := range findings {
		said := fact{f.Rule.ID, f.Location, f.Anchor, f.Message, f.Tag, f.Secret}
		if f.Subject != "" {
			said.message = strings.ReplaceAll(f.Message, f.Subject, "\x00")
		}
		name := cmp.Or(f.Instance, f.Subject)
		if f.Rule.Kind() == pipeline.Platform && f.Location.Start.Line > 0 {
			said.anchor, said.message = "", made().ReplaceAllString(f.Message, "")
			name = job().FindString(f.Message)
		}
		i, known := first[said]
		if !known {
			i = len(kept)
			first[said] = i
			f.Related = slices.Clip(f.Related)
			kept = append(kept, f)
		} else if len(f.Message) < len(kept[i].Message) { // the first of the steps
			kept[i].Message, kept[i].Flow = f.Message, f.Flow
		}
		for _, place := range slices.Concat(f.Related, f.Flow) {
			if known && !slices.Contains(kept[i].Flow, place) && len(kept[i].Related) < mostRelated && !slices.Contains(kept[i].Related, place) {
				kept[i].Related = append(kept[i].Related, place)
			}
		}
		kept[i].Made, kept[i].Targets = union(kept[i].Made, f.Made), union(kept[i].Targets, f.Targets)
		if !slices.Contains(names[i], name) {
			names[i] = append(names[i], name)
		}
	}
	for i := range kept {
		if all := names[i]; len(all) > 1 {
			if f := &kept[i]; f.Rule.Kind() == pipeline.Platform && f.Includer == "" && f.Made == nil {
				f.Made = union(nil, all)
			}
			kept[i].Message += " (" + lint.Listed(all) + ")"
		}
	}
	return kept
}

// union is two sets, in order.
func union(a, b []string) []string {
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}

// made is what tells apart the steps and jobs of a pipeline that are made of one text.
var (
	made = regex.Lazy(`\bstep (?:[0-9]+|"[^"]*")(?: of job "[^"]*")?|\bjob "[^"]*"`)
	job  = regex.Lazy(`\bjob "[^"]*"`)
)

// inContracts raises what detectors find in contracts: wherever else a credential
// may be a mistake in a file that needs one, there it has no place at all. What is
// critical by itself keeps its rule, which says more about it.
func inContracts(findings []lint.Finding, contracts []held) []lint.Finding {
	holds := map[string]bool{}
	for _, h := range contracts {
		holds[h.doc.Path] = true
	}
	for i := range findings {
		f := &findings[i]
		if f.Rule.Kind() == scanner.Kind && f.Rule.Severity < lint.Critical && holds[f.Location.Path] {
			f.Rule = contract.CredentialInContract
		}
	}
	return findings
}

// compactGaps drops repetitions: a file may be included often.
func compactGaps(gaps []lint.Gap) []lint.Gap {
	seen := map[lint.Gap]bool{}
	return slices.DeleteFunc(gaps, func(g lint.Gap) bool {
		again := seen[g]
		seen[g] = true
		return again
	})
}

// compact sorts failures and drops repetitions.
func compact(failures []lint.Failure) []lint.Failure {
	set := map[lint.Failure]bool{}
	for _, f := range failures {
		set[f] = true
	}
	return slices.SortedFunc(maps.Keys(set), func(a, b lint.Failure) int {
		return strings.Compare(a.Path+"\x00"+a.Rule+"\x00"+a.Message, b.Path+"\x00"+b.Rule+"\x00"+b.Message)
	})
}
