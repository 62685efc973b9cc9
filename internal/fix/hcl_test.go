package fix

import (
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// What is written for a text means that text.
func TestPlainTextMeansItself(t *testing.T) {
	for _, text := range []string{"", "plain", `a"b`, `a\b`, `\n`, "a\nb\tc\r", "${var.x}", "$${x}", "%{if}", "%%{", "$", "$$", "é", `"${"`} {
		written, ok := plain(text)
		expression, problems := hclsyntax.ParseExpression([]byte(written), "test.tf", hcl.InitialPos)
		if !ok || problems.HasErrors() {
			t.Errorf("%q was written as %s: %v", text, written, problems)
			continue
		}
		if value, problems := expression.Value(nil); problems.HasErrors() || value.AsString() != text {
			t.Errorf("%q was written as %s, which means %#v", text, written, value)
		}
	}
}
