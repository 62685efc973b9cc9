package check_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/check"
	"github.com/policyctl/policyctl/internal/discover"
	"github.com/policyctl/policyctl/internal/eval"
	"github.com/policyctl/policyctl/internal/gate"
	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse"
	"github.com/policyctl/policyctl/internal/pipeline"
	"github.com/policyctl/policyctl/policies"
	"github.com/policyctl/policyctl/reports"
	"github.com/policyctl/policyctl/scanner"
)

var now = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)

func program(t testing.TB, packs ...eval.Pack) *eval.Program {
	t.Helper()
	if packs == nil {
		packs = []eval.Pack{{FS: policies.FS, Trusted: true}}
	}
	p, err := eval.Load(context.Background(), eval.Options{
		Packs: packs, Platforms: check.Platforms(), Tiers: []lint.Tier{lint.Default, lint.Strict, lint.Audit}, Now: now,
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func credentials(t testing.TB) *scanner.Scanner {
	t.Helper()
	s, err := scanner.New(scanner.Options{Detectors: scanner.Ours()})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func run(t testing.TB, c check.Check) check.Result {
	t.Helper()
	if c.Policies == nil {
		c.Policies = program(t)
	}
	if c.Scanner == nil {
		c.Scanner = credentials(t)
	}
	if c.Gate == nil {
		c.Gate = &gate.Gate{Thresholds: gate.DefaultThresholds(), Now: now}
	}
	result, err := c.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// render writes a result in every format.
func render(t testing.TB, root string, result check.Result) string {
	t.Helper()
	var b bytes.Buffer
	for _, format := range reports.Formats() {
		report := reports.Report{Verdict: result.Verdict, Sensitive: result.Sensitive, Version: "1.0.0", Verbose: true, Source: func(at lint.Location) *lint.Source {
			data, err := os.ReadFile(filepath.Join(root, at.Path))
			if err != nil {
				return nil
			}
			return &lint.Source{Path: at.Path, Data: data}
		}}
		if err := reports.Write(format, &b, report); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

const shop = "../../testdata/shop"

// copyShuffled copies a tree, its files in random order: what a file system
// returns first must make no difference.
func copyShuffled(t testing.TB, from string, seed uint64) string {
	t.Helper()
	to := t.TempDir()
	var files []string
	err := filepath.WalkDir(from, func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			files = append(files, name)
		}
		return err
	})
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	rand.New(rand.NewPCG(seed, 0)).Shuffle(len(files), func(i, j int) { files[i], files[j] = files[j], files[i] })
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		relative, _ := filepath.Rel(from, name)
		write(t, filepath.Join(to, relative), string(data))
	}
	return to
}

func write(t testing.TB, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func TestSameInputSameBytes(t *testing.T) {
	var first string
	for i, jobs := range []int{1, 1, 8, 3} {
		root := copyShuffled(t, shop, uint64(i))
		got := render(t, root, run(t, check.Check{Files: discover.Options{Root: root}, Jobs: jobs}))
		if first == "" {
			first = got
		}
		if diff := cmp.Diff(first, got); diff != "" {
			t.Fatalf("run %d with %d jobs differs:\n%s", i+1, jobs, diff)
		}
	}
	if len(first) < 10_000 {
		t.Errorf("the reports have only %d bytes", len(first))
	}
}

// secret makes up a password when the test runs.
func secret(seed uint64) string {
	random := rand.New(rand.NewPCG(seed, 7))
	const letters = "abcdefghkmnpqrstuvwxyzABCDEFGHKLMNPQRSTUVWXYZ23456789"
	var b strings.Builder
	for range 24 {
		b.WriteByte(letters[random.IntN(len(letters))])
	}
	return b.String()
}

// TestNoSecretLeavesTheScanner plants credentials in every platform, has a
// policy put its whole input into a message, breaks files in the middle of
// values, and searches every report.
func TestNoSecretLeavesTheScanner(t *testing.T) {
	root := t.TempDir()
	files := map[string]string{
		"main.tf":                   "resource \"aws_db_instance\" \"x\" {\n  password = \"%s\"\n}\nvariable \"db_password\" {\n  default = \"%s\"\n}\nprovider \"aws\" {\n  secret_key = \"%s\"\n}\n",
		"broken.tf":                 "locals {\n  password = \"%s\n}\n",
		"deploy/pod.yaml":           "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec:\n  containers:\n    - name: x\n      env:\n        - {name: DB_PASSWORD, value: \"%s\"}\n      args: [\"--password=%s\"]\n",
		"deploy/secret.yaml":        "apiVersion: v1\nkind: Secret\nmetadata: {name: x}\nstringData:\n  password: %s\n",
		"deploy/broken.yaml":        "apiVersion: v1\nkind: Secret\nstringData:\n  password: \"%s\n  x: [\n",
		"compose.yaml":              "services:\n  x:\n    environment:\n      DATABASE_URL: postgres://u:%s@db/x\n      API_TOKEN: %s\n    command: redis-server --requirepass %s\n",
		"Dockerfile":                "FROM scratch\nENV DB_PASSWORD=%s\nARG API_TOKEN=%s\nRUN curl -u user:%s https://example.com\n",
		"bad/Dockerfile":            "FROM scratch\nENV \"DB_PASSWORD=%s\nNOSUCH %s\n",
		".github/workflows/ci.yml":  "on: push\njobs:\n  x:\n    runs-on: ubuntu-latest\n    env: {DB_PASSWORD: \"%s\"}\n    steps:\n      - run: curl -u user:%s https://example.com\n",
		".github/workflows/bad.yml": "on: push\njobs:\n  x:\n    env: {DB_PASSWORD: \"%s\"\n",
		"app.env":                   "DB_PASSWORD=%s\n",
		"x.secret.yaml":             "apiVersion: policyctl.dev/v1\nkind: SecretContract\nmetadata: {name: x}\nspec:\n  value: %s\n  purpose: \"%s\"\n  class: api-key\n",
		"y.secret.yaml":             "apiVersion: policyctl.dev/v1\nkind: SecretContract\nmetadata: {name: y}\nspec:\n  class: %s\n  state: %s\n  owner: {team: %s, %s: x}\n  review: {interval: %s}\n  detection: {patterns: ['(%s']}\nstatus: {lastRotated: %s}\n",
		".policyctl/waivers.yaml":   "",
	}
	var planted []string
	seed := uint64(0)
	for name, text := range files {
		for strings.Contains(text, "%s") {
			seed++
			value := secret(seed)
			planted = append(planted, value)
			text = strings.Replace(text, "%s", value, 1)
		}
		write(t, filepath.Join(root, name), text)
	}
	result := run(t, check.Check{Files: discover.Options{Root: root}, Policies: program(t, eval.Pack{FS: policies.FS, Trusted: true}, talkative()), Jobs: 2})
	report := render(t, root, result)
	for _, value := range planted {
		if i := strings.Index(report, value); i >= 0 {
			t.Errorf("a credential is printed: …%s…", strings.ReplaceAll(report[max(0, i-200):min(len(report), i+60)], value, "<here>"))
		}
	}
	if n := len(result.Verdict.Findings); n < 12 {
		t.Errorf("only %d findings", n)
	}
}

// talkative is a policy that says all it knows: nothing but the value that the
// scanner or the rule's tag calls a credential is taken out.
func talkative() eval.Pack {
	text := "# METADATA\n# title: T\n# description: D.\n# custom: {severity: low, fix: F.}\npackage policyctl.%s.talkative\n\n" +
		"deny contains {\"message\": json.marshal(input), \"subject\": json.marshal(input)}\n"
	files := map[string]string{}
	for _, platform := range []string{"compose", "kubernetes"} {
		files[platform+"/talkative/talkative.rego"] = fmt.Sprintf(text, platform)
	}
	return eval.Pack{Label: "talkative", FS: mapFS(files)}
}

// samples copies the samples of a folder, without the ending that keeps them from being
// taken for files of this repository.
func samples(t *testing.T, dir string) string {
	t.Helper()
	to := t.TempDir()
	err := filepath.WalkDir(dir, func(name string, _ fs.DirEntry, err error) error {
		bare, is := strings.CutSuffix(name, ".sample")
		if err != nil || !is {
			return err
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		inside, err := filepath.Rel(dir, bare)
		if err != nil {
			return err
		}
		write(t, filepath.Join(to, inside), string(data))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return to
}

// TestPlacesHoldValues holds the samples to the invariant of places: what stands
// at the place of a plain word is that word.
func TestPlacesHoldValues(t *testing.T) {
	seen := map[string]int{}
	roots, err := filepath.Glob("../pipeline/*/testdata")
	if err != nil {
		t.Fatal(err)
	}
	for i, root := range roots {
		roots[i] = samples(t, root)
	}
	for _, root := range append(roots, shop, "../../testdata/shop-clean") {
		listing, err := discover.Files(context.Background(), discover.Options{Root: absolute(t, root)})
		if err != nil {
			t.Fatal(err)
		}
		for _, unit := range parse.Units(listing.Files, nil) {
			var sources []*lint.Source
			for _, name := range unit {
				data, err := os.ReadFile(filepath.Join(root, name))
				if err != nil {
					t.Fatal(err)
				}
				sources = append(sources, &lint.Source{Path: name, Data: data})
			}
			docs, _ := parse.Parse(sources, nil)
			for _, doc := range docs {
				seen[doc.Platform] += holdsValues(t, doc)
				if linked := pipeline.Link(doc, nil); linked != nil {
					seen[linked.Platform] += locates(t, linked)
				}
			}
		}
	}
	for _, platform := range append(parse.Platforms(), pipeline.Platform) {
		if seen[platform] == 0 {
			t.Errorf("no value of the platform %s was looked at", platform)
		}
	}
}

// holdsValues compares words with what stands at their places, and counts them.
func holdsValues(t *testing.T, doc *lint.Document) int {
	compared := 0
	doc.Root.Walk(func(path lint.Path, n *lint.Node) bool {
		text := string(n.Span.Text())
		literal := n.Kind == lint.String && n.Text != "" && !strings.ContainsAny(n.Text+text, "\\\n$'\"{(") && len(n.Via)+len(n.Way) == 0
		if !literal || n.Span.Source == nil {
			return true
		}
		compared++
		if text != n.Text && !strings.Contains(text, n.Text) {
			t.Errorf("%s: %s %s: %q stands there, want %q", doc.Path, doc.Platform, path, text, n.Text)
		}
		return true
	})
	return compared + locates(t, doc)
}

// locates asks for the place of every path.
func locates(t *testing.T, doc *lint.Document) int {
	located := 0
	doc.Root.Walk(func(path lint.Path, n *lint.Node) bool {
		place, err := doc.Locate(path, lint.Spot{})
		switch {
		case err != nil:
			t.Errorf("%s: %s: %v", doc.Path, path, err)
		case place.Location.Path == "":
			t.Errorf("%s: %s stands in no file", doc.Path, path)
		}
		located++
		return true
	})
	return located
}

func absolute(t testing.TB, dir string) string {
	t.Helper()
	path, err := filepath.Abs(dir)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// TestNothingCheckedIsNoPass has runs that see nothing.
func TestNothingCheckedIsNoPass(t *testing.T) {
	empty := run(t, check.Check{Files: discover.Options{Root: t.TempDir()}, Jobs: 1})
	if got := empty.Verdict.Status(); got != gate.ExitNotChecked {
		t.Errorf("a folder without files: status %d", got)
	}
	root := t.TempDir()
	write(t, filepath.Join(root, "a.yaml"), "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\n")
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	c := check.Check{Files: discover.Options{Root: root}, Policies: program(t), Scanner: credentials(t), Gate: &gate.Gate{Now: now}, Jobs: 1}
	if result, err := c.Run(ended); err == nil && result.Verdict.Status() != gate.ExitNotChecked {
		t.Errorf("a run that was ended: status %d", result.Verdict.Status())
	}
}

// TestOneCredentialOneFinding has values that the scanner finds, that a policy
// finds, and that both find.
func TestOneCredentialOneFinding(t *testing.T) {
	root := t.TempDir()
	url := "postgres://shop:" + secret(1) + "@db/shop"
	write(t, filepath.Join(root, "notes.txt"), "see "+url+"\n")
	write(t, filepath.Join(root, "compose.yaml"), "services:\n  web:\n    environment:\n      DATABASE_URL: "+url+"\n")
	got := ""
	for _, f := range run(t, check.Check{Files: discover.Options{Root: root}, Jobs: 1}).Verdict.Findings {
		got += fmt.Sprintf("%s %s\n", f.Location, f.Rule.ID)
	}
	if want := "compose.yaml:4:32 compose/credential-in-url\nnotes.txt:1:21 secret/url-credential\n"; got != want {
		t.Errorf("got\n%s", got)
	}
}

// TestNames holds the names that are known without parsing policies to those that parsing
// gives: a run looks at them first.
func TestNames(t *testing.T) {
	own := fstest.MapFS{"anything.rego": {Data: []byte(`# METADATA
# title: Pod has a name
# description: It does.
# custom:
#   severity: low
#   fix: Leave it.
package policyctl.kubernetes.of_our_own

deny contains {"message": "m"} if input.kind == "Pod"
`)}}
	p := program(t, eval.Pack{FS: policies.FS, Trusted: true}, eval.Pack{Label: "own", FS: own})
	all, err := check.Rules(p, credentials(t))
	if err != nil {
		t.Fatal(err)
	}
	ids := func(rules []*lint.Rule) []string {
		var ids []string
		for _, rule := range rules {
			ids = append(ids, rule.ID)
		}
		slices.Sort(ids)
		return ids
	}
	got := ids(check.Names(p, credentials(t)))
	if diff := cmp.Diff(ids(all), got); diff != "" {
		t.Errorf("(-rules +names):\n%s", diff)
	}
	if !slices.Contains(got, "kubernetes/of-our-own") {
		t.Error("a rule of the repository's own is missing")
	}
}

// What was interrupted is no list of a repository, not even a short one.
func TestReadEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	c := check.Check{Files: discover.Options{Root: t.TempDir()}, Gate: &gate.Gate{}, Jobs: 1}
	if _, err := c.Read(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// What padding hides in a script was not checked.
func TestScriptThatIsCutShort(t *testing.T) {
	for padding, want := range map[int]int{1: 0, 300_000: 1} {
		root := t.TempDir()
		write(t, filepath.Join(root, ".github/workflows/ci.yml"), "on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n"+
			"      - env: {KEY: \"${{ secrets.KEY }}\"}\n        run: |\n"+strings.Repeat("          # "+strings.Repeat("padding ", 30)+"\n", padding/240)+"          echo \"$KEY\" | rev\n")
		failures := run(t, check.Check{Files: discover.Options{Root: root}, Jobs: 1}).Verdict.Coverage.Failures
		cut := 0
		for _, failure := range failures {
			if strings.Contains(failure.Message, "the script is too long") {
				cut++
			}
		}
		if cut != want {
			t.Errorf("with %d bytes of padding: got failures %v, want %d of a script that is too long", padding, failures, want)
		}
	}
}
