package discover

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

func TestRead(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	put(t, outside, "secret")
	for file, text := range map[string]string{
		"plain":          "a: b\n",
		"empty":          "",
		"utf8-mark":      "\ufeffa: b\n",
		"utf16-le":       utf16Text("a: é😀\n", false),
		"utf16-be":       utf16Text("a: é😀\n", true),
		"utf16-odd":      utf16Text("ab", false) + "x",
		"utf16-binary":   utf16Text("a\x00b", false),
		"utf32":          utf32Text("\ufeffa: é😀\n"),
		"utf32-no-mark":  utf32Text("a: b\n"),
		"utf16-nul":      "\xff\xfe\x00\x00" + utf16Text("a: b\n", false)[2:],
		"utf16-no-mark":  utf16Text("a: b\n", false)[2:],
		"utf16-be-none":  utf16Text("a: b\n", true)[2:],
		"nul":            "text\x00",
		"nuls":           "a=b\x00c=d\x00é",
		"object":         "text\x00\x01",
		"nul-latin1":     "caf\xe9 caf\xe9\x00",
		"zeros":          "text" + strings.Repeat("\x00", 100),
		"late-nul":       strings.Repeat("x", headSize) + "\x00",
		"gzip":           "\x1f\x8b\x08\x01",
		"pdf":            "%PDF-1.7\n%\xe2\xe3\xcf",
		"text-like-gif":  "GIF89a: a key of YAML\n",
		"latin1":         "caf\xe9",
		"large":          strings.Repeat("x", 12_000_000),
		"at-limit":       strings.Repeat("x", 1000),
		"bytes\xff\nodd": "x",
		"sub/file":       "y",
	} {
		write(t, dir, file, text)
	}
	mkfifo(t, dir, "pipe")
	mkdir(t, dir, "dir")
	symlink(t, dir, "link", "plain")
	symlink(t, dir, "out", outside)
	symlink(t, dir, "in", "sub")
	long := strings.Repeat("x", 300)
	tests := []struct{ name, path, want string }{
		{"a text", "plain", `"a: b\n"`},
		{"an empty file", "empty", `""`},
		{"the mark of UTF-8 stays", "utf8-mark", `"\ufeffa: b\n"`},
		{"UTF-16 becomes UTF-8", "utf16-le", `"a: é😀\n"`},
		{"in either order", "utf16-be", `"a: é😀\n"`},
		{"half a character is kept visible, and apart", "utf16-odd", `"ab\n�"`},
		{"a NUL in UTF-16", "utf16-binary", "binary"},
		{"UTF-32", "utf32", `"a: é😀\n"`},
		{"UTF-32 without a mark", "utf32-no-mark", `"a: b\n"`},
		{"UTF-16 that looks like UTF-32", "utf16-nul", `"\x00a: b\n"`},
		{"UTF-16 without a mark", "utf16-no-mark", `"a: b\n"`},
		{"in either order without a mark", "utf16-be-none", `"a: b\n"`},
		{"a NUL does not hide a text", "nul", `"text\x00"`},
		{"lines that end in NUL", "nuls", `"a=b\x00c=d\x00é"`},
		{"a NUL among control characters", "object", "binary"},
		{"a NUL among bytes that are no UTF-8", "nul-latin1", "binary"},
		{"mostly NUL", "zeros", "binary"},
		{"a NUL far behind", "late-nul", fmt.Sprintf("%q", strings.Repeat("x", headSize)+"\x00")},
		{"a known format", "gzip", "binary"},
		{"a known format that begins like text", "pdf", "binary"},
		{"a text that begins like a known format", "text-like-gif", `"GIF89a: a key of YAML\n"`},
		{"bytes that are no UTF-8", "latin1", `"caf\xe9"`},
		{"a large file", "large", "larger than 5 MB (12 MB)"},
		{"an odd name", "bytes\xff\nodd", `"x"`},
		{"a named pipe", "pipe", "named pipe"},
		{"a directory", "dir", "directory"},
		{"a symlink", "link", "symlink"},
		{"a path through a symlink within", "in/file", `"y"`},
		{"a path through a symlink out", "out/secret", "symlink out of the repository"},
		{"a path out", "../" + filepath.Base(outside) + "/secret", "symlink out of the repository"},
		{"an absolute path", outside + "/secret", "symlink out of the repository"},
		{"a file that is gone", "gone", "vanished during the run"},
		{"a directory that is gone", "gone/file", "vanished during the run"},
		{"a directory that became a file", "plain/file", "vanished during the run"},
		{"what cannot be examined", long, "policyctl/unreadable-file " + long + ": cannot be read: file name too long"},
	}
	root := openRoot(t, dir)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := readText(t, root, test.path, 0); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
	if got := readText(t, root, "at-limit", 1000); got != fmt.Sprintf("%q", strings.Repeat("x", 1000)) {
		t.Errorf("at the limit: %.40s", got)
	}
	if got := readText(t, root, "at-limit", 999); got != "larger than 999 bytes (1 kB)" {
		t.Errorf("beyond the limit: %.40s", got)
	}
}

// A device is told from a file, and not opened.
func TestReadDevice(t *testing.T) {
	if got := readText(t, openRoot(t, "/dev"), "null", 0); got != "device" {
		t.Errorf("got %s", got)
	}
}

