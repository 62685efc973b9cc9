package check_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/policyctl/policyctl/internal/check"
	"github.com/policyctl/policyctl/internal/discover"
	"github.com/policyctl/policyctl/internal/gate"
)

func writeAll(t testing.TB, text string) string {
	t.Helper()
	root := t.TempDir()
	for _, file := range txtar.Parse([]byte(text)).Files {
		write(t, filepath.Join(root, file.Name), string(file.Data))
	}
	return root
}

// about lists the findings of one rule, with the places beside their own.
func about(result check.Result, rule string) []string {
	var all []string
	for _, f := range result.Verdict.Findings {
		if f.Rule.ID != rule {
			continue
		}
		line := fmt.Sprintf("%s: %s", f.Location, f.Message)
		for _, r := range slices.Concat(f.Related, f.Flow) {
			line += fmt.Sprintf("; %s: %s", r.Location, r.Message)
		}
		all = append(all, line)
	}
	return all
}

const tree = `
-- envs/prod/main.tf --
module "db" {
  source   = "../../modules/db"
  for_each = toset(["a", "b", "c", "d", "e"])
  public   = true
}
-- envs/dev/main.tf --
module "db" {
  source = "../../modules/db"
  public = true
}
module "closed" {
  source = "../../modules/db"
  public = false
}
-- modules/db/main.tf --
variable "public" { type = bool }
resource "aws_db_instance" "main" {
  publicly_accessible = var.public
}
`

// TestOneFactIsOneFinding: what one line does for many instances and calls is said
// once, and keeps its fingerprint whoever calls next.
func TestOneFactIsOneFinding(t *testing.T) {
	const rule = "terraform/public-database"
	result := run(t, check.Check{Files: discover.Options{Root: writeAll(t, tree)}, Jobs: 2})
	want := []string{
		`modules/db/main.tf:3:25: module.db.aws_db_instance.main can be reached from the internet` +
			` (module.db.aws_db_instance.main, module.db["a"].aws_db_instance.main, module.db["b"].aws_db_instance.main and 3 more)` +
			`; envs/dev/main.tf:1:1: module "db" is called here` +
			`; envs/prod/main.tf:1:1: module "db" is called here; envs/prod/main.tf:4:14: the literal stands here: argument "public" of module "db"` +
			`; envs/dev/main.tf:3:12: the literal stands here: argument "public" of module "db"; modules/db/main.tf:3:25: it is used here`,
	}
	if diff := cmp.Diff(want, about(result, rule)); diff != "" {
		t.Error(diff)
	}
	alone := run(t, check.Check{Files: discover.Options{Root: writeAll(t, "-- modules/db/main.tf --\nresource \"aws_db_instance\" \"main\" {\n  publicly_accessible = true\n}\n")}, Jobs: 1})
	if a, b := fingerprint(result, rule), fingerprint(alone, rule); a != b || a == "" {
		t.Errorf("the fingerprint is %q, and %q where nothing calls the module", a, b)
	}
}

func fingerprint(result check.Result, rule string) string {
	i := slices.IndexFunc(result.Verdict.Findings, func(f gate.Judged) bool { return f.Rule.ID == rule })
	if i < 0 {
		return ""
	}
	return result.Verdict.Findings[i].Fingerprint
}

// TestFilesThatAreReadAlong: a module that is not checked is evaluated, and what is
// wrong in it is said where it is called, if all is checked.
func TestFilesThatAreReadAlong(t *testing.T) {
	const rule = "terraform/public-database"
	for _, test := range []struct {
		name  string
		files discover.Options
		want  []string
	}{
		{"an excluded module", discover.Options{Exclude: []string{"modules/**", "envs/prod/**"}}, []string{"envs/dev/main.tf:1:1"}},
		{"a part", discover.Options{Paths: []string{"envs/dev"}}, nil},
		{"a part that has the module", discover.Options{Paths: []string{"envs/dev", "modules"}}, []string{"modules/db/main.tf:3:25"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.files.Root = writeAll(t, tree)
			var got []string
			for _, line := range about(run(t, check.Check{Files: test.files, Jobs: 1}), rule) {
				place, _, _ := strings.Cut(line, ": ")
				got = append(got, place)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// many is a tree of calls of one module with forty resources.
func many(t testing.TB, calls int) string {
	module, root := strings.Builder{}, strings.Builder{}
	module.WriteString("variable \"name\" { type = string }\nvariable \"password\" { sensitive = true }\nvariable \"tags\" { type = map(string) }\nlocals { full = \"${var.name}-x\" }\n" +
		"resource \"aws_kms_key\" \"k\" { enable_key_rotation = true }\n")
	for i := range 39 {
		fmt.Fprintf(&module, "resource \"aws_db_instance\" \"r%d\" {\n  identifier = \"${local.full}-%d\"\n  password   = var.password\n  storage    = 10 + %d\n  kms_key_id = aws_kms_key.k.arn\n"+
			"  publicly_accessible = true\n  tags = merge(var.tags, { Name = local.full, N = \"%d\" })\n}\n", i, i, i, i)
	}
	root.WriteString("resource \"random_password\" \"p\" {\n  length = 20\n}\n")
	for i := range calls {
		fmt.Fprintf(&root, "module \"m%d\" {\n  source   = \"../mods/m\"\n  name     = \"app%d\"\n  password = random_password.p.result\n  tags     = { Env = \"prod\", Team = \"t%d\" }\n}\n", i, i, i)
	}
	return writeAll(t, "-- mods/m/main.tf --\n"+module.String()+"-- live/main.tf --\n"+root.String())
}

// TestModulesAtScale judges all of two thousand resources.
func TestModulesAtScale(t *testing.T) {
	result := run(t, check.Check{Files: discover.Options{Root: many(t, 50)}, Jobs: 1})
	findings := about(result, "terraform/public-database")
	if len(findings) != 39 || result.Verdict.Coverage.Documents["terraform"] != 1 {
		t.Fatalf("%d findings in %d documents", len(findings), result.Verdict.Coverage.Documents["terraform"])
	}
	for _, line := range findings {
		if !strings.Contains(line, " and 47 more)") {
			t.Errorf("not every call was judged: %s", line)
		}
	}
	if gaps := result.Verdict.Coverage.Gaps; len(gaps) > 0 {
		t.Errorf("got %d gaps, the first is %v", len(gaps), gaps[0])
	}
}

// BenchmarkModules shows that twice the calls cost twice the time: forty resources
// each, evaluated and judged.
func BenchmarkModules(b *testing.B) {
	for _, calls := range []int{25, 50, 100} {
		b.Run(fmt.Sprint(calls), func(b *testing.B) {
			root, policies, scanner := many(b, calls), program(b), credentials(b)
			for b.Loop() {
				run(b, check.Check{Files: discover.Options{Root: root}, Policies: policies, Scanner: scanner, Jobs: 1})
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/float64(40*calls), "µs/resource")
		})
	}
}
