package suggest

import (
	"strings"
	"testing"
)

func TestNearest(t *testing.T) {
	known := []string{"threshold", "exclude", "include", "fail_on", "tiers", "kubernetes/privileged-container", "low", "high"}
	tests := []struct{ name, word, want string }{
		{"a letter is missing", "treshold", "threshold"},
		{"a letter too many", "excludes", "exclude"},
		{"another letter", "exklude", "exclude"},
		{"neighbours swapped", "faile_on", "fail_on"},
		{"two neighbours swapped", "hgih", "high"},
		{"letter case and separators", "Fail-On", "fail_on"},
		{"the nearer of two", "inclde", "include"},
		{"a long word", "kubernetes/priviledged-containers", "kubernetes/privileged-container"},
		{"nothing alike", "password", ""},
		{"a short word that is no other", "lax", ""},
		{"no word", "", ""},
		{"a word of many letters", strings.Repeat("x", 100_000), ""},
		{"other alphabets", "höch", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := Nearest(test.word, known); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
	if got := Nearest("x", nil); got != "" {
		t.Errorf("got %q of nothing known", got)
	}
}

func TestOfEquallyNearWordsTheFirstWins(t *testing.T) {
	if got := Nearest("bat", []string{"cat", "rat"}); got != "cat" {
		t.Errorf("got %q", got)
	}
}
