package made

import "testing"

func TestUp(t *testing.T) {
	got := string(Up([]byte("a: ${made:14} b: ${made:b14} c: ${made:14} d: ${MADE} ${made:} e: ${made:40} ${pem:EC PRIVATE KEY} ${ignore}[x] ${text:a b}")))
	one, two := string(value("", 14)), string(value("b", 14))
	if want := "a: " + one + " b: " + two + " c: " + one + " d: ${MADE} ${made:} e: " + string(value("", 40)) + " -----BEGIN " + "EC PRIVATE KEY----- policyctl" + ":ignore[x] a b"; got != want || one == two || len(one) != 14 {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := Holes([]byte("${made:b14} ${made:b14}")); len(got) != 1 || got["made:b14"] != two {
		t.Errorf("got %v", got)
	}
}
