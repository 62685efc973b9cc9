package reports

import "testing"

func TestPlain(t *testing.T) {
	tests := []struct {
		name, text, want string
	}{
		{"ordinary text stays", `container "wéb" 東京 🔑`, `container "wéb" 東京 🔑`},
		{"several lines become one", "a\r\nb\tc", "a  b c"},
		{"escape sequences are spelled out", "\x1b[31mred\x07\u009b0m", `\x1b[31mred\x07\x9b0m`},
		{"characters that turn or hide text are spelled out", "\u202ea\u200bb\u2028", `\u202ea\u200bb\u2028`},
		{"invalid bytes are replaced", "a\xffb", "a�b"},
		{"commands of runners are broken", "x ##[error]y ##VSO[task.complete]z ##vs", "x ♯#[error]y ♯#VSO[task.complete]z ##vs"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := Plain(test.text); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestTelling(t *testing.T) {
	got := telling([]string{"postgres", "short-1", "hunter-two", "averylongwordwithoutabreak", "a-longer-one-2", "hunter-two", "short-1"})
	want := []string{"averylongwordwithoutabreak", "a-longer-one-2", "hunter-two", "short-1"}
	if len(got) != len(want) {
		t.Fatalf("got %q, want %q", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestMessage: what an address asks for is not told, but which version of something.
func TestMessage(t *testing.T) {
	tests := []struct{ text, want string }{
		{"includes https://ci.internal/x.yml?private_token=word&a=b as it comes", "includes https://ci.internal/x.yml?private_token=" + Mask + "&a=" + Mask + " as it comes"},
		{"the module git::https://git.internal/x.git?ref=main&depth=1 has no commit", "the module git::https://git.internal/x.git?ref=main&depth=1 has no commit"},
		{"is it so? a=b", "is it so? a=b"},
		{"asks https://a.internal/?key=$KEY", "asks https://a.internal/?key=$KEY"},
	}
	for _, test := range tests {
		if got := newCleaner(Report{}).message(test.text); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}
