package github

import (
	"bytes"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/model"
	"github.com/policyctl/policyctl/internal/regex"
)

// stepComponent reads a step that runs an action.
func (g *collector) stepComponent(n *lint.Node, p place) {
	c := g.component(n.Get("uses"), "action", p)
	c.Inputs, c.Inner = model.InputsOf(n.Get("with")), p.scope.call != nil
	g.Components = append(g.Components, c)
	for _, field := range n.Get("with").Object() {
		at := "input"
		if c.Kind == "image" && field.Key == "args" && shellLine().MatchString(n.Get("with", "entrypoint").Str()+" "+field.Value.Str()) {
			at = "inline"
		}
		g.value(field.Value, p.Field(field, "with").At(at))
	}
	if action(c) == "actions/checkout" {
		g.checkout(c, p)
	}
}

// shellLine finds the entry point and arguments of an image by which a shell runs a line.
var shellLine = regex.Lazy(`^\s*(?:/bin/|/usr/bin/)?(?:ba|da|z|k)?sh\s+-\w*c\b`)

// action is the name of an action of another repository.
func action(c model.Component) string {
	if c.Kind != "action" || c.Pin == "local" {
		return ""
	}
	return c.Owner + "/" + c.Name
}

// component reads a reference to an action, a workflow or an image.
func (g *collector) component(ref *lint.Node, kind string, p place) model.Component {
	c := model.Component{At: ref.Span, Address: model.Join(p.Address, "uses"), Ref: model.TextOf(ref), Kind: kind, Job: p.Job, Step: p.Step, Inputs: model.InputsOf(nil)}
	if len(ref.Text) > model.MaxReference {
		c.Pin = "unknown"
		return c
	}
	if image, ok := strings.CutPrefix(ref.Text, "docker://"); ok {
		c.Kind = "image"
		c.SetImage(image)
		return c
	}
	if strings.HasPrefix(ref.Text, "./") {
		c.Name, c.Pin, c.FirstParty = strings.TrimPrefix(ref.Text, "./"), "local", true
		return c
	}
	name, version, pinned := strings.Cut(strings.ToLower(ref.Text), "@")
	c.Owner, c.Name, _ = strings.Cut(name, "/")
	c.FirstParty = c.Owner == "actions" || c.Owner == "github"
	c.Version = version
	switch {
	case strings.Contains(name, "${{"):
		c.Pin = "unknown"
		g.AddGap(ref.Span, "which component runs is known only when it runs, and was not judged", "computed", p.Place)
	case !pinned:
		c.Pin = "none"
		g.AddGap(ref.Span, "a component of another repository without a version, which GitHub refuses", "syntax", p.Place)
	case model.IsDigest(version):
		c.Pin, c.Version = "digest", commentBehind(ref.Span)
	case model.IsVersion(version):
		c.Pin = "version"
	default:
		c.Pin = "branch"
	}
	return c
}

func (g *collector) image(n *lint.Node, options string, p place) {
	name := strings.TrimPrefix(n.Str(), "docker://")
	if name == "" || name == "Dockerfile" {
		return
	}
	c := model.Component{At: n.Span, Address: model.Join(p.Address, "image"), Ref: model.TextOf(n), Kind: "image", Job: p.Job, Step: p.Step, Inputs: model.InputsOf(nil)}
	c.SetImage(name)
	c.Privileged = model.Privileges(options)
	g.Components = append(g.Components, c)
}

// maxComment bounds the search for a comment in files without line breaks.
const maxComment = 200

// commentBehind is the version that people and tools note behind a digest:
// "# v4.1.2".
func commentBehind(at lint.Span) string {
	if at.Source == nil {
		return ""
	}
	rest := at.Source.Data[at.End:]
	line, _, _ := bytes.Cut(rest[:min(len(rest), maxComment)], []byte("\n"))
	_, comment, found := bytes.Cut(line, []byte(" #"))
	words := strings.Fields(string(comment))
	for _, word := range words {
		if word = strings.TrimPrefix(word, "tag="); found && model.IsVersion(word) {
			return word
		}
	}
	return ""
}

// checkout reads actions/checkout: whose code it fetches, and whether it leaves
// the token behind.
func (g *collector) checkout(c model.Component, p place) {
	checkout := model.Checkout{At: c.At, Address: p.Address, Job: p.Job, Step: *p.Step}
	repository, of := g.sourceOf(c.Inputs.Get("repository"), p)
	ref, at := g.sourceOf(c.Inputs.Get("ref"), p)
	switch checkout.Source = ref; {
	case ref == "change":
		checkout.Ref = at
	case repository == "change":
		checkout.Source, checkout.Ref = repository, of
	case repository != "default":
		checkout.Source = repository
	}
	checkout.Credential = credential(c)
	g.Checkouts = append(g.Checkouts, checkout)
}

