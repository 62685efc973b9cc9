package dockerfile

import (
	"bytes"
	"cmp"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
	"github.com/policyctl/policyctl/internal/yaml"
)

// Limits of what is looked for in the context of a build.
const (
	maxTaken    = 100      // files
	maxText     = 64 << 10 // bytes of one
	maxCompose  = 32       // Compose files that are asked for the context
	maxFollowed = 500_000  // steps: from file to source, and from stage to stage
	maxNamed    = 100      // sources that tell where the context is
)

// build is what an image is built from: a folder, and the stage that becomes an image besides
// the last, or "".
type build struct{ root, target string }

// takes notes which files with the name of a credential the instructions of a document take
// into an image although nobody names them: with COPY . or a pattern.
func takes(doc *lint.Document, files func(string) *lint.Source) {
	if files == nil {
		return
	}
	t := &taking{doc: doc, files: files, globals: map[string]*lint.Node{}, left: maxFollowed}
	for _, pair := range doc.Root.Get("args").List() {
		t.globals[pair.Get("key").Str()] = pair.Get("value")
	}
	for i, stage := range doc.Root.Get("stages").List() {
		t.stage(i, stage)
	}
	if len(t.copies) == 0 {
		return
	}
	if all := files("**"); all != nil {
		t.all = strings.Split(strings.TrimSuffix(string(all.Data), "\n"), "\n")
	}
	for _, b := range t.builds() {
		t.build(b)
	}
}

type taking struct {
	doc     *lint.Document
	files   func(string) *lint.Source
	globals map[string]*lint.Node // defaults of arguments before the first FROM
	all     []string              // files of the repository, sorted
	stages  []stage
	copies  []copying // from the context
	taken   int
	left    int // steps that may still be made
}

// stage is what later ones can take of one: all of it, or what they name.
type stage struct {
	name, dir string
	variables map[string]string
	parent    int       // the stage that it begins with, or -1
	into      []copying // which stages take files of this one
	removed   []string  // what RUN rm names
}

// copying is one COPY or ADD.
type copying struct {
	node                 *lint.Node
	stage                int
	sources              []string
	to                   string // absolute; with a slash at the end if it is a folder
	exclude              ignoring
	parents, intoAFolder bool
}

func (t *taking) stage(i int, node *lint.Node) {
	image := node.Get("image").Str()
	s := stage{name: strings.ToLower(node.Get("name").Str()), parent: t.named(image), dir: "/", variables: map[string]string{}}
	if s.parent >= 0 {
		s.dir = t.stages[s.parent].dir
		for name, value := range t.stages[s.parent].variables {
			s.variables[name] = value
		}
	}
	t.stages = append(t.stages, s)
	for _, instruction := range node.Get("instructions").List() {
		if instruction.Get("onbuild") == nil {
			t.instruction(i, instruction)
		}
	}
}

// named is the latest stage of a name or number, or -1.
func (t *taking) named(name string) int {
	if n, err := strconv.Atoi(name); err == nil && n >= 0 && n < len(t.stages) {
		return n
	}
	for i := len(t.stages) - 1; i >= 0 && name != ""; i-- {
		if t.stages[i].name == strings.ToLower(name) {
			return i
		}
	}
	return -1
}

func (t *taking) instruction(i int, node *lint.Node) {
	s := &t.stages[i]
	switch node.Get("name").Str() {
	case "ENV", "ARG":
		t.declare(s, node)
	case "WORKDIR":
		s.dir = s.under(node.At(lint.Path{"args", 0}).Str())
	case "RUN":
		for _, command := range node.Get("commands").List() {
			if words := command.Get("words").List(); len(words) > 0 && words[0].Str() == "rm" {
				for _, word := range words[1:] {
					s.removed = append(s.removed, word.Str())
				}
			}
		}
	case "COPY", "ADD":
		t.copying(i, node)
	}
}

// declare keeps values that depend on nothing. An ARG without one takes that of the
// argument before the first FROM.
func (t *taking) declare(s *stage, node *lint.Node) {
	for _, pair := range node.Get("pairs").List() {
		value := pair.Get("value")
		if value == nil {
			value = t.globals[pair.Get("key").Str()]
		}
		if value != nil {
			s.variables[pair.Get("key").Str()] = s.expand(value.Str())
		}
	}
}

