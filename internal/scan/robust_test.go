package scan

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/discover"
)

// tree searches a work tree, one file after the other.
func tree(t *testing.T, scan *Scan) []string {
	t.Helper()
	scan.Jobs = 1
	result, err := scan.Tree(t.Context())
	return told(t, result, err)
}

// What a run meets in a work tree is searched, or named.
// ebcdicText is "password=abc123" as mainframes write it.
const ebcdicText = "\x97\x81\xa2\xa2\xa6\x96\x99\x84\x7e\x81\x82\x83\xf1\xf2\xf3\x25"

func TestTree(t *testing.T) {
	reversed := []byte(wideText(key))
	for i := 0; i < len(reversed); i += 2 {
		reversed[i], reversed[i+1] = reversed[i+1], reversed[i]
	}
	tests := []struct {
		name  string
		files map[string]string
		want  []string
	}{
		{"an encoding hides nothing", map[string]string{
			"crlf": "a\r\n" + key + "\r\n", "latin1": "caf\xe9 " + key, "mark": "\ufeff" + key, "marked": wideText("\ufeff" + key), "unmarked": wideText(key), "be": string(reversed),
			"mac": "a\r" + key, "utf32": strings.ReplaceAll(wideText(key), "\x00", "\x00\x00\x00"),
		}, []string{"be:1", "crlf:2", "latin1:1", "mac:1", "mark:1", "marked:1", "unmarked:1", "utf32:1"}},
		{"half a character at the end hides nothing", map[string]string{"marked": wideText("\ufeff"+key) + "\n", "unmarked": wideText(key) + "\n", "be": string(reversed) + "\n", "cut": wideText(key + "x")[:2*len(key)+1]},
			[]string{"be:1", "cut:1", "marked:1", "unmarked:1"}},
		{"a NUL hides nothing", map[string]string{"environ": "HOME=/root\x00KEY=" + key + "\x00", "nul": "\x00 text " + key}, []string{"environ:1", "nul:1"}},
		{"what is no text is named", map[string]string{"a": "", "image": "\x89PNG\r\n\x1a\n\x00\x00\x00\x0d" + key}, []string{"skipped image: binary"}},
		{"a text that nothing can read does not pass", map[string]string{"mainframe": ebcdicText}, []string{"failed mainframe: was not searched: it is a text in EBCDIC", "skipped mainframe: text in EBCDIC"}},
		{"a name says nothing: a text that is called an archive", map[string]string{"x.zip": key, "y.tar.gz": "\n" + key, "z.png": key}, []string{"x.zip:1", "y.tar.gz:2", "z.png:1"}},
		{"odd names", map[string]string{"a\nb": key, "\xff": key, "-": key, " ": key, `"q"`: key}, []string{` :1`, `"q":1`, "-:1", "a\nb:1", "\xff:1"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			for name, text := range test.files {
				write(t, dir, name, text)
			}
			if diff := cmp.Diff(test.want, tree(t, newScan(t, dir))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A text of several blocks in UTF-16 is found at its places: columns count characters.
func TestWideStream(t *testing.T) {
	line := strings.Repeat("é漢😀 of no interest ", 300) + key + "\n"
	text := strings.Repeat(line, 30)
	scan := newScan(t, t.TempDir())
	scan.blockSize = 40 << 10
	result, err := scan.Input(t.Context(), "wide", strings.NewReader(wideText("\ufeff"+text)))
	var want []string
	for n := range 30 {
		want = append(want, fmt.Sprintf("wide:%d:%d", n+1, 300*len([]rune("é漢😀 of no interest "))+1))
	}
	var got []string
	for _, f := range result.Verdict.Findings {
		got = append(got, fmt.Sprintf("%s:%d:%d", f.Location.Path, f.Location.Start.Line, f.Location.Start.Column))
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(err, diff)
	}
}

// A byte order mark changes neither place nor fingerprint, wherever a text comes from.
func TestByteOrderMark(t *testing.T) {
	text := "password: " + key + " # one\nother: 1\n"
	narrow := "\ufeff" + text
	found := func(result Result, err error) (all []string) {
		if err != nil {
			t.Error(err)
		}
		for _, f := range result.Verdict.Findings {
			all = append(all, fmt.Sprintf("%d:%d %s", f.Location.Start.Line, f.Location.Start.Column, f.Fingerprint))
		}
		return all
	}
	dir := newRepo(t)
	write(t, dir, "a.yaml", text)
	want := found(newScan(t, dir).Tree(t.Context()))
	if len(want) != 1 {
		t.Fatal(want)
	}
	for name, marked := range map[string]string{"UTF-8": narrow, "UTF-16": wideText(narrow), "UTF-16, the other order": swapped(wideText(narrow))} {
		write(t, dir, "a.yaml", marked)
		if diff := cmp.Diff(want, found(newScan(t, dir).Tree(t.Context()))); diff != "" {
			t.Error(name, "tree", diff)
		}
		if diff := cmp.Diff(want, found(newScan(t, dir).Input(t.Context(), "a.yaml", strings.NewReader(marked)))); diff != "" {
			t.Error(name, "stream", diff)
		}
		runGit(t, dir, "add", ".")
		if diff := cmp.Diff(want, found(newScan(t, dir).Staged(t.Context()))); diff != "" {
			t.Error(name, "staged", diff)
		}
	}
	// Nor does it make a line of history new.
	write(t, dir, "a.yaml", text)
	commit(t, dir)
	put(t, dir, "a.yaml", narrow)
	put(t, dir, "a.yaml", wideText(narrow))
	if got := found(searchHistory(t, dir, "")); len(got) != 1 || !strings.HasPrefix(got[0], "1:11 ") {
		t.Error("history", got)
	}
}

// swapped exchanges the bytes of each pair.
func swapped(text string) string {
	data := []byte(text)
	for i := 0; i+1 < len(data); i += 2 {
		data[i], data[i+1] = data[i+1], data[i]
	}
	return string(data)
}

// The columns of a long line count no mark, also in its later blocks.
func TestMarkedStream(t *testing.T) {
	text := strings.Repeat("a line that does not end ", 4000) + key
	scan := newScan(t, t.TempDir())
	scan.blockSize = 40 << 10
	for _, mark := range []string{"", "\ufeff"} {
		result, err := scan.Input(t.Context(), "a", strings.NewReader(mark+text))
		if err != nil || len(result.Verdict.Findings) != 1 || result.Verdict.Findings[0].Location.Start.Column != len(text)-len(key)+1 {
			t.Errorf("%q: %v %+v", mark, err, result.Verdict.Findings)
		}
	}
}

// A work tree that changes under the run neither breaks it nor passes for searched.
func TestTreeThatChanges(t *testing.T) {
	const size = 200 << 10
	text := strings.Repeat("of no interest\n", size/15)
	tests := []struct {
		name   string
		change func(file string) error // when the first piece was searched
		want   []string
	}{
		{"a file vanishes", func(file string) error { return os.Remove(filepath.Join(filepath.Dir(file), "z")) }, []string{"large:1", "skipped z: vanished during the run"}},
		{"a large file is cut", func(file string) error { return os.Truncate(file, 10) }, []string{
			"large:1", "skipped large: changed while it was read: what was written meanwhile may be missing", "z:1",
		}},
		{"a large file grows", func(file string) error {
			out, err := os.OpenFile(file, os.O_WRONLY|os.O_APPEND, 0) // nothing of it is away meanwhile
			if err != nil {
				return err
			}
			_, err = out.WriteString(key + "\n")
			return errors.Join(err, out.Close())
		}, []string{"large:1", fmt.Sprintf("large:%d", size/15+2), "skipped large: changed while it was read: what was written meanwhile may be missing", "z:1"}},
		{"a file becomes a link out", func(file string) error {
			z := filepath.Join(filepath.Dir(file), "z")
			if err := os.Remove(z); err != nil {
				return err
			}
			return os.Symlink("/etc/passwd", z)
		}, []string{"large:1", "skipped z: symlink"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, "large", key+"\n"+text)
			write(t, dir, "z", key)
			scan := newScan(t, dir)
			scan.blockSize = 20 << 10
			first := true
			scan.Progress = func(int, int) {
				if first {
					first = false
					if err := test.change(filepath.Join(dir, "large")); err != nil {
						t.Error(err)
					}
				}
			}
			if diff := cmp.Diff(test.want, tree(t, scan)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// packed is a file of an archive.
type packed struct{ name, text string }

func tarred(t *testing.T, files ...packed) string {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, f := range files {
		if err := w.WriteHeader(&tar.Header{Name: f.name, Size: int64(len(f.text)), Mode: 0o600}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(f.text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func zipped(t *testing.T, files ...packed) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range files {
		file, err := w.Create(f.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := file.Write([]byte(f.text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// zippedRaw is a zip with a file that can be read, and two that cannot.
func zippedRaw(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, h := range []zip.FileHeader{{Name: "encrypted", Flags: 1}, {Name: "bzip2", Method: 12}, {Name: "a"}} {
		h.CompressedSize64, h.UncompressedSize64 = uint64(len(key)), uint64(len(key))
		h.CRC32 = crc32.ChecksumIEEE([]byte(key))
		file, err := w.CreateRaw(&h)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(file, key)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func compressed(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// An archive that is named is searched as far as the budget goes; what is beyond does
// not pass.
func TestArchives(t *testing.T) {
	added := tarred(t, packed{"app/.env", "\n" + key})
	removed := tarred(t, packed{"app/.wh..env", ""})
	zeros := strings.Repeat("0", 10<<20)
	tests := []struct {
		name, archive string
		want          []string
	}{
		{"an image as docker save wrote it: a layer removes what another has", tarred(t,
			packed{"manifest.json", `[{"Config":"c.json","Layers":["1/layer.tar","2/layer.tar"]}]`}, packed{"1/layer.tar", added}, packed{"2/layer.tar", removed},
		), []string{"x!/1/layer.tar!/app/.env:2"}},
		{"an image in the layout of OCI", tarred(t,
			packed{"oci-layout", `{"imageLayoutVersion":"1.0.0"}`}, packed{"index.json", "{}"}, packed{"blobs/sha256/1", compressed(t, added)}, packed{"blobs/sha256/2", compressed(t, removed)},
		), []string{"x!/blobs/sha256/1!/app/.env:2"}},
		{"the configuration of an image", tarred(t, packed{"c.json", `{"config":{"Env":["KEY=` + key + `"]}}`}), []string{"x!/c.json:1"}},
		{"archives in archives", compressed(t, tarred(t, packed{"a.jar", zipped(t, packed{"b.tgz", compressed(t, tarred(t, packed{"c", key}))})})), []string{"x!/a.jar!/b.tgz!/c:1"}},
		{"names that lead out", zipped(t, packed{"../../etc/a", key}, packed{"/b", key}, packed{`..\c`, key}), []string{`x!/..\c:1`, "x!/b:1", "x!/etc/a:1"}},
		{"a bomb, and what stands beside it", zipped(t, packed{"bomb", zeros + key}, packed{"a", key}), []string{
			"failed x!/bomb: was not searched: it becomes more than 200 times as large", "x!/a:1",
		}},
		{"a bomb of a stream", compressed(t, zeros+key), []string{"failed x: was not searched: it becomes more than 200 times as large"}},
		{"what is compressed in a way that is not known", tarred(t, packed{"a.xz", "\xfd7zXZ\x00" + key}, packed{"b", key}), []string{"failed x!/a.xz: was not searched: it is compressed with xz", "x!/b:1"}},
		{"what is encrypted, or compressed in a way that is not known", zippedRaw(t), []string{
			"failed x!/bzip2: was not searched: it is compressed in a way that is not known", "failed x!/encrypted: was not searched: it is encrypted", "x!/a:1",
		}},
		{"an encoding that is not read", tarred(t, packed{"a", ebcdicText}, packed{"b", key}), []string{
			"failed x!/a: was not searched: it is a text in EBCDIC", "skipped x!/a: text in EBCDIC", "x!/b:1",
		}},
		{"what is excluded need not be read", tarred(t, packed{"node_modules/a.xz", "\xfd7zXZ\x00" + key}, packed{"b", key}), []string{
			"skipped x!/node_modules/: excluded by **/node_modules/**", "x!/b:1",
		}},
		{"a part", tarred(t, packed{"a", key}, packed{"b", key + strings.Repeat("\n", 2000)})[:1700], []string{
			"failed x!/b: was not searched: it is damaged: what follows was not read", "failed x: was not searched: it is damaged: what follows was not read", "x!/a:1", "x!/b:1",
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, "x", test.archive)
			scan := newScan(t, dir)
			scan.Files.Paths = []string{"x"}
			if diff := cmp.Diff(test.want, tree(t, scan)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// An archive without a byte is what is left of one that was not written; a text may be empty.
func TestEmptyArchive(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "image.tar", "")
	write(t, dir, "a.py", "")
	scan := newScan(t, dir)
	scan.Files.Paths = []string{"image.tar", "a.py"}
	if diff := cmp.Diff([]string{"failed image.tar: is empty: the program that should have written it may have failed"}, tree(t, scan)); diff != "" {
		t.Error(diff)
	}
}

// Nothing is fetched for a partial clone, and what it lacks does not pass.
func TestPartialClone(t *testing.T) {
	origin := newRepo(t)
	const lacking = 150 // more than git may be started again for
	for n := range lacking {
		write(t, origin, fmt.Sprint("old/", n), fmt.Sprint(n))
	}
	commit(t, origin)
	runGit(t, origin, "rm", "-q", "-r", "old")
	put(t, origin, "a", "b\n"+key+"\n")
	runGit(t, origin, "config", "uploadpack.allowFilter", "true")
	clone := filepath.Join(t.TempDir(), "clone")
	runGit(t, origin, "clone", "-q", "--filter=blob:none", "file://"+origin, clone)
	result, err := searchHistory(t, clone, "")
	want := []string{"a:2", "failed old/0: 150 versions of files, this one first, are not in this clone, or damaged; a partial clone lacks them: fetch all of it"}
	if diff := cmp.Diff(want, told(t, result, err)); diff != "" {
		t.Error(diff)
	}
	if missing := runGit(t, clone, "rev-list", "--objects", "--all", "--missing=print"); !strings.Contains(missing, "?") {
		t.Error("the missing version was fetched")
	}
	if err := os.Rename(origin, origin+".gone"); err != nil {
		t.Fatal(err)
	}
	put(t, clone, "c", key)
	result, err = searchHistory(t, clone, "HEAD~1..")
	if diff := cmp.Diff([]string{"c:1"}, told(t, result, err)); diff != "" {
		t.Error(diff)
	}
}

// The former version of a staged file that a partial clone lacks: every line counts.
func TestStagedInPartialClone(t *testing.T) {
	dir := newRepo(t)
	put(t, dir, "a", key+"\n")
	object := runGit(t, dir, "rev-parse", "HEAD:a")
	write(t, dir, "a", key+"\nother\n")
	runGit(t, dir, "add", "a")
	if err := os.Remove(filepath.Join(dir, ".git/objects", object[:2], object[2:])); err != nil {
		t.Fatal(err)
	}
	result, err := newScan(t, dir).Staged(t.Context())
	if diff := cmp.Diff([]string{"a:1"}, told(t, result, err)); diff != "" {
		t.Error(diff)
	}
}

// What somebody put in the place of a commit, or of its parents, hides nothing.
func TestReplacedHistory(t *testing.T) {
	dir := newRepo(t)
	put(t, dir, "a", "one\n")
	put(t, dir, "a", key+"\n")
	bad := runGit(t, dir, "rev-parse", "HEAD")
	put(t, dir, "a", "two\n")
	blob := runGit(t, dir, "rev-parse", bad+":a")
	runGit(t, dir, "replace", blob, runGit(t, dir, "rev-parse", "HEAD:a"))
	runGit(t, dir, "replace", "--graft", "HEAD")
	write(t, dir, ".git/info/grafts", runGit(t, dir, "rev-parse", "HEAD")+"\n")
	result, err := searchHistory(t, dir, "")
	if diff := cmp.Diff([]string{"a:1"}, told(t, result, err)); diff != "" {
		t.Error(diff)
	}
}

// Notes are commits of their own, with files that are named after commits.
func TestNotes(t *testing.T) {
	dir := newRepo(t)
	put(t, dir, "a", "a\n")
	runGit(t, dir, "notes", "add", "-m", "see\n"+key)
	name := runGit(t, dir, "rev-parse", "HEAD")
	result, err := searchHistory(t, dir, "")
	if diff := cmp.Diff([]string{name + ":2"}, told(t, result, err)); diff != "" {
		t.Error(diff)
	}
	for _, f := range result.Verdict.Findings {
		if want := ": in a note about " + name + ", in refs/notes/commits"; !strings.HasSuffix(f.Message, want) {
			t.Errorf("%q does not end with %q", f.Message, want)
		}
	}
}

// A limit that the user sets is named where it holds.
// What is too large to be read of git at once does not pass.
func TestLargeVersion(t *testing.T) {
	dir := newRepo(t)
	put(t, dir, "a", strings.Repeat("x\n", largestObject/2+1)+key)
	result, err := searchHistory(t, dir, "")
	want := []string{"failed a: was not searched: it is larger than 104.9 MB (104857613 bytes)", "skipped a: larger than 104.9 MB (104857613 bytes)"}
	if diff := cmp.Diff(want, told(t, result, err)); diff != "" {
		t.Error(diff)
	}
}

func TestMaxSize(t *testing.T) {
	dir := newRepo(t)
	write(t, dir, "a", strings.Repeat("x", 2000)+key)
	put(t, dir, "b", key)
	scan := newScan(t, dir)
	scan.Files = discover.Options{Root: dir, MaxSize: 1000}
	want := []string{"b:1", "skipped a: larger than 1 kB (2 kB)"}
	if diff := cmp.Diff(want, tree(t, scan)); diff != "" {
		t.Error(diff)
	}
}

// What a repository keeps of others is read, caches of tools are named.
func TestVendored(t *testing.T) {
	dir := newRepo(t)
	write(t, dir, "node_modules/kept/a", key)
	put(t, dir, "vendor/b", key)
	write(t, dir, "node_modules/c/d", key)
	write(t, dir, ".terraform/e", key)
	scan := newScan(t, dir)
	scan.Files.Vendored = true
	caches := []string{"skipped .terraform/: excluded by **/.terraform/**", "skipped node_modules/: excluded by **/node_modules/**"}
	want := append([]string{"node_modules/kept/a:1"}, append(caches, "vendor/b:1")...)
	if diff := cmp.Diff(want, tree(t, scan)); diff != "" {
		t.Error("in a repository", diff)
	}
	scan.Files.Exclude = []string{"**/kept/**"}
	if diff := cmp.Diff(append(caches, "vendor/b:1"), tree(t, scan)); diff != "" {
		t.Error("what is excluded stays out", diff)
	}
	scan.Files.Exclude = nil
	result, err := scan.Staged(t.Context())
	if diff := cmp.Diff([]string(nil), told(t, result, err)); diff != "" {
		t.Error("nothing is staged", diff)
	}
	runGit(t, dir, "add", ".")
	result, err = scan.Staged(t.Context())
	if diff := cmp.Diff([]string{".terraform/e:1", "node_modules/c/d:1"}, told(t, result, err)); diff != "" {
		t.Error("what is staged", diff)
	}
	if err := os.RemoveAll(filepath.Join(dir, ".git")); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(append(caches, "vendor/b:1"), tree(t, scan)); diff != "" {
		t.Error("outside of git", diff)
	}
}
