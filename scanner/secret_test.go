package scanner

import (
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

type holder struct{ S secret }

func TestSecretCannotBePrinted(t *testing.T) {
	value := strings.Join([]string{"correct", "horse", "battery"}, "-")
	s := newSecret(value)
	within := struct {
		Shown  secret
		hidden secret
		hit    *hit
		all    []secret
		byName map[string]secret
	}{s, s, &hit{id: "x", value: s}, []secret{s}, map[string]secret{"x": s}}
	var out strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T", "%10.3s"} {
		fmt.Fprintf(&out, verb+verb+verb+verb, s, &s, within, *within.hit)
	}
	fmt.Fprintln(&out, s, within, within.hit)
	for _, encode := range []func(any) ([]byte, error){json.Marshal, xml.Marshal} {
		text, err := encode(holder{s})
		if err != nil {
			t.Fatal(err)
		}
		out.Write(text)
	}
	slog.New(slog.NewJSONHandler(&out, nil)).Info("found", "value", s)
	slog.New(slog.NewTextHandler(&out, nil)).Info("found", "value", s)
	out.WriteString(fmt.Errorf("no %w: %v", fmt.Errorf("use of %s", s), within).Error())
	for _, form := range []string{value, value[:3], hex.EncodeToString([]byte(value[:3])), strings.ToUpper(hex.EncodeToString([]byte(value[:3]))), fmt.Sprint([]byte(value[:3]))} {
		if strings.Contains(strings.ToLower(out.String()), strings.ToLower(strings.Trim(form, "[]"))) {
			t.Errorf("it is printed as %q", form)
		}
	}
	if strings.Count(out.String(), mask) < 10 || s.reveal() != value || (secret{}).reveal() != "" {
		t.Errorf("%q, and %d masks", s.reveal(), strings.Count(out.String(), mask))
	}
}
