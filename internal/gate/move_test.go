package gate

import (
	"testing"

	"github.com/policyctl/policyctl/internal/lint"
)

func TestAddressed(t *testing.T) {
	moved := []Move{{"module.demo", "module.orders"}, {"aws_x.a", `aws_x.b["k"]`}, {"module.last", "module.new"}, {"module.first", "module.last"}, {"x.a", "x.b"}, {"x.b", "x.a"}}
	for _, test := range [][2]string{
		{"module.demo.aws_x.y", "module.orders.aws_x.y"},
		{"module.demo2.aws_x.y", "module.demo2.aws_x.y"},
		{"module.z.module.demo.aws_x.y", "module.z.module.demo.aws_x.y"},
		{"aws_x.a › resources[aws_x.a] › values", `aws_x.b["k"] › resources[aws_x.b["k"]] › values`},
		{"aws_x.a-b aws_x.aaws_x.a", "aws_x.a-b aws_x.aaws_x.a"},
		{"data.aws_x.a", "data.aws_x.a"},
		{"module.first.x.y", "module.new.x.y"},
		{"x.a", "x.a"}, // a ring, which Terraform refuses
	} {
		if got := addressed(test[0], moved); got != test[1] {
			t.Errorf("%s: %s", test[0], got)
		}
	}
}

func TestTargetsThatMoved(t *testing.T) {
	line := Entry{Targets: "aws_x.a.arn\nvar.b"}
	now := []string{"aws_x.c.arn", "var.b"}
	if more := (stock{moved: []Move{{"aws_x.a", "aws_x.c"}}}).beyond(line, now); len(more) > 0 {
		t.Errorf("new: %q", more)
	}
	if more := (stock{}).beyond(line, now); len(more) != 1 {
		t.Errorf("without a move: %q", more)
	}
}

// TestTargetsThatWereNotKnown: a line of this run that names no target had none, one of a file
// may be older than targets are.
func TestTargetsThatWereNotKnown(t *testing.T) {
	rule := &lint.Rule{ID: "a/b"}
	before := []lint.Finding{{Rule: rule, Anchor: "x"}}
	now := lint.Finding{Rule: rule, Anchor: "x", Targets: []string{"host"}}
	for _, test := range []struct {
		name  string
		lines *Baseline
		known bool
	}{
		{"the base", BaseOf(before), false},
		{"a file", NewBaseline(before, nil), true},
	} {
		if line, _ := test.lines.stock(nil, nil).take(&now); (line != nil) != test.known {
			t.Errorf("%s: known is %t", test.name, line != nil)
		}
	}
}
