package git

import (
	"bytes"
	"strings"
	"testing"
)

// Whatever git writes, reading ends, and gives versions with a path and an object.
func FuzzReadEntries(f *testing.F) {
	hash := strings.Repeat("a", 40)
	none := strings.Repeat("0", 40)
	f.Add([]byte("commit " + hash + "\ntree x\nauthor n <a@b> 12 +0000\n\n    text\n\n:000000 100644 " + none + " " + hash + " A\x00path\x00commit " + hash + "\nauthor n\n\n    text\n"))
	f.Add([]byte("commit " + hash + "\n:x\n\n::100644 100644 100644 " + hash + " " + hash + " " + hash + " MM\x00p\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		_ = readEntries(bytes.NewReader(data), func(e *Entry) error {
			if !IsHash(e.Hash) {
				t.Errorf("hash %q", e.Hash)
			}
			for _, v := range e.Versions {
				if !IsHash(v.Object) || strings.Contains(v.Path, "\x00") {
					t.Errorf("version %+v", v)
				}
			}
			return nil
		})
	})
}

func FuzzParseStaged(f *testing.F) {
	hash := strings.Repeat("a", 64)
	f.Add(":100644 100644 " + hash + " " + hash + " R100\x00a\x00b\x00")
	f.Fuzz(func(t *testing.T, text string) {
		versions, _, _ := parseStaged(strings.Split(text, "\x00"))
		for _, v := range versions {
			if strings.Contains(v.Path, "\x00") {
				t.Errorf("path %q", v.Path)
			}
		}
	})
}