var reference = regex.Lazy(`\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*))`)

// expand puts values in place of the variables that have one, up to a length that paths have.
func (s *stage) expand(text string) string {
	expanded := reference().ReplaceAllStringFunc(text, func(name string) string {
		if value, known := s.variables[strings.Trim(name, "${}")]; known {
			return value
		}
		return name
	})
	if len(expanded) > 4096 {
		return text
	}
	return expanded
}

// under is a path as an instruction writes it, from the root of the image.
func (s *stage) under(name string) string {
	name = s.expand(name)
	if path.IsAbs(name) {
		return path.Clean(name)
	}
	return path.Join(s.dir, name)
}

func (t *taking) copying(i int, node *lint.Node) {
	s := &t.stages[i]
	c := copying{node: node, stage: i, to: s.under(node.Get("destination").Str())}
	for _, source := range node.Get("sources").List() {
		c.sources = append(c.sources, s.expand(source.Str()))
	}
	var excluded strings.Builder
	c.intoAFolder = len(c.sources) > 1 || strings.HasSuffix(node.Get("destination").Str(), "/") || path.Clean(s.expand(node.Get("destination").Str())) == "."
	for _, flag := range node.Get("flags").List() {
		switch flag.Get("name").Str() {
		case "exclude":
			excluded.WriteString(flag.Get("value").Str() + "\n")
		case "parents":
			c.parents = flag.Get("value") == nil || flag.Get("value").Str() == "true"
		}
	}
	c.exclude = ignored(excluded.String())
	from := node.Get("from")
	if from == nil {
		t.copies = append(t.copies, c)
		return
	}
	if n := t.named(from.Str()); n >= 0 && n < i {
		t.stages[n].into = append(t.stages[n].into, c)
	}
}

// landed says by which source a file is taken, and where it then is.
func (c copying) landed(file string) (source int, to string) {
	for i, pattern := range c.sources {
		below, ok := covered(strings.Trim(path.Clean("/"+pattern), "/"), file)
		switch {
		case !ok || strings.Contains(pattern, "://") || c.exclude.ignores(file):
		case c.parents:
			return i, path.Join(c.to, file)
		case below == "" && c.intoAFolder:
			return i, path.Join(c.to, path.Base(file))
		default:
			return i, path.Join(c.to, below)
		}
	}
	return -1, ""
}

// covered says whether a pattern stands for a file or for a folder above it, and what
// of the path is then below the folder.
func covered(pattern, file string) (below string, ok bool) {
	if pattern == "" {
		return file, true
	}
	parts := strings.Split(file, "/")
	n := strings.Count(pattern, "/") + 1
	if n > len(parts) {
		return "", false
	}
	ok, err := path.Match(pattern, strings.Join(parts[:n], "/"))
	return strings.Join(parts[n:], "/"), ok && err == nil
}

// builds are the contexts that Compose files declare for the file. Without one it is the
// folder in or above which most of what the file copies by name stands, the nearest of them.
func (t *taking) builds() []build {
	if declared := t.declared(); len(declared) > 0 {
		return declared
	}
	var named []string
	for _, c := range t.copies {
		for _, source := range c.sources {
			if source = strings.Trim(path.Clean("/"+source), "/"); source != "" && len(named) < maxNamed {
				named = append(named, source)
			}
		}
	}
	best, most := path.Dir(t.doc.Path), -1
	for dir := best; ; dir = path.Dir(dir) {
		n := 0
		for _, source := range named {
			if t.exists(path.Join(dir, source)) {
				n++
			}
		}
		if n > most {
			best, most = dir, n
		}
		if dir == "." || dir == "/" {
			return []build{{root: best}}
		}
	}
}

func (t *taking) exists(name string) bool {
	if _, found := slices.BinarySearch(t.all, name); found {
		return true
	}
	i, _ := slices.BinarySearch(t.all, name+"/")
	return i < len(t.all) && strings.HasPrefix(t.all[i], name+"/")
}

var composeFile = regex.Lazy(`(?i)(?:^|/)(?:docker-|podman-)?compose(?:[._-][^/]*)?\.ya?ml$`)

