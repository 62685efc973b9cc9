package flows

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// got words how a job gets a secret.
var got = map[string]string{
	"pipeline_env": "variable of the pipeline", "job_env": "variable of the job", "step_env": "variable of a step", "container_env": "variable of a container",
	"input": "input", "build_arg": "build argument", "inline": "pasted into a script", "container_credential": "login to a registry", "forwarded": "secret of a called pipeline",
	"output": "output", "setting": "setting", "file": "file", "ambient": "set by the platform", "fetched": "fetched by a script", "default": "default of an input",
}

// WriteText writes for people: secrets, the jobs that get them, and where they go.
func (l List) WriteText(w io.Writer) error {
	var b strings.Builder
	for i, s := range l.Secrets {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(s.title() + "\n")
		for _, j := range s.Jobs {
			fmt.Fprintf(&b, "  %s\n", j.title())
			for _, e := range j.Exposures {
				fmt.Fprintf(&b, "    gets it: %s  %s\n", e.says(), e.Place)
			}
			for _, f := range j.Flows {
				fmt.Fprintf(&b, "    goes to: %s  %s\n", f.says(), f.Place)
				for _, step := range f.Way[:max(len(f.Way)-1, 0)] {
					fmt.Fprintf(&b, "      %s  %s\n", step.Message, step.Place)
				}
			}
		}
	}
	switch {
	case len(l.Secrets) == 0 && !l.Complete:
		b.WriteString("no pipeline gets a secret, as far as they could be read\n")
	case len(l.Secrets) == 0:
		b.WriteString("no pipeline gets a secret\n")
	}
	if !l.Complete {
		b.WriteString("\nnot everything could be read or resolved: there may be more\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (s Secret) title() string {
	title := s.Name
	if title == "*" {
		title = "every secret"
	}
	if from := strings.TrimSpace(s.Store + " " + s.Group); from != "" {
		title += " (" + from + ")"
	}
	return title
}

func (j Job) title() string {
	title := j.File
	if j.Job != "" {
		title += ", job " + j.Job
	}
	if j.Environment != "" {
		title += ", environment " + j.Environment
	}
	return title
}

func (e Exposure) says() string {
	said := got[e.At]
	if said == "" {
		said = e.At
	}
	if e.At == "fetched" && e.Component != "" {
		said = "fetched as"
	}
	if e.Variable != "" {
		said += " " + e.Variable
	}
	if e.Component != "" {
		said += " of " + e.Component
	}
	return said
}

// says names the sink, and what of the secret arrives there.
func (f Flow) says() string {
	words := []string{strings.ReplaceAll(f.Sink, "_", " ")}
	for _, part := range []struct{ before, word string }{{"by ", f.Command}, {"on ", f.Host}, {"at ", f.Path}, {"of ", f.Component}} {
		if part.word != "" {
			words = append(words, part.before+part.word)
		}
	}
	said := strings.Join(words, " ")
	if f.Sink == "output" || f.Sink == "env_file" {
		said += " " + f.Variable
	}
	var notes []string
	if len(f.Transformed) > 0 {
		notes = append(notes, "changed by "+strings.Join(slices.Compact(slices.Clone(f.Transformed)), ", "))
	}
	if f.Sink == "log" {
		notes = append(notes, map[string]string{"yes": "masked", "no": "not masked"}[f.Masked])
	}
	if f.Confidence != "exact" {
		notes = append(notes, f.Confidence)
	}
	notes = slices.DeleteFunc(notes, func(n string) bool { return n == "" })
	if len(notes) > 0 {
		said += " (" + strings.Join(notes, "; ") + ")"
	}
	return strings.TrimSpace(said)
}

// WriteMermaid writes a flowchart: secrets, jobs, and where they go.
func (l List) WriteMermaid(w io.Writer) error {
	var b strings.Builder
	b.WriteString("flowchart LR\n")
	ids, drawn := map[string]string{}, map[string]bool{}
	node := func(kind, label, open, close string) string {
		id, known := ids[kind+label]
		if !known {
			id = fmt.Sprintf("n%d", len(ids))
			ids[kind+label] = id
			fmt.Fprintf(&b, "  %s%s\"%s\"%s\n", id, open, escaped(label), close)
		}
		return id
	}
	edge := func(from, to, label string) {
		line := fmt.Sprintf("  %s -->|\"%s\"| %s\n", from, escaped(label), to)
		if !drawn[line] {
			drawn[line] = true
			b.WriteString(line)
		}
	}
	for _, s := range l.Secrets {
		secret := node("secret", s.title(), "(", ")")
		for _, j := range s.Jobs {
			job := node("job", j.title(), "[[", "]]")
			for _, e := range j.Exposures {
				edge(secret, job, e.says())
			}
			if len(j.Exposures) == 0 {
				edge(secret, job, "from another job")
			}
			for _, f := range j.Flows {
				edge(job, node("sink", f.end(), "{{", "}}"), s.Name+": "+f.says())
			}
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// end is what the sink leads to.
func (f Flow) end() string {
	for _, word := range []string{f.Host, f.Path, f.Component} {
		if word != "" {
			return strings.ReplaceAll(f.Sink, "_", " ") + " " + word
		}
	}
	return strings.ReplaceAll(f.Sink, "_", " ")
}

// escaped writes a text for a label of Mermaid.
func escaped(text string) string {
	return strings.NewReplacer("&", "#amp;", `"`, "#quot;", "<", "#lt;", ">", "#gt;", "\n", " ", "#", "#35;").Replace(text)
}

// Edges counts what a flowchart would draw.
func (l List) Edges() int {
	n := 0
	for _, s := range l.Secrets {
		for _, j := range s.Jobs {
			n += len(j.Exposures) + len(j.Flows)
		}
	}
	return n
}

// Files are those that the list quotes.
func (l List) Files() []string {
	var all []string
	for _, s := range l.Secrets {
		for _, j := range s.Jobs {
			all = append(all, j.File)
			for _, f := range j.Flows {
				all = append(all, f.File)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
