package scanner

import (
	"bytes"
	"flag"
	"fmt"
	"go/format"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/policyctl/policyctl/rules"
)

//go:generate go test . -run ^TestOurs$ -update

var update = flag.Bool("update", false, "write ours.go")

// TestOurs: ours.go says what rules/*.yaml say.
func TestOurs(t *testing.T) {
	const name = "ours.go"
	detectors, err := ReadDetectors(rules.FS)
	if err != nil {
		t.Fatal(err)
	}
	want, err := source(detectors)
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(name, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(name)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("scanner/%s does not say what rules/*.yaml say: run go generate ./scanner (%v)", name, err)
	}
}

// source writes detectors as Go, without what only tests and people need.
func source(detectors []Detector) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("// Code generated from rules/*.yaml by go generate ./scanner. DO NOT EDIT.\n\n")
	b.WriteString("package scanner\n\nvar ours = []Detector{\n")
	for _, d := range detectors {
		d.file, _, _ = strings.Cut(d.file, ":") // a line would make it stale with each line above
		d.Severity, d.Match, d.Ignore, d.In = "", nil, nil, ""
		b.WriteString("{")
		value := reflect.ValueOf(d)
		for i := range value.NumField() {
			if field := value.Field(i); !field.IsZero() {
				fmt.Fprintf(&b, "%s: %s, ", value.Type().Field(i).Name, written(field))
			}
		}
		b.WriteString("},\n")
	}
	b.WriteString("}\n")
	return format.Source(b.Bytes())
}

func written(v reflect.Value) string {
	if v.Kind() == reflect.Int {
		return fmt.Sprint(v.Int()) // a severity would print its name
	}
	return fmt.Sprintf("%#v", v)
}

// TestOursInWindows: but for those of one file each, none of our patterns has to see all of a
// text. One of too many forms (maxVariants) would, and be slower by an order of magnitude.
func TestOursInWindows(t *testing.T) {
	for _, d := range ours {
		if d.Regex != "" && d.Path == "" && newPlan(d.Regex, lowered(d.Keywords)).whole {
			t.Errorf("%s: its pattern has to see all of a text: split it", d.ID)
		}
	}
}

func lowered(words []string) (lower []string) {
	for _, word := range words {
		lower = append(lower, strings.ToLower(word))
	}
	return lower
}