// The files of /proc have no size before they are read, as one that grows, and
// one of them cannot be read even by root.
func TestReadProc(t *testing.T) {
	if _, err := os.Lstat("/proc/self/mem"); err != nil {
		t.Skip("this system has no /proc")
	}
	root := openRoot(t, "/proc/self")
	if got, want := readText(t, root, "status", 10), "grew beyond 10 bytes during the run"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := readText(t, root, "mem", 0), "policyctl/unreadable-file mem: cannot be read: input/output error"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// readText reads a file and writes the one result that there is.
func readText(t *testing.T, root *os.Root, path string, maxSize int64) string {
	t.Helper()
	done := make(chan []string, 1)
	go func() {
		var results []string
		src, skip, finding := Read(root, path, maxSize)
		if src != nil {
			results = append(results, fmt.Sprintf("%q", src.Data))
		}
		if skip != nil {
			results = append(results, skip.Reason)
		}
		if finding != nil {
			results = append(results, finding.Rule.ID+" "+finding.Location.Path+": "+finding.Message)
		}
		done <- results
	}()
	select {
	case results := <-done:
		if len(results) != 1 {
			t.Fatalf("%d results: %q", len(results), results)
		}
		return results[0]
	case <-time.After(10 * time.Second):
		t.Fatalf("%q is still being read", path)
		return ""
	}
}

func openRoot(t *testing.T, dir string) *os.Root {
	t.Helper()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	return root
}

// utf16Text writes a text in UTF-16, with its byte order mark.
func utf16Text(text string, bigEndian bool) string {
	var b strings.Builder
	for _, unit := range append([]uint16{0xfeff}, utf16.Encode([]rune(text))...) {
		low, high := byte(unit), byte(unit>>8)
		if bigEndian {
			low, high = high, low
		}
		b.Write([]byte{low, high})
	}
	return b.String()
}

func utf32Text(text string) string {
	var b strings.Builder
	for _, r := range text {
		b.Write(binary.LittleEndian.AppendUint32(nil, uint32(r)))
	}
	return b.String()
}

func FuzzText(f *testing.F) {
	f.Add([]byte("a: b\n"))
	f.Add([]byte(utf16Text("a😀", true)))
	f.Add([]byte(utf16Text("a😀", false) + "x"))
	f.Add([]byte("\xff\xfe\x00\xd8a\x00"))
	f.Add([]byte("PK\x03\x04\xff"))
	f.Add([]byte("\xff\x00\x80\x00"))
	f.Add([]byte("a\x00\x80\x00\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, reason := text(data)
		e := wide(data)
		switch {
		case reason != "":
		case e == nil && !bytes.Equal(got, data):
			t.Errorf("%q became %q", data, got)
		case e != nil && !utf8.Valid(got):
			t.Errorf("%q became %q, which is no UTF-8", data, got)
		case e != nil && len([]rune(string(got))) > (len(data)-e.mark)/e.unit+2: // an odd byte is a line more
			t.Errorf("%q has more characters than before", got)
		}
	})
}

// FuzzNarrow: a text in UTF-16 or UTF-32 reads the same in pieces as at once.
func FuzzNarrow(f *testing.F) {
	f.Add([]byte(utf16Text(strings.Repeat("é😀a", 80), false)), 7)
	f.Add([]byte(utf16Text("a: b\n", true)[2:]), 4)
	f.Add([]byte("\xff\xfea\x00\x00\xd8x"), 2)
	f.Add([]byte(utf32Text("\ufeff"+strings.Repeat("é😀a", 80))), 7)
	f.Fuzz(func(t *testing.T, data []byte, cut int) {
		e := wide(data)
		cut = min(max(cut, 0), len(data))
		narrow := Narrow(data, strings.NewReader(""))
		if (e == nil) != (narrow == nil) {
			t.Fatal("not the same about the encoding")
		}
		if narrow == nil {
			return
		}
		if other := wide(data[:cut]); other != nil && *other == *e && cut >= e.mark {
			narrow = Narrow(data[:cut], strings.NewReader(string(data[cut:])))
		}
		got, err := io.ReadAll(narrow)
		if want := e.decode(data[e.mark:]); err != nil || string(got) != string(want) {
			t.Errorf("got %d bytes, want %d: %v", len(got), len(want), err)
		}
	})
}

// What mainframes write is told from what people write in other old encodings, and from
// what is no text.
func TestIsEBCDIC(t *testing.T) {
	tests := []struct {
		name, text string
		want       bool
	}{
		{"an assignment", "\x97\x81\xa2\xa2\xa6\x96\x99\x84\x7e\x81\x82\x83\xf1\xf2\xf3\x25", true},
		{"a program with marks", "\xd4\xd6\xe5\xc5\x40\xc1\x6b\xc2\x4b\x15\xc1\xc4\xc4\x40\xf1\xf2\x40\xe3\xd6\x40\xc3\x4b\x15", true},
		{"UTF-8", "pässwörd=ähm\n", false},
		{"Latin-1", "caf\xe9 cr\xe8me\n", false},
		{"Cyrillic of Windows", "\xef\xe0\xf0\xee\xeb\xfc: \xf1\xe5\xea\xf0\xe5\xf2\xed\xfb\xe9\r\n", false},
		{"Cyrillic of Unix", "\xd0\xc1\xd2\xcf\xcc\xd8: \xd3\xc5\xcb\xd2\xc5\xd4\xce\xd9\xca\n", false},
		{"Shift JIS", "\x83p\x83X\x83\x8f\x81[\x83h=abc\n", false},
		{"GBK", "\xc3\xdc\xc2\xeb=abc \xb2\xe2\xca\xd4\n", false},
		{"random bytes", "\x8b\x13\xfe\x02\x9a\xcc\x31\xb7\xe0\x1d\xaa\x5f", false},
		{"nothing", "", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := isEBCDIC([]byte(test.text)); got != test.want {
				t.Errorf("got %t, want %t", got, test.want)
			}
		})
	}
}
