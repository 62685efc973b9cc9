//go:build linux

package main_test

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// These tests measure processes as users start them. What they hold is generous:
// machines are busy. What they measured stands in the log: go test -v.

// command is policyctl with arguments, away from the settings of the machine's git.
func command(dir string, args ...string) func() *exec.Cmd {
	return func() *exec.Cmd {
		cmd := exec.Command("policyctl", args...) // this test, as TestMain names it
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "HOME="+dir, "GIT_CONFIG_NOSYSTEM=1", "NO_COLOR=1")
		return cmd
	}
}

// cost is what a process used.
type cost struct {
	cpu, wall time.Duration
	memory    int // in bytes, at most at a time
	out       string
}

// run runs a process, with those that it starts. It may end with status 1.
func measure(t testing.TB, cmd *exec.Cmd) cost {
	t.Helper()
	var out, problems bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problems
	start := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	memory := watch(cmd.Process.Pid)
	if err := cmd.Wait(); err != nil && cmd.ProcessState.ExitCode() != 1 {
		t.Fatalf("%s: %v\n%s", filepath.Base(cmd.Path), err, problems.String())
	}
	c := cost{wall: time.Since(start), out: out.String(), memory: memory()}
	usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	c.cpu = time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
	return c
}

// watch reads how much memory a process had at most, until it is asked. What the
// system tells of a process that has ended holds what its parent had, too.
func watch(pid int) (most func() int) {
	var peak int
	stop, stopped := make(chan bool), make(chan bool)
	go func() {
		defer close(stopped)
		for {
			status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
			if _, rest, ok := strings.Cut(string(status), "VmHWM:"); ok {
				var size int
				fmt.Sscan(rest, &size)
				peak = size << 10
			}
			select {
			case <-stop:
				return
			case <-time.After(5 * time.Millisecond):
			}
		}
	}()
	return func() int {
		close(stop)
		<-stopped
		return peak
	}
}

// least runs a process so many times, and gives the least of each cost.
func least(t testing.TB, times int, cmd func() *exec.Cmd) cost {
	t.Helper()
	best := measure(t, cmd())
	for range times - 1 {
		c := measure(t, cmd())
		best.cpu, best.wall, best.memory = min(best.cpu, c.cpu), min(best.wall, c.wall), min(best.memory, c.memory)
	}
	return best
}

// limit is what a short run may take: so much where git takes 1 ms to say its version, and
// in proportion where starting a program takes longer.
func limit(t *testing.T, usual time.Duration) time.Duration {
	git := least(t, 20, func() *exec.Cmd { return exec.Command("git", "version") })
	t.Logf("git version: %v of processor time", git.cpu)
	return max(usual, usual*git.cpu/time.Millisecond)
}

// A hook runs before every commit: what a process costs before it does anything is
// what people wait for.
func TestStart(t *testing.T) {
	start := command(t.TempDir(), "scan", "-")
	c := least(t, 20, func() *exec.Cmd {
		cmd := start()
		cmd.Stdin = strings.NewReader("\n") // nothing at all is no pass
		return cmd
	})
	t.Logf("one line of standard input: %v of processor time, %v", c.cpu, c.wall)
	if c.cpu > limit(t, 40*time.Millisecond) {
		t.Errorf("scan - of nothing takes %v of processor time: GODEBUG=inittrace=1 says which package", c.cpu)
	}
}

func TestStaged(t *testing.T) {
	dir := t.TempDir()
	git := func(args ...string) {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-c", "user.name=test", "-c", "user.email=test@example.com"}, args...)...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "HOME="+dir, "GIT_CONFIG_NOSYSTEM=1")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %s: %v\n%s", args[0], err, out)
		}
	}
	git("init", "-q")
	for n := range 200 {
		put(t, dir, fmt.Sprintf("d%d/f%d.go", n%20, n), fmt.Sprintf("package d%d\n", n))
	}
	git("add", "-A")
	git("commit", "-qm", "test")
	put(t, dir, "d1/f1.go", "package d1\n\nconst key = 1\n")
	git("add", "-A")
	c := least(t, 20, command(dir, "scan", "--staged"))
	t.Logf("one staged file: %v of processor time, %v", c.cpu, c.wall)
	if c.wall > limit(t, 100*time.Millisecond) {
		t.Errorf("scan --staged of one file takes %v", c.wall)
	}
	for n := range 9 {
		put(t, dir, fmt.Sprintf("d2/g%d.go", n), fmt.Sprintf("package d2\n\nconst key%d = 1\n", n))
	}
	git("add", "-A")
	c = least(t, 10, command(dir, "check", "--staged"))
	t.Logf("ten staged files: %v of processor time, %v", c.cpu, c.wall)
	if c.wall > limit(t, 300*time.Millisecond) {
		t.Errorf("check --staged of ten files takes %v", c.wall)
	}
}

