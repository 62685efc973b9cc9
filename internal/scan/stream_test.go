package scan

import (
	"archive/tar"
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/lint"
)

// In a file of several blocks each key is found once and at its place, also where two
// blocks meet.
func TestStream(t *testing.T) {
	const block = 40 << 10
	for name, filler := range map[string]string{"lines": "of no interest\n", "one line": "of no interest; ", "wide characters": "für é 漢 "} {
		t.Run(name, func(t *testing.T) {
			var text strings.Builder
			for text.Len() < 3*block {
				text.WriteString(strings.Repeat(filler, 40) + filler[:len(filler)-1] + " " + key + " ")
			}
			scan := newScan(t, t.TempDir())
			scan.blockSize = block
			data := []byte(text.String())
			result, err := scan.Input(t.Context(), "big", bytes.NewReader(data))
			if err != nil {
				t.Fatal(err)
			}
			var want, got []lint.Position
			whole := &lint.Source{Data: data}
			for from := 0; ; {
				i := bytes.Index(data[from:], []byte(key))
				if i < 0 {
					break
				}
				if want = append(want, whole.Position(from+i)); len(want) > 3000 {
					t.Fatal("too many")
				}
				from += i + len(key)
			}
			for _, f := range result.Verdict.Findings {
				got = append(got, f.Location.Start)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%d instead of %d", len(got), len(want))
			}
			if result.Verdict.Coverage.Files != 1 {
				t.Errorf("%d files", result.Verdict.Coverage.Files)
			}
		})
	}
}

func TestInput(t *testing.T) {
	var image bytes.Buffer
	w := tar.NewWriter(&image)
	for _, name := range []string{"etc/app.env", "vendor/x", "node_modules/y"} {
		if err := w.WriteHeader(&tar.Header{Name: name, Size: int64(len(key)), Mode: 0o600}); err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(w, key)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		in   io.Reader
		want []string
	}{
		{"nothing is no pass", strings.NewReader(""), []string{"failed in: is empty: the program that should have written it may have failed"}},
		{"a text", strings.NewReader("one\n" + key), []string{"in:2"}},
		{"UTF-16", strings.NewReader(wideText("\ufeff" + key)), []string{"in:1"}},
		{"no UTF-8", strings.NewReader("\xff\xfa " + key), []string{"in:1"}},
		{"binary", strings.NewReader("\x00\x01" + key), []string{"failed : there was no file to check", "skipped in: binary"}},
		{"an archive", bytes.NewReader(image.Bytes()), []string{"in!/etc/app.env:1", "in!/vendor/x:1", "skipped in!/node_modules/: excluded by **/node_modules/**"}},
		{"half an archive", bytes.NewReader(image.Bytes()[:1030]), []string{
			"failed in!/vendor/x: was not searched: it is damaged: what follows was not read", "in!/etc/app.env:1",
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			result, err := newScan(t, t.TempDir()).Input(t.Context(), "in", test.in)
			if test.name == "binary" || test.name == "half an archive" {
				if result.Verdict.Status() != 3 {
					t.Error("passes")
				}
				return
			}
			if diff := cmp.Diff(test.want, told(t, result, err)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// More findings than anybody reads are counted, the same ones left out however many work on it.
func TestMoreThanIsListed(t *testing.T) {
	text := strings.Repeat(key+"\n", 3000)
	for _, jobs := range []int{1, 4} {
		scan := newScan(t, t.TempDir())
		scan.Jobs, scan.blockSize, scan.mostFindings = jobs, 40<<10, 5
		result, err := scan.Input(t.Context(), "a", strings.NewReader(text))
		want := []string{"a:1", "a:2", "a:3", "a:4", "a:5", "failed : 2995 more findings are not listed: these are the first 5"}
		if diff := cmp.Diff(want, told(t, result, err)); diff != "" {
			t.Error(diff)
		}
	}
}
