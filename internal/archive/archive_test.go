package archive

import (
	"archive/tar"
	"archive/zip"
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"
)

// file is a name and what is in it.
type file struct{ name, text string }

func tarOf(t testing.TB, files ...file) string {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, f := range files {
		if err := w.WriteHeader(&tar.Header{Name: f.name, Size: int64(len(f.text)), Mode: 0o600}); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, f.text); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// typed makes a tar with an entry of each type, which is its name, and if there is
// content its content.
func typed(t testing.TB, content string, types ...byte) string {
	t.Helper()
	var text []byte
	for _, kind := range types {
		if content != "" {
			content = string(kind)
		}
		block := []byte(tarOf(t, file{string(kind), content}))[:512+512*len(content)]
		block[156] = kind
		copy(block[148:156], "        ")
		sum := 0
		for _, b := range block[:512] {
			sum += int(b)
		}
		copy(block[148:156], fmt.Sprintf("%06o\x00 ", sum))
		text = append(text, block...)
	}
	return string(append(text, make([]byte, 1024)...))
}

func zipOf(t testing.TB, files ...file) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range files {
		inner, err := w.Create(f.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(inner, f.text); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// described is a tar of a link with a comment.
func described(t testing.TB) string {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	err := w.WriteHeader(&tar.Header{Name: "a", Linkname: "to", Typeflag: tar.TypeSymlink, PAXRecords: map[string]string{"comment": "c"}, Format: tar.FormatPAX})
	if err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	return b.String()
}

// commented is a zip with comments, whose second file its list does not have.
func commented(t testing.TB) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range []string{"a", "b"} {
		inner, err := w.CreateHeader(&zip.FileHeader{Name: name, Comment: "e"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(inner, name); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.SetComment("d"); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	text := b.String()
	list, end := strings.LastIndex(text, "PK\x01\x02"), strings.LastIndex(text, "PK\x05\x06")
	tail := []byte(text[end:])
	tail[8], tail[10], tail[12] = 1, 1, tail[12]-byte(end-list)
	return text[:list] + string(tail)
}

func gzipOf(t testing.TB, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := io.WriteString(w, text)
	if err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	return b.String()
}

// headed is a gzip of parts with headers of their own, the first of nothing.
func headed(t testing.TB) string {
	t.Helper()
	var b bytes.Buffer
	for _, part := range []struct{ name, comment, extra, text string }{{"f", "c", "", ""}, {"other", "", "e", "one"}, {"", "d", "", "two"}} {
		w := gzip.NewWriter(&b)
		w.Name, w.Comment, w.Extra = part.name, part.comment, []byte(part.extra)
		if _, err := io.WriteString(w, part.text); err != nil || w.Close() != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

// extended is a zip whose file has fields beside its name: a time, a comment in Unicode,
// one that nobody knows and some bytes too many.
func extended(t testing.TB) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	inner, err := w.CreateRaw(&zip.FileHeader{Name: "a", Extra: []byte("UT\x05\x00\x01abcd" + "uc\x06\x00\x01crc_u" + "\x99\x99\x01\x00x" + "yz")})
	if err != nil || inner == nil || w.Close() != nil {
		t.Fatal(err)
	}
	return b.String()
}

func zstdOf(t testing.TB, text string) string {
	t.Helper()
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return string(w.EncodeAll([]byte(text), nil))
}

func TestWalk(t *testing.T) {
	small := Budget{Depth: 3, Bytes: 20 << 20, Ratio: 50, Entries: 5, Time: time.Minute}
	zeros := strings.Repeat("0", 30<<20)
	image := tarOf(t,
		file{"manifest.json", "[]"},
		file{"a/layer.tar", tarOf(t, file{"etc/app.env", "env"})},
		file{"blobs/sha256/b", gzipOf(t, tarOf(t, file{"etc/.wh.app.env", ""}, file{"x.jar", zipOf(t, file{"y", "y"})}))},
		file{"blobs/sha256/c", zstdOf(t, tarOf(t, file{"z", "z"}))},
	)
	tests := []struct {
		name   string
		budget Budget
		data   string
		want   []string
	}{
		{"text", small, "PK text", []string{"f=PK text"}},
		{"an image, with a layer that removes a file of another", DefaultBudget(), image, []string{
			"f!/a/layer.tar!/etc/app.env=env", "f!/blobs/sha256/b!/etc/.wh.app.env=", "f!/blobs/sha256/b!/x.jar!/y=y", "f!/blobs/sha256/c!/z=z", "f!/manifest.json=[]",
		}},
		{"types of files that are seldom seen", small, typed(t, "0", tar.TypeReg, tar.TypeCont, 'Z'), []string{"f!/0=0", "f!/7=7", "f!/Z=Z"}},
		{"a link, a folder and a device", small, typed(t, "", tar.TypeLink, tar.TypeSymlink, tar.TypeDir, tar.TypeChar), nil},
		{"names that lead out", small, tarOf(t, file{"../../etc/x", "1"}, file{"/y", "2"}, file{"a/../../z", "3"}), []string{"f!/etc/x=1", "f!/y=2", "f!/z=3"}},
		{"a compressed text", small, gzipOf(t, "text"), []string{"f!/f=text"}},
		{"too deep", small, tarOf(t, file{"a", tarOf(t, file{"b", tarOf(t, file{"c", tarOf(t, file{"d", "d"})})})}), []string{"cut f!/a!/b!/c: is deeper than 3 archives within each other"}},
		{"too many files", small, tarOf(t, file{"1", ""}, file{"2", ""}, file{"3", ""}, file{"4", ""}, file{"5", ""}, file{"6", ""}), []string{
			"cut f: has more than 5 files", "f!/1=", "f!/2=", "f!/3=", "f!/4=", "f!/5=",
		}},
		{"too much comes out of one file of a zip: the others are read", small, zipOf(t, file{"a", zeros[:10<<20]}, file{"b", "b"}), []string{
			"cut f!/a: becomes more than 50 times as large", "f!/b=b",
		}},
		{"too much comes out of a stream", small, gzipOf(t, tarOf(t, file{"a", zeros[:10<<20]}, file{"b", "b"})), []string{"cut f: becomes more than 50 times as large"}},
		{"too much in all", Budget{Depth: 3, Bytes: 20 << 20, Ratio: 1 << 40, Entries: 5, Time: time.Minute}, gzipOf(t, zeros), []string{"cut f: and all before it are more than 20 MB"}},
		{"no time", Budget{Depth: 3, Bytes: 20 << 20, Ratio: 50, Entries: 5}, tarOf(t, file{"a", "a"}), []string{"cut f: takes longer than 0s"}},
		{"two archives in one, and what follows", small, tarOf(t, file{"a", "a"}) + strings.Repeat("\x00", 5000) + tarOf(t, file{"b", "b"}) + "c", []string{
			"f!/a=a", "f!/(what follows)!/b=b", "f!/(what follows)!/(what follows)=c",
		}},
		{"comments and links of a tar", small, described(t), []string{"f!/a!/(comments)=comment=c\n", "f!/a=to"}},
		{"what the headers of a gzip say", small, headed(t), []string{"f!/(comments)=c\nother\ne\nd\n", "f!/f=onetwo"}},
		{"the extra fields of a zip", small, extended(t), []string{"f!/(comments)=u\nx\nyz", "f!/(what no entry lists)=u\nx\nyz", "f!/a="}},
		{"what a zip does not list", small, zipOf(t, file{"a", "a"}) + "text", []string{"f!/a=a", "f!/(what no entry lists)=text"}},
		{"between the files of a zip, and its comments", small, commented(t), []string{"f!/a=a", "f!/(comments)=d\ne", "cut f!/(what no entry lists): is damaged"}},
		{"cut short", small, tarOf(t, file{"a", "a"}, file{"b", strings.Repeat("b", 3000)})[:2000], []string{
			"cut f!/b: is damaged: what follows was not read", "cut f: is damaged: what follows was not read", "f!/a=a", "f!/b=" + strings.Repeat("b", 464),
		}},
		{"cut between two entries", small, tarOf(t, file{"a", "a"}, file{"b", "b"})[:1024], []string{"cut f: has no end: what followed may be cut off", "f!/a=a"}},
		{"cut between two entries, behind zeros", small, tarOf(t, file{"a", strings.Repeat("\x00", 1500)}, file{"b", "b"})[:512+1536], []string{
			"cut f: has no end: what followed may be cut off", "f!/a=" + strings.Repeat("\x00", 1500),
		}},
		{"an end of one block", small, tarOf(t, file{"a", "a"})[:1536], []string{"f!/a=a"}},
		{"no zip though it begins like one", small, "PK\x03\x04 no", []string{"cut f: is damaged"}},
		{"xz", small, "\xfd7zXZ\x00", []string{"skip f: compressed with xz"}},
		{"half a magic", small, "BZh", []string{"f=BZh"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := walk(t, test.budget, test.data)
			slices.Sort(test.want)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestManyCuts: what cannot be read is told of, up to a number, and then the walk ends.
func TestManyCuts(t *testing.T) {
	var deep []file
	for n := range 200 {
		deep = append(deep, file{fmt.Sprintf("%03d", n), gzipOf(t, gzipOf(t, gzipOf(t, "x")))})
	}
	budget := DefaultBudget()
	budget.Depth = 3
	got := walk(t, budget, zipOf(t, deep...))
	if want := "cut f: has more than 100 parts that cannot be read: what follows was not read"; len(got) != mostCuts+1 || !slices.Contains(got, want) {
		t.Errorf("%d reports, %q", len(got), got[:2])
	}
}

func walk(t testing.TB, budget Budget, data string) []string {
	t.Helper()
	var got []string
	w := Walker{
		Budget: budget,
		File: func(name string, content *bufio.Reader) error {
			text, err := io.ReadAll(content)
			if err == nil {
				got = append(got, name+"="+string(text))
			}
			return err
		},
		Cut:  func(name, reason string) { got = append(got, "cut "+name+": "+reason) },
		Skip: func(name, reason string) { got = append(got, "skip "+name+": "+reason) },
	}
	if err := w.Walk(t.Context(), "f", strings.NewReader(data)); err != nil {
		t.Error(err)
	}
	slices.Sort(got)
	return slices.Compact(got)
}

// Whatever an archive is made of, no more comes out of it than the budget allows, all
// names stand below it, and what was lost is reported.
func FuzzWalk(f *testing.F) {
	f.Add([]byte(tarOf(f, file{"../a", gzipOf(f, "text")})))
	f.Add([]byte(zipOf(f, file{"a/b", tarOf(f, file{"c", "d"})})))
	f.Add([]byte(zstdOf(f, "x")))
	f.Fuzz(func(t *testing.T, data []byte) {
		budget := Budget{Depth: 3, Bytes: 1 << 20, Ratio: 100, Entries: 20, Time: 10 * time.Second}
		total := 0
		for _, line := range walk(t, budget, string(data)) {
			name, text, is := strings.Cut(line, "=")
			if strings.Contains(name, "/../") || is && !strings.HasPrefix(line, "f") && !strings.HasPrefix(line, "cut ") && !strings.HasPrefix(line, "skip ") {
				t.Errorf("name %q", name)
			}
			total += len(text)
		}
		if total > 2<<20+len(data) {
			t.Errorf("%d bytes out of %d", total, len(data))
		}
	})
}
