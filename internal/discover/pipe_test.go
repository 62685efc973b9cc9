//go:build unix

package discover

import (
	"path/filepath"
	"syscall"
	"testing"
)

func mkfifo(t testing.TB, dir, name string) {
	t.Helper()
	if err := syscall.Mkfifo(filepath.Join(dir, name), 0o644); err != nil {
		t.Fatal(err)
	}
}