// Many findings cost so much each, however many there are.
func TestManyFindings(t *testing.T) {
	each := func(n int) time.Duration {
		var text strings.Builder
		random := rand.New(rand.NewPCG(1, 2))
		for i := range n {
			fmt.Fprintf(&text, "password%d: %s\n", i, letters(random, 12))
		}
		dir := t.TempDir()
		put(t, dir, "a.yaml", text.String())
		c := least(t, 2, command(dir, "scan", "--quiet", "a.yaml"))
		if found := strings.Count(c.out, "[secret/password]"); found < n*9/10 {
			t.Fatalf("found %d of %d", found, n)
		}
		return c.cpu / time.Duration(n)
	}
	few, many := each(10_000), each(40_000)
	t.Logf("of 10,000 findings %v each, of 40,000 %v", few, many)
	if many > 3*few/2 {
		t.Errorf("of 40,000 findings each takes %v, of 10,000 %v", many, few)
	}
}

func put(t testing.TB, dir, name, text string) {
	t.Helper()
	name = filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// made makes up the text of one kind of file, line by line. The random numbers are
// the same in every run.
func made(kind string, n int, random *rand.Rand) string {
	switch kind {
	case "minified":
		return fmt.Sprintf(`function f%d(a,b){return a.key+%d*b.token};var q%d="x%x";`, n, n, n, random.Uint32())
	case "base64":
		data := make([]byte, 200)
		for i := range data {
			data[i] = byte(random.Uint32())
		}
		return fmt.Sprintf("data%d: %s\n", n, base64.StdEncoding.EncodeToString(data))
	case "yaml":
		return fmt.Sprintf("  - name: item-%d\n    image: registry.example.com/team/item:%d.%d\n    replicas: %d\n", n, n, n%7, n%5)
	case "json":
		return fmt.Sprintf("  {\"id\": %d, \"label\": \"item %d\", \"size\": %d, \"tags\": [\"a\", \"b%d\"]},\n", n, n, n*7919%1000003, n%9)
	case "markdown":
		return fmt.Sprintf("## Part %d\n\nSet the key of part %d to the name of its owner, and run `make part%d`.\n\n", n, n, n)
	}
	return fmt.Sprintf("// part%d says how large a part is.\nfunc part%d(a, b int) (int, error) {\n\tif a > %d {\n\t\treturn 0, errTooLarge\n\t}\n\treturn a*b + %d, nil\n}\n\n", n, n, n, n)
}

// write makes a file of so many bytes that ends with a credential.
func write(t testing.TB, name, kind string, size int) {
	t.Helper()
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	random := rand.New(rand.NewPCG(1, 2))
	out := bufio.NewWriter(file)
	for n, written := 0, 0; written < size; n++ {
		w, _ := out.WriteString(made(kind, n, random))
		written += w
	}
	fmt.Fprintf(out, " token: \"gh%s_%s\"", "p", letters(random, 36))
	if err := out.Flush(); err != nil {
		t.Fatal(err)
	}
}

func letters(random *rand.Rand, n int) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	var b strings.Builder
	for range n {
		b.WriteByte(alphabet[random.IntN(len(alphabet))])
	}
	return b.String()
}

// A file of any size is searched to its end, in memory that does not grow with it.
func TestMemory(t *testing.T) {
	const size = 64 << 20
	for _, kind := range []string{"code", "minified", "base64"} {
		dir := t.TempDir()
		name := filepath.Join(dir, "a.js")
		write(t, name, kind, size)
		for _, from := range []string{"file", "stream"} {
			cmd := command(dir, "scan", "a.js")()
			if from == "stream" {
				cmd = command(dir, "scan", "-")()
				file, err := os.Open(name)
				if err != nil {
					t.Fatal(err)
				}
				defer file.Close()
				cmd.Stdin = file
			}
			c := measure(t, cmd)
			t.Logf("%s in a %s: %d MB, %.0f MB a second of processor time", kind, from, c.memory>>20, float64(size)/1e6/c.cpu.Seconds())
			if !strings.Contains(c.out, "secret/github-pat") {
				t.Errorf("%s in a %s: what stands at the end is not found", kind, from)
			}
			if c.memory == 0 || c.memory > 150_000_000 {
				t.Errorf("%s in a %s: %d MB of memory", kind, from, c.memory>>20)
			}
		}
	}
}
