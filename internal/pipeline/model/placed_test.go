package model

import (
	"strings"
	"testing"
)

func TestAlign(t *testing.T) {
	tests := []struct{ name, value, written, word, want string }{
		{"a plain word", "echo $A", "echo $A", "$A", "$A"},
		{"a block", "set -x\n  echo $A\necho $B\n", "|\n    set -x\n      echo $A\n    echo $B", "$B", "$B"},
		{"a block that begins with a blank", "  a\nb $A\n", "|2\n      a\n    b $A", "$A", "$A"},
		{"a folded block", "curl -u $A host\n", ">-\n  curl\n  -u $A\n  host", "$A", "$A"},
		{"single quotes", "it's $A", "'it''s $A'", "$A", "$A"},
		{"double quotes", "say \"$A\"\n$B", `"say \"$A\"\n$B"`, "$B", "$B"},
		{"three quotes", "a 'b' $A", "'''a 'b' $A'''", "$A", "$A"},
		{"behind a parameter", "run \"x y\" $A", "run \"<< parameters.a >>\" $A", "$A", "$A"},
		{"a parameter", "a $TOKEN\" | b", "|\n  a $<< parameters.a >>\" | b", "$TOKEN", "$<< parameters.a >>"},
		{"a parameter at the end of a line", "a TOKEN\nb $A", "|\n  a << parameters.a >>\n  b $A", "$A", "$A"},
		{"a parameter in quotes", "a bc", "'a << parameters.a >>'", "bc", "<< parameters.a >>"},
		{"a parameter of a template", "a \"$(T)\" x\nb $A", "|\n  a \"${{ parameters.a }}\" ${{ parameters.b }}\n  b $A", "$(T)", "${{ parameters.a }}"},
		{"behind parameters of a template", "a \"$(T)\" x\nb $A", "|\n  a \"${{ parameters.a }}\" ${{ parameters.b }}\n  b $A", "$A", "$A"},
		{"an input of GitLab", "a $TOKEN b\nc $A", "|\n  a $[[ inputs.a ]] b\n  c $A", "$TOKEN", "$[[ inputs.a ]]"},
		{"behind an input of GitLab", "a \"$TOKEN\" b\nc $A", "|\n  a \"$[[ inputs.a ]]\" b\n  c $A", "$A", "$A"},
		{"an input that stays", "a $[[ inputs.x ]] $A", "a $[[ inputs.x ]] $A", "$A", "$A"},
		{"a parameter that stays", "a ${{ x }} b $A", "a ${{ x }} b $A", "${{ x }}", "${{ x }}"},
		{"a here-document", "cat << E\n$A\nE", "|\n  cat \\<< E\n  $A\n  E", "$A", "$A"},
		{"an escape that is not followed", "é $A", `"\xe9 $A"`, "$A", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			offsets, at := align(test.value, test.written), strings.Index(test.value, test.word)
			got := ""
			if first := offsets[at]; first >= 0 {
				got = test.written[first : offsets[at+len(test.word)-1]+1]
			}
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
