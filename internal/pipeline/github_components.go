package pipeline

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// stepComponent reads a step that runs an action.
func (g *gitHub) stepComponent(n *lint.Node, p place) {
	c := g.component(n.Get("uses"), "action", p)
	c.Inputs, c.Inner = inputs(n.Get("with")), p.scope.call != nil
	g.Components = append(g.Components, c)
	for _, field := range n.Get("with").Object() {
		g.value(field.Value, p.of(field, "with").at("input"))
	}
	if c.action() == "actions/checkout" {
		g.checkout(c, p)
	}
}

func (c Component) action() string {
	if c.Kind != "action" || c.Pin == "local" {
		return ""
	}
	return c.Owner + "/" + c.Name
}

// maxRef bounds references and names of inputs: nothing that works is longer.
const maxRef = 1000

// component reads a reference to an action, a workflow or an image.
func (g *gitHub) component(ref *lint.Node, kind string, p place) Component {
	c := Component{At: ref.Span, Address: join(p.address, "uses"), Ref: text(ref), Kind: kind, Job: p.job, Step: p.step, Inputs: inputs(nil)}
	if len(ref.Text) > maxRef {
		c.Pin = "unknown"
		return c
	}
	if image, ok := strings.CutPrefix(ref.Text, "docker://"); ok {
		c.Kind = "image"
		c.setImage(image)
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
	case !pinned:
		c.Pin = "none"
	case isDigest(version):
		c.Pin, c.Version = "digest", commentBehind(ref.Span)
	case isVersion(version):
		c.Pin = "version"
	default:
		c.Pin = "branch"
	}
	return c
}

func (g *gitHub) image(n *lint.Node, p place) {
	name := strings.TrimPrefix(n.Str(), "docker://")
	if name == "" || name == "Dockerfile" {
		return
	}
	c := Component{At: n.Span, Address: join(p.address, "image"), Ref: text(n), Kind: "image", Job: p.job, Step: p.step, Inputs: inputs(nil)}
	c.setImage(name)
	g.Components = append(g.Components, c)
}

// setImage takes an image reference apart: registry/name:tag@digest.
func (c *Component) setImage(ref string) {
	if strings.Contains(ref, "${{") || len(ref) > maxRef {
		c.Pin = "unknown"
		return
	}
	name, digest, pinned := strings.Cut(ref, "@")
	path, tag := name, ""
	if colon := strings.LastIndexByte(name, ':'); colon > strings.LastIndexByte(name, '/') {
		path, tag = name[:colon], name[colon+1:]
	}
	c.Name, c.Version = strings.ToLower(path), tag
	if first, rest, ok := strings.Cut(c.Name, "/"); ok && strings.ContainsAny(first, ".:") {
		c.Owner, c.Name = first, rest
	}
	switch {
	case pinned && strings.Contains(digest, ":"):
		c.Pin = "digest"
	case tag == "":
		c.Pin = "none"
	case tag == "latest":
		c.Pin = "branch"
	default:
		c.Pin = "version"
	}
}

func isDigest(version string) bool {
	return (len(version) == 40 || len(version) == 64) && strings.Trim(version, "0123456789abcdef") == ""
}

// isVersion holds for 4, v4 and v4.1.2-beta.
func isVersion(version string) bool {
	number := strings.TrimPrefix(version, "v")
	return number != "" && number[0] >= '0' && number[0] <= '9'
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
		if word = strings.TrimPrefix(word, "tag="); found && isVersion(word) {
			return word
		}
	}
	return ""
}

// major and minor are -1 where they are not known: "v4" may be any minor.
func (c Component) release() (major, minor int) {
	major, minor = -1, -1
	if !isVersion(c.Version) {
		return
	}
	parts := strings.Split(strings.TrimPrefix(c.Version, "v"), ".")
	if n, err := strconv.Atoi(parts[0]); err == nil {
		major = n
	}
	if len(parts) > 1 {
		if n, err := strconv.Atoi(parts[1]); err == nil {
			minor = n
		}
	}
	return
}

