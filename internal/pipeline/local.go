package pipeline

import (
	"bytes"
	"cmp"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// localize says what the parts of a pipeline are called where they are written, if that is
// something else than what they are called here: those of a job that a loop makes, by the name
// of the job as it is written; those in a file that pipelines share, without the names of who
// uses it. Where a secret of a job with an environment goes is said with that, which may have
// another secret of the same name. Their findings are known by that, whichever element or pipeline comes first.
func localize(root *lint.Node) {
	jobs, steps, environments := map[string]*lint.Node{}, map[[2]string]*lint.Node{}, map[string]string{}
	for _, job := range root.Get("jobs").List() {
		jobs[job.Get("id").Str()] = job.Get("id")
		environments[job.Get("id").Str()] = job.Get("environment", "name").Str()
	}
	for _, step := range root.Get("steps").List() {
		steps[[2]string{step.Get("job").Str(), step.Get("index").Text}] = step
	}
	for _, field := range root.Fields {
		for _, item := range field.Value.List() {
			address, job := item.Get("address").Str(), item.Get("job").Str()
			id := jobs[job]
			if address == "" || id == nil || item.Span.Source == nil {
				continue
			}
			var step *lint.Node
			for _, key := range []string{"step", "index"} { // a step itself has an index
				if index := item.Get(key); index != nil {
					step = steps[[2]string{job, index.Text}]
				}
			}
			local, instance := "", ""
			written := string(bytes.Trim(id.Span.Text(), `"'`))
			switch {
			case strings.Contains(written, "${{") && written != job:
				local, instance = strings.Replace(address, "jobs."+job, "jobs."+written, 1), job
			case id.Span.Source == item.Span.Source || item.Span.Source == root.Span.Source:
			default:
				local = "*" + within(address, job, step, item.Span.Source)
			}
			if environment := environments[job]; environment != "" && field.Key == "flows" && item.Get("secret", "store").Str() == "" && item.Get("platform_token").Text != "true" {
				local = "environments." + environment + "." + cmp.Or(local, address)
				item.Set("environment", lint.Span{}, lint.NewString(environment, lint.Span{}))
			}
			if local != "" {
				item.Set("local_address", lint.Span{}, lint.NewString(local, lint.Span{}))
			}
			if instance != "" {
				item.Set("instance", lint.Span{}, lint.NewString(instance, lint.Span{}))
			}
		}
	}
}

// within is an address without the job, and without the steps that stand in another file.
func within(address, job string, step *lint.Node, file *lint.Source) string {
	of := step.Get("address").Str()
	rest, inStep := strings.CutPrefix(address, of)
	if of == "" || !inStep {
		return strings.TrimPrefix(address, "jobs."+job)
	}
	if i := strings.LastIndex(of, ".steps."); i >= 0 && step.Span.Source == file {
		return of[i:] + rest
	}
	return rest
}
