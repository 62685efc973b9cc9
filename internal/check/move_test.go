package check

import "testing"

func TestAddressed(t *testing.T) {
	moved := []move{{"module.demo", "module.orders"}, {"aws_x.a", `aws_x.b["k"]`}}
	for _, test := range [][2]string{
		{"module.demo.aws_x.y", "module.orders.aws_x.y"},
		{"module.demo2.aws_x.y", "module.demo2.aws_x.y"},
		{"module.z.module.demo.aws_x.y", "module.z.module.demo.aws_x.y"},
		{"aws_x.a › resources[aws_x.a] › values", `aws_x.b["k"] › resources[aws_x.b["k"]] › values`},
		{"aws_x.a-b aws_x.aaws_x.a", "aws_x.a-b aws_x.aaws_x.a"},
		{"data.aws_x.a", "data.aws_x.a"},
	} {
		if got := addressed(test[0], moved); got != test[1] {
			t.Errorf("%s: %s", test[0], got)
		}
	}
}
