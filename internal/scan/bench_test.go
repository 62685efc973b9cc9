//go:build unix

package scan

import (
	"bytes"
	"fmt"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// grown is a repository of so many commits, each of which changes a few lines of one of
// fifty files.
func grown(b *testing.B, commits int) string {
	b.Helper()
	dir := newRepo(b)
	var stream bytes.Buffer
	files := make([][]string, 50)
	for n := range commits {
		file := n % len(files)
		for range 4 {
			files[file] = append(files[file], fmt.Sprintf("\tvalue%d := compute(%d) // of no interest", n, len(files[file])))
		}
		if len(files[file]) > 300 {
			files[file] = files[file][100:]
		}
		text := strings.Join(files[file], "\n") + "\n"
		fmt.Fprintf(&stream, "commit refs/heads/main\ncommitter test <test@example.com> %d +0000\ndata 4\ntest\nM 100644 inline dir/file%d.go\ndata %d\n%s\n", 1_700_000_000+n, file, len(text), text)
	}
	command := exec.Command("git", "fast-import", "--quiet")
	command.Dir, command.Stdin = dir, &stream
	if out, err := command.CombinedOutput(); err != nil {
		b.Fatalf("%v %s", err, out)
	}
	runGit(b, dir, "reset", "-q", "--hard", "main")
	return dir
}

// used is the CPU time of this process and its children.
func used(b *testing.B) time.Duration {
	b.Helper()
	var total time.Duration
	for _, who := range []int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var usage syscall.Rusage
		if err := syscall.Getrusage(who, &usage); err != nil {
			b.Fatal(err)
		}
		total += time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
	}
	return total
}

func BenchmarkHistory(b *testing.B) {
	for _, commits := range []int{1000, 5000} {
		b.Run(fmt.Sprint(commits), func(b *testing.B) {
			dir := grown(b, commits)
			before := used(b)
			for b.Loop() {
				if result, err := searchHistory(b, dir, ""); err != nil || result.Verdict.Coverage.Commits != commits {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64((used(b)-before).Milliseconds())/float64(b.N), "cpu-ms/op")
		})
	}
}

// A commit of one file, as a hook sees it, git included.
func BenchmarkStaged(b *testing.B) {
	dir := grown(b, 1000)
	write(b, dir, "dir/file1.go", "package main\n")
	runGit(b, dir, "add", "-A")
	scan := newScan(b, dir)
	for b.Loop() {
		if result, err := scan.Staged(b.Context()); err != nil || result.Verdict.Coverage.Files != 1 {
			b.Fatal(err)
		}
	}
}