// credential: up to version 5 the token is written into the copy, since then
// into a folder beside it.
func credential(c model.Component) string {
	major, _ := c.Release()
	switch keep := c.Inputs.Get("persist-credentials").Str(); {
	case strings.EqualFold(keep, "false"):
		return "removed"
	case strings.Contains(keep, "${{") || major < 0:
		return "unknown"
	case major > 5:
		return "beside"
	}
	return "work_tree"
}

// changes are the values that name what an outsider proposes. A number does so
// only where refs/pull/ stands before it.
var changes = []string{
	"github.head_ref",
	"github.event.pull_request.head.ref", "github.event.pull_request.head.sha", "github.event.pull_request.head.label",
	"github.event.pull_request.head.repo.full_name", "github.event.pull_request.head.repo.clone_url", "github.event.pull_request.head.repo.ssh_url",
	"github.event.pull_request.head.repo.git_url", "github.event.pull_request.head.repo.html_url", "github.event.pull_request.merge_commit_sha",
	"github.event.pull_request.diff_url", "github.event.pull_request.patch_url",
	"github.event.workflow_run.head_branch", "github.event.workflow_run.head_sha", "github.event.workflow_run.head_commit.id",
	"github.event.workflow_run.head_repository.full_name",
	"github.event.workflow_run.pull_requests.*.head.ref", "github.event.workflow_run.pull_requests.*.head.sha",
}

// defaults are the values that a checkout without them would take as well, or
// that the repository's own people choose.
var defaults = []string{
	"github.ref", "github.ref_name", "github.sha", "github.repository", "github.base_ref", "github.event.repository.default_branch",
	"github.event.pull_request.base.ref", "github.event.pull_request.base.sha", "github.event.pull_request.base.repo.full_name",
}

// sourceOf says whose code a ref or repository means, and of a change what names it.
func (g *collector) sourceOf(n *lint.Node, p place) (string, model.Text) {
	if n.Str() == "" {
		return "default", model.Text{}
	}
	found := g.expressions(n, p)
	if len(found) == 0 {
		return "other", model.Text{}
	}
	source := "default"
	for _, l := range found {
		for _, u := range g.uses(l.expr, p.scope, nil, true) {
			switch {
			case !u.flows:
			case strings.Contains(n.Text, "refs/pull/") || among(changes, u):
				return "change", model.Text{Value: strings.Join(u.path, "."), At: l.at, Via: u.via}
			case !among(defaults, u):
				source = "unknown"
			}
		}
	}
	return source, model.Text{}
}

func among(paths []string, u use) bool {
	return slices.ContainsFunc(paths, func(path string) bool { return matches(strings.Split(path, "."), u) })
}

// scriptCheckouts finds the command by which scripts fetch a pull request.
func (g *collector) scriptCheckouts(run *lint.Node, p place) {
	key := scalarKey{run.Span, len(run.Text), false}
	named, seen := g.fetches[key]
	if !seen || run.Span.Source == nil {
		named = checksOut(run.Str())
		g.fetches[key] = named
	}
	if named[1] > 0 {
		text := model.TextOf(run)
		ref := model.Text{Value: run.Str()[named[0]:named[1]], At: model.NewPlacedText(text).Part(named[0], named[1]), Via: text.Via}
		g.Checkouts = append(g.Checkouts, model.Checkout{At: run.Span, Address: p.Address, Job: p.Job, Step: *p.Step, Source: "change", Credential: "unknown", Ref: ref})
	}
}

var scriptWord = regex.Lazy(`\S+`)

// checksOut finds "gh pr checkout", and "git fetch origin pull/1/head" followed
// by "git checkout" or the like: the words that name the change.
func checksOut(script string) [2]int {
	at := scriptWord().FindAllStringIndex(script, -1)
	word := func(i int) string { return script[at[i][0]:at[i][1]] }
	fetched, fetching := [2]int{}, false
	for i := 1; i < len(at); i++ {
		verb := word(i)
		switch {
		case word(i-1) == "pr" && verb == "checkout" && i > 1 && (word(i-2) == "gh" || word(i-2) == "hub"):
			return [2]int{at[i-2][0], at[i][1]}
		case word(i-1) == "git":
			if fetched[1] > 0 && slices.Contains([]string{"checkout", "switch", "merge", "rebase", "reset"}, verb) {
				return fetched
			}
			fetching = verb == "fetch" || verb == "pull"
		case fetching && strings.Contains(verb, "pull/"):
			fetched = [2]int(at[i])
		}
	}
	return [2]int{}
}