// declared asks the Compose files above the file, and those below the same folder of the
// repository: of others, what stands there is another project.
func (t *taking) declared() []build {
	var builds []build
	asked := 0
	project, _, nested := strings.Cut(t.doc.Path, "/")
	dir := path.Dir(t.doc.Path)
	for _, name := range t.all {
		if name == "" || name[len(name)-1]|0x20 != 'l' || !composeFile().MatchString(name) || nested && strings.Contains(name, "/") && !strings.HasPrefix(name, project+"/") {
			continue
		}
		if asked++; asked > maxCompose {
			t.gap("the Compose files are many: not each was asked for the context of the build")
			break
		}
		src := t.files(name)
		if src == nil || len(src.Data) > maxFile || !bytes.Contains(src.Data, []byte("build")) ||
			path.Dir(name) != dir && !bytes.Contains(src.Data, []byte("..")) && !bytes.Contains(src.Data, []byte(path.Base(dir))) { // it names another folder
			continue
		}
		roots, _ := yaml.Read(src)
		for _, root := range roots {
			for _, service := range root.Get("services").Object() {
				if b, ok := t.built(path.Dir(name), service.Value.Get("build")); ok && !slices.Contains(builds, b) {
					builds = append(builds, b)
				}
			}
		}
	}
	return builds
}

// built is what a service builds, if it is of the file.
func (t *taking) built(dir string, node *lint.Node) (build, bool) {
	context := cmp.Or(node.Str(), node.Get("context").Str(), ".")
	root := path.Join(dir, context)
	file := path.Join(root, cmp.Or(node.Get("dockerfile").Str(), "Dockerfile"))
	return build{root, node.Get("target").Str()}, node != nil && file == t.doc.Path
}

// named like credentials, or like files that often hold one.
var secretive = regex.Lazy(`(?i)(?:^|/)(?:` +
	`\.env(?:\.[^/]+)?|[^/]+\.env|\.envrc|\.npmrc|\.yarnrc\.yml|\.pypirc|pip\.conf|\.netrc|_netrc|\.pgpass|\.my\.cnf|\.git-credentials|\.?htpasswd|\.dockercfg|\.vault-token|\.s3cfg|\.boto|auth\.json|nuget\.config` +
	`|\.aws/(?:credentials|config)|\.docker/config\.json|\.kube/config|[^/]*kubeconfig[^/]*` +
	`|[^/]*(?:credential|secret|service[-_]?account|adminsdk|gcp|gcloud|google|[-_.]sa|key)[^/]*\.json|[^/]*(?:credential|secret)s?\.(?:ya?ml|ini|csv|toml|txt|properties|env)` +
	`|[^/]*\.tfstate(?:\.backup)?|[^/]*\.tfvars(?:\.json)?|master\.key|id_(?:rsa|dsa|ecdsa|ed25519)|[^/]*\.(?:pem|key|ppk|p12|pfx|jks|keystore|kdbx)` +
	`)$`)

// of practice, or of others
var harmless = regex.Lazy(`(?i)(?:^|/)(?:[^/]*[-_.])?(?:tests?|testing|testdata|fixtures?|examples?|samples?|demos?|docs?|specs?|e2e|mocks?|stubs?|node_modules|vendor|third[-_]party|site-packages|\.git)/` +
	`|[^/]*(?:example|sample|template|tmpl|dummy|snakeoil|\bdist\b|\.defaults?$|\.schema|\.test\b|\.ci$|package(?:-lock)?\.json|tsconfig|[-_.]keyboard|public|\bpub\b|cacert|truststore|keyring)[^/]*$`)

// build notes what one build takes.
func (t *taking) build(b build) {
	images := []int{len(t.stages) - 1}
	if n := t.named(b.target); n >= 0 {
		images = append(images, n)
	}
	prefix := b.root + "/"
	if b.root == "." {
		prefix = ""
	}
	rules, where := t.ignore(b.root)
	if b.root == "." && t.files(".git/") != nil && !rules.ignores(".git/config") {
		t.note(b, images, ".git/config", where)
	}
	first, _ := slices.BinarySearch(t.all, prefix)
	for _, name := range t.all[first:] {
		file, below := strings.CutPrefix(name, prefix)
		if !below {
			break
		}
		if !secretive().MatchString(file) || harmless().MatchString(file) || rules.ignores(file) {
			continue
		}
		if t.taken >= maxTaken || t.left < 0 {
			t.gap("what the image takes of the context was not judged in full: the stages, or the files named like credentials, are too many")
			return
		}
		t.note(b, images, file, where)
	}
}

