//go:build linux

package main_test

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/policyctl/policyctl/scanner"
)

var (
	gitleaks = flag.String("gitleaks", "", "gitleaks `PROGRAM` to compare with")
	ripgrep  = flag.String("rg", "", "ripgrep `PROGRAM` to compare with")
	commits  = flag.String("history", "", "`REPOSITORY` whose history to search instead of one that is made up")
	trees    = flag.String("trees", "", "`FOLDERS` to search instead of a tree that is made up, with commas between")
)

// BenchmarkPeers runs policyctl and other programs over the same files, one after
// the other, and gives how many times our processor time they take.
// CONTRIBUTING.md says how to call it.
func BenchmarkPeers(b *testing.B) {
	dirs := strings.FieldsFunc(*trees, func(c rune) bool { return c == ',' })
	if len(dirs) == 0 {
		dirs = []string{mixed(b, 40<<20)}
	}
	words := filepath.Join(b.TempDir(), "keywords")
	if err := os.WriteFile(words, []byte(strings.Join(keywords(b), "\n")+"\n"), 0o666); err != nil {
		b.Fatal(err)
	}
	for _, dir := range dirs {
		versus(b, "tree/gitleaks", *gitleaks, command(dir, "scan", "--quiet", dir), "dir", "--no-banner", "--log-level=error", dir)
		versus(b, "tree/rg", *ripgrep, command(dir, "scan", "--quiet", dir), "--no-ignore", "--hidden", "-i", "-F", "--count-matches", "-f", words, dir) // -c is content with the first match of a line, and a minified file is one
	}
	if *gitleaks != "" {
		dir := *commits
		if dir == "" {
			dir = history(b, 5000)
		}
		versus(b, "history/gitleaks", *gitleaks, command(dir, "scan", "--quiet", "--history"), "git", "--no-banner", "--log-level=error", dir)
	}
}

// versus compares with a peer, if there is one.
func versus(b *testing.B, name, peer string, ours func() *exec.Cmd, args ...string) {
	if peer == "" {
		return
	}
	b.Run(name, func(b *testing.B) {
		for b.Loop() {
			us := least(b, 3, ours)
			them := least(b, 1, func() *exec.Cmd {
				cmd := exec.Command(peer, args...)
				cmd.Env = append(os.Environ(), "GIT_CONFIG_NOSYSTEM=1")
				return cmd
			})
			b.ReportMetric(us.cpu.Seconds(), "cpu-s")
			b.ReportMetric(them.cpu.Seconds(), "peer-cpu-s")
			b.ReportMetric(them.cpu.Seconds()/us.cpu.Seconds(), "times")
		}
	})
}

// keywords are what the scanner looks for first.
func keywords(b *testing.B) []string {
	b.Helper()
	s, err := scanner.New(scanner.Options{Detectors: scanner.Ours()})
	if err != nil {
		b.Fatal(err)
	}
	return s.Keywords()
}

// mixed is a tree of files as repositories have them.
func mixed(b *testing.B, size int) string {
	b.Helper()
	dir := b.TempDir()
	kinds := []struct{ kind, suffix string }{{"code", ".go"}, {"code", ".ts"}, {"yaml", ".yaml"}, {"json", ".json"}, {"markdown", ".md"}, {"code", ".py"}, {"minified", ".js"}}
	random := rand.New(rand.NewPCG(3, 4))
	for n, written := 0, 0; written < size; n++ {
		k := kinds[n%len(kinds)]
		length := 1000 + random.IntN(20_000)
		if k.kind == "minified" {
			length *= 10
		}
		var text bytes.Buffer
		for i := 0; text.Len() < length; i++ {
			text.WriteString(made(k.kind, i, random))
		}
		put(b, dir, fmt.Sprintf("dir%d/file%d%s", n%40, n, k.suffix), text.String())
		written += text.Len()
	}
	return dir
}

// history is a repository of so many commits. Each changes five files of about 9 KB
// and adds 900 bytes to each: that is the mean of repositories of scanners.
func history(b *testing.B, commits int) string {
	b.Helper()
	dir := b.TempDir()
	stream, out := io.Pipe()
	go func() {
		files := make([]string, 400)
		for n := range commits {
			fmt.Fprintf(out, "commit refs/heads/main\ncommitter test <test@example.com> %d +0000\ndata 4\ntest\n", 1_700_000_000+n)
			for i := range 5 {
				file := (n*5 + i) % len(files)
				for part := range 6 {
					files[file] += made("code", n*30+i*6+part, nil)
				}
				if len(files[file]) > 14_000 {
					files[file] = files[file][7_000:]
				}
				fmt.Fprintf(out, "M 100644 inline dir/file%d.go\ndata %d\n%s\n", file, len(files[file]), files[file])
			}
		}
		out.Close()
	}()
	for _, args := range [][]string{{"init", "-q", "-b", "main"}, {"fast-import", "--quiet"}, {"gc", "-q"}, {"reset", "-q", "--hard", "main"}} {
		cmd := exec.Command("git", args...)
		cmd.Dir, cmd.Stdin = dir, nil
		if args[0] == "fast-import" {
			cmd.Stdin = stream
		}
		if out, err := cmd.CombinedOutput(); err != nil {
			b.Fatalf("git %s: %v\n%s", args[0], err, out)
		}
	}
	return dir
}