// inputs gives the inputs of a component by lower-case names, scalars as text:
// "false" and false mean the same to an action. Of two that differ only in case
// the first counts.
func inputs(with *lint.Node) *lint.Node {
	if with == nil {
		return lint.NewObject(lint.Span{})
	}
	all, seen := lint.NewObject(with.Span), map[string]bool{}
	for _, field := range with.Object() {
		name, value := strings.ToLower(field.Key), field.Value
		if scalar(value) || value.Kind == lint.Null {
			value = &lint.Node{Kind: lint.String, Text: value.Text, Span: value.Span, Via: value.Via}
		}
		if !seen[name] && len(name) <= maxRef {
			all.Fields = append(all.Fields, lint.Field{Key: name, Span: field.Span, Value: value})
		}
		seen[name] = true
	}
	return all
}

// checkout reads actions/checkout: whose code it fetches, and whether it leaves
// the token behind.
func (g *gitHub) checkout(c Component, p place) {
	checkout := Checkout{At: c.At, Address: p.address, Job: p.job, Step: *p.step, Source: "default"}
	ref, repository := c.Inputs.Get("ref"), c.Inputs.Get("repository")
	switch from := g.sourceOf(repository, p); {
	case from == "change" || g.sourceOf(ref, p) == "change":
		checkout.Source = "change"
	case from != "default":
		checkout.Source = from
	default:
		checkout.Source = g.sourceOf(ref, p)
	}
	checkout.Credential = credential(c)
	g.Checkouts = append(g.Checkouts, checkout)
}

// credential: up to version 5 the token is written into the copy, since then
// into a folder beside it.
func credential(c Component) string {
	major, _ := c.release()
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
	"github.event.pull_request.head.repo.full_name", "github.event.pull_request.merge_commit_sha",
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

// sourceOf says whose code a ref or repository means.
func (g *gitHub) sourceOf(n *lint.Node, p place) string {
	if n.Str() == "" {
		return "default"
	}
	found := g.expressions(n, p)
	if len(found) == 0 {
		return "other"
	}
	source := "default"
	for _, l := range found {
		for _, u := range g.uses(l.expr, p.scope, nil, true) {
			switch {
			case !u.flows:
			case strings.Contains(n.Text, "refs/pull/") || among(changes, u):
				return "change"
			case !among(defaults, u):
				source = "unknown"
			}
		}
	}
	return source
}

func among(paths []string, u use) bool {
	return slices.ContainsFunc(paths, func(path string) bool { return matches(strings.Split(path, "."), u) })
}

// scriptCheckouts finds the command by which scripts fetch a pull request.
func (g *gitHub) scriptCheckouts(run *lint.Node, p place) {
	key := scalarKey{run.Span, len(run.Text), false}
	fetches, seen := g.fetches[key]
	if !seen || run.Span.Source == nil {
		fetches = checksOut(strings.Fields(run.Str()))
		g.fetches[key] = fetches
	}
	if fetches {
		g.Checkouts = append(g.Checkouts, Checkout{At: run.Span, Address: p.address, Job: p.job, Step: *p.step, Source: "change", Credential: "unknown"})
	}
}

// checksOut finds "gh pr checkout", and "git fetch origin pull/1/head" followed
// by "git checkout" or the like.
func checksOut(words []string) bool {
	fetched, fetching := false, false
	for i := 1; i < len(words); i++ {
		verb := words[i]
		switch {
		case words[i-1] == "pr" && verb == "checkout" && i > 1 && words[i-2] == "gh":
			return true
		case words[i-1] == "git":
			if fetched && slices.Contains([]string{"checkout", "switch", "merge", "rebase", "reset"}, verb) {
				return true
			}
			fetching = verb == "fetch" || verb == "pull"
		case fetching && strings.Contains(verb, "pull/"):
			fetched = true
		}
	}
	return false
}