// ignore reads what leaves files out of a context: a file beside the Dockerfile, with its
// name, or else the one of the context.
func (t *taking) ignore(root string) (ignoring, string) {
	for _, name := range []string{t.doc.Path + ".dockerignore", path.Join(root, ".dockerignore")} {
		if src := t.files(name); src != nil {
			if len(src.Data) > maxText {
				t.gap(".dockerignore is too large, what it leaves out was not judged")
				return ignored("**"), name
			}
			return ignored(string(src.Data)), name
		}
	}
	return ignoring{}, path.Join(root, ".dockerignore")
}

// note writes down beside an instruction that it takes a file into the image.
func (t *taking) note(b build, images []int, file, where string) {
	for _, c := range t.copies {
		t.left -= len(c.sources)
		source, to := c.landed(file)
		if source < 0 || noted(c.node, file) || !t.reaches(c.stage, images, to) {
			continue
		}
		name := path.Join(b.root, file)
		entry := lint.NewObject(lint.Span{})
		for _, field := range [][2]string{{"file", name}, {"line", file}, {"ignore", where}} {
			entry.Set(field[0], lint.Span{}, lint.NewString(field[1], lint.Span{}))
		}
		entry.Set("source", lint.Span{}, lint.NewNumber(int64(source), lint.Span{}))
		if src := t.text(name); src != nil && file != ".git/config" { // which is no part of the repository
			entry.Set("text", lint.Span{}, lint.NewString(string(src.Data), src.Whole()))
		}
		list := c.node.Get("takes")
		if list == nil {
			list = lint.NewList(lint.Span{})
			c.node.Set("takes", lint.Span{}, list)
		}
		list.Items = append(list.Items, entry)
		t.taken++
	}
}

func noted(instruction *lint.Node, file string) bool {
	return slices.ContainsFunc(instruction.Get("takes").List(), func(entry *lint.Node) bool { return entry.Get("line").Str() == file })
}

// text is what stands in a file, if it is one.
func (t *taking) text(name string) *lint.Source {
	src := t.files(name)
	if src != nil && len(src.Data) > maxText {
		t.gap("the image takes a large file with the name of a credential, it was not looked at")
		return nil
	}
	return src
}

// landing is a file in a stage.
type landing struct {
	stage int
	path  string
}

// reaches says whether a file of a stage is part of an image, by whatever stages in between.
// What an image takes is in its layers, deleted or not.
func (t *taking) reaches(from int, images []int, file string) bool {
	seen := map[landing]bool{}
	open := []landing{{from, file}}
	for len(open) > 0 {
		at := open[len(open)-1]
		open = open[:len(open)-1]
		if slices.Contains(images, at.stage) {
			return true
		}
		if seen[at] {
			continue
		}
		seen[at] = true
		for i := at.stage + 1; i < len(t.stages); i++ {
			if t.left--; t.stages[i].parent == at.stage {
				open = append(open, landing{i, at.path})
			}
		}
		for _, c := range t.stages[at.stage].into {
			t.left -= len(c.sources)
			if _, to := c.landed(strings.TrimPrefix(at.path, "/")); to != "" && !t.stages[at.stage].removes(at.path) {
				open = append(open, landing{c.stage, to})
			}
		}
		if t.left < 0 {
			return false
		}
	}
	return false
}

func (s *stage) removes(file string) bool {
	return slices.ContainsFunc(s.removed, func(word string) bool { return strings.TrimPrefix(path.Base(word), "./") == path.Base(file) })
}

func (t *taking) gap(message string) {
	at := t.doc.Root.Span.Location()
	if len(t.copies) > 0 {
		at = t.copies[0].node.Span.Location()
	}
	gap := lint.Gap{Location: at, Message: message}
	if !slices.Contains(t.doc.Gaps, gap) {
		t.doc.Gaps = append(t.doc.Gaps, gap)
	}
}
