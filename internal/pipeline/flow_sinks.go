package pipeline

import (
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/model"
	"github.com/policyctl/policyctl/internal/shell"
)

// sink adds the flow that ends at a sink of a script.
func (r *run) sink(step *model.Step, s shell.Sink) {
	if r.outside != nil {
		r.takeScript(step, s)
		return
	}
	if s.Kind == "checkout" {
		return
	}
	index := step.Index
	flow := r.flow(s.Label, s.Transformed, s.Hidden)
	if r.Traits.MasksBlocks && flow.Masked == "yes" && !s.Hidden && isBehind(step, r.Exposures[s.Label]) {
		flow.Masked = "no"
	}
	flow.At, flow.Way, flow.Sink, flow.Command = s.At, s.Way, s.Kind, s.Command
	flow.Host, flow.Path, flow.Variable = model.Text{Value: s.Host}, model.Text{Value: shell.Shown(s.Path)}, model.Text{Value: s.Variable}
	flow.Scheme, flow.InURL, flow.Unverified = s.Scheme, s.InURL, s.Unverified
	flow.Job, flow.Step = step.Job, &index
	flow.Address = model.Join(step.Address, "flows", s.Kind, flow.Secret.Name.Value)
	if s.Likely && flow.Confidence == "exact" {
		flow.Confidence = "likely"
	}
	r.Flows = append(r.Flows, flow)
}

// isBehind says whether a step is none of those whose log hides a secret of blocks.
func isBehind(step *model.Step, e model.Exposure) bool {
	blocks := e.MaskedIn
	if e.Step != nil {
		last := *e.Step
		if e.Until != nil {
			last = *e.Until
		}
		blocks = append(slices.Clone(blocks), model.Block{Job: e.Job.Value, First: *e.Step, Last: last})
	}
	return len(blocks) > 0 && !slices.ContainsFunc(blocks, func(b model.Block) bool {
		return step.Job.Value == b.Job && b.First <= step.Index && step.Index <= b.Last
	})
}

// flow is a way of the secret of an exposure, its end left open.
func (f *flows) flow(exposure int, transformed []string, hidden bool) model.Flow {
	e := f.Exposures[exposure]
	if transformed == nil {
		transformed = []string{}
	}
	flow := model.Flow{
		Secret: e.Secret, PlatformToken: e.PlatformToken, Transformed: transformed, Masked: f.masked(e, transformed, hidden), Confidence: "exact", Job: e.Job,
	}
	if e.Possible || slices.Contains(transformed, shell.Unknown) {
		flow.Confidence = "possible"
	}
	return flow
}

// masked says whether the log hides a value.
func (f *flows) masked(e model.Exposure, transformed []string, hidden bool) string {
	times := 0 // a platform that hides an encoding does not hide that of the encoded value
	changed := slices.ContainsFunc(transformed, func(how string) bool {
		if how == "base64" {
			times++
		}
		return times > 1 || !slices.Contains(f.Traits.Masks, how)
	})
	switch {
	case hidden:
		return "yes"
	case slices.Contains(transformed, shell.Unknown):
		return "unknown"
	case changed:
		return "no"
	}
	return e.Masked
}

// handedOver adds the flows that the definition itself makes: what components,
// called pipelines and images are given.
func (f *flows) handedOver() {
	for i, e := range f.Exposures {
		sink := ""
		switch {
		case e.Where == "build_arg":
			sink = "image"
		case e.Where == "forwarded", e.Where == "input" && e.Step == nil && e.Job.Value != "":
			sink = "downstream"
		case (e.Where == "input" || e.Where == "step_env") && e.Component.Value != "" && f.foreign(e.Component.Value):
			sink = "third_party"
		default:
			continue
		}
		f.handOver(i, e, sink, e.Transformed, wayIn(e))
		f.told(i, e)
	}
}

// told adds the flow of a secret in the text of a message, comment or release.
func (f *flows) told(exposure int, e model.Exposure) {
	if e.Step == nil {
		return
	}
	for _, c := range f.componentsAt[stepKey{e.Job.Value, *e.Step}] {
		name := strings.ToLower(e.Variable.Value)
		sink := ""
		switch {
		case slices.Contains(c.Facts.Sends, name):
			sink = "network"
		case slices.Contains(c.Facts.Publishes, name):
			sink = "repository"
		default:
			continue
		}
		f.handOver(exposure, e, sink, e.Transformed, wayIn(e))
		flow := &f.Flows[len(f.Flows)-1]
		flow.Command, _, _ = strings.Cut(c.Ref.Value, "@")
		if sink == "network" {
			flow.Host = c.Facts.Host
		}
	}
}

func (f *flows) handOver(exposure int, e model.Exposure, sink string, transformed []string, way []lint.Step) {
	flow := f.flow(exposure, transformed, false)
	flow.Sink, flow.At, flow.Way = sink, e.Secret.At, way
	flow.Job, flow.Step, flow.Component, flow.Variable = e.Job, e.Step, e.Component, e.Variable
	flow.Address = model.Join(e.Address, "flows", sink)
	f.Flows = append(f.Flows, flow)
}

// foreign holds for components of somebody else.
func (f *flows) foreign(ref string) bool { return f.others[ref] }
