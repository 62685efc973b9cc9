package git

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// grown makes a repository with one pack of the versions of some files, of which each
// differs from the one before in a few lines.
func grown(t testing.TB, options ...string) string {
	t.Helper()
	dir := t.TempDir()
	var stream bytes.Buffer
	random := rand.New(rand.NewPCG(1, 2))
	files := make([]string, 3)
	for n := range 45 {
		file := n % len(files)
		for range 5 {
			files[file] += fmt.Sprintf("line %x\n", random.Uint64())
		}
		if n == 30 {
			files[file] = "" // an empty version
		}
		fmt.Fprintf(&stream, "commit refs/heads/main\ncommitter test <test@example.com> %d +0000\ndata 4\ntest\nM 100644 inline dir/%d\ndata %d\n%s\n", 1_700_000_000+n, file, len(files[file]), files[file])
	}
	fmt.Fprintf(&stream, "tag v1\nfrom refs/heads/main\ntagger test <test@example.com> 1700000000 +0000\ndata 3\none\n")
	run(t, dir, append([]string{"init", "-q", "-b", "main"}, options...)...)
	command := exec.Command("git", "-c", "fastimport.unpackLimit=0", "fast-import", "--quiet")
	command.Dir, command.Stdin = dir, &stream
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return dir
}

// names lists all objects of a repository.
func names(t testing.TB, dir string) []string {
	t.Helper()
	out, err := try(dir, "cat-file", "--batch-all-objects", "--batch-check=%(objectname)")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Fields(out)
}

// What is read out of packs is what git reads.
func TestPacks(t *testing.T) {
	repack := func(options ...string) func(*testing.T) string {
		return func(t *testing.T) string {
			dir := grown(t)
			run(t, dir, append(options, "-a", "-d", "-f", "-q", "--depth=30")...)
			return dir
		}
	}
	tests := []struct {
		name string
		make func(t *testing.T) string
		none bool // git alone can read it
	}{
		{"each version as what the next one differs by", repack("repack"), false},
		{"each version as what the former one differs by", func(t *testing.T) string { return grown(t) }, false},
		{"bases by their names", repack("-c", "repack.useDeltaBaseOffset=false", "repack"), false},
		{"nothing compressed", repack("-c", "pack.compression=0", "repack"), false},
		{"SHA-256", func(t *testing.T) string { return grown(t, "--object-format=sha256") }, false},
		{"an index of the first kind", repack("-c", "pack.indexVersion=1", "repack"), true},
		{"places that take more than 31 bits", func(t *testing.T) string {
			dir := grown(t)
			packs, err := filepath.Glob(filepath.Join(dir, ".git/objects/pack/*.pack"))
			if err != nil || len(packs) != 1 {
				t.Fatal(packs, err)
			}
			remove(t, dir, strings.TrimPrefix(strings.TrimSuffix(packs[0], ".pack")+".idx", dir))
			run(t, dir, "index-pack", "--index-version=2,0x100", packs[0])
			return dir
		}, false},
		{"several packs and an index of all", func(t *testing.T) string {
			dir := grown(t)
			for n := range 3 {
				put(t, dir, fmt.Sprint("file", n))
				commit(t, dir)
				run(t, dir, "repack", "-q")
			}
			run(t, dir, "multi-pack-index", "write")
			return dir
		}, false},
		{"objects that another repository has", func(t *testing.T) string {
			middle, dir := filepath.Join(t.TempDir(), "middle"), filepath.Join(t.TempDir(), "dir")
			run(t, t.TempDir(), "clone", "-q", "--shared", grown(t), middle)
			run(t, t.TempDir(), "clone", "-q", "--shared", middle, dir)
			return dir
		}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := test.make(t)
			all := names(t, dir)
			if len(all) >= fewObjects {
				t.Fatal(len(all), "objects are not read through git alone")
			}
			want := readAll(t, dir, 1<<20, all, false)
			p := open(t, dir).openPacks(t.Context(), 1<<20, len(all[0])/2)
			defer p.close()
			for _, name := range all {
				at, ok := p.find(name)
				if ok == test.none {
					t.Fatalf("%s found: %v", name, ok)
				}
				if !ok {
					continue
				}
				got, err := p.object(at)
				if want := want[name]; err != nil || got.kind != want.Kind || !bytes.Equal(got.data, want.Data) {
					t.Errorf("%s: %v, %d bytes of a %s, want %d of a %s", name, err, len(got.data), got.kind, len(want.Data), want.Kind)
				}
			}
			if _, ok := p.find(lacking(all)); ok {
				t.Error("an object that is not there")
			}
		})
	}
}

// lacking is the name of no object, as long as the others.
func lacking(all []string) string { return strings.Repeat("1", len(all[0])) }

// readAll reads objects through a batch, without packs or with them.
func readAll(t *testing.T, dir string, most int64, all []string, packs bool) map[string]Object {
	t.Helper()
	got := map[string]Object{}
	batch := open(t, dir).Batch(t.Context(), most, func(o Object) error {
		got[o.Hash] = o
		return nil
	})
	if packs {
		for range fewObjects {
			all = append([]string{lacking(all)}, all...)
		}
	}
	for _, name := range all {
		if err := batch.Ask(name); err != nil {
			t.Fatal(err)
		}
	}
	if err := batch.Close(); err != nil {
		t.Fatal(err)
	}
	return got
}

// What a pack does not have, or has damaged or too large, is left to git, in the same order.
func TestBatchWithPacks(t *testing.T) {
	dir := grown(t)
	packed := names(t, dir)
	want := readAll(t, dir, 1<<20, packed, false)
	write(t, dir, "loose", strings.Repeat("loose", 10))
	write(t, dir, "large", strings.Repeat("large ", 400_000))
	run(t, dir, "add", "-A")
	run(t, dir, "repack", "-q")
	all := names(t, dir)
	got := readAll(t, dir, 1<<20, all, true)
	large := 0
	for name, o := range got {
		switch {
		case name == lacking(all):
			if o.Kind != "" || o.Damage != "" {
				t.Errorf("an object that is missing: %+v", o)
			}
		case o.Size > 1<<20:
			if large++; o.Kind != "blob" || o.Data != nil || len(o.Head) != headSize {
				t.Errorf("a large object: %s of %d bytes, %d in front", o.Kind, len(o.Data), len(o.Head))
			}
		case o.Kind == "" || o.Damage != "" || int64(len(o.Data)) != o.Size:
			t.Errorf("%s: a %q of %d bytes, damage %q", name, o.Kind, len(o.Data), o.Damage)
		}
	}
	if len(got) != len(all)+1 || large != 1 {
		t.Errorf("%d answers for %d objects, %d large", len(got), len(all), large)
	}
	for name, o := range want {
		if diff := cmp.Diff(o, got[name]); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// A damaged pack loses what git cannot read either, and nothing else.
func TestDamagedPack(t *testing.T) {
	dir := grown(t)
	all := names(t, dir)
	packs, _ := filepath.Glob(filepath.Join(dir, ".git/objects/pack/*.pack"))
	if len(packs) != 1 {
		t.Fatal(packs)
	}
	good, err := os.ReadFile(packs[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(packs[0], 0o600); err != nil {
		t.Fatal(err)
	}
	for at := 20; at < len(good)-20; at += len(good) / 25 {
		bad := bytes.Clone(good)
		for n := range 8 {
			bad[at+n] ^= 0xff
		}
		if err := os.WriteFile(packs[0], bad, 0o600); err != nil {
			t.Fatal(err)
		}
		want := readAll(t, dir, 1<<20, all, false)
		got := readAll(t, dir, 1<<20, all, true)
		for _, name := range all {
			if diff := cmp.Diff(want[name], got[name]); diff != "" {
				t.Errorf("byte %d, %s: %s", at, name, diff)
			}
		}
	}
}

// Bytes that somebody made are an error and nothing worse.
func FuzzPack(f *testing.F) {
	dir := grown(f)
	index, err := filepath.Glob(filepath.Join(dir, ".git/objects/pack/*.idx"))
	if err != nil || len(index) != 1 {
		f.Fatal(index, err)
	}
	idx, _ := os.ReadFile(index[0])
	data, err := os.ReadFile(strings.TrimSuffix(index[0], ".idx") + ".pack")
	if err != nil {
		f.Fatal(err)
	}
	all := names(f, dir)
	f.Add(uint16(0), []byte{})
	f.Add(uint16(12), []byte{0xff})
	f.Add(uint16(12), []byte{0x9f, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80})
	f.Add(uint16(1<<15), []byte{0xff, 0x74})
	f.Add(uint16(1<<15+8), []byte{0xff, 0xff, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, at uint16, bytes []byte) {
		name := filepath.Join(t.TempDir(), "x")
		idx, data := append([]byte(nil), idx...), append([]byte(nil), data...)
		if at < 1<<15 { // the pack, else its index
			copy(data[min(int(at), len(data)):], bytes)
		} else {
			copy(idx[min(int(at-1<<15), len(idx)):], bytes)
		}
		if os.WriteFile(name+".idx", idx, 0o600) != nil || os.WriteFile(name+".pack", data, 0o600) != nil {
			t.Skip()
		}
		one, err := openIndex(name+".idx", 20)
		if err != nil {
			return
		}
		p := &packs{list: []*pack{one}, most: 1 << 16, passed: texts{most: mostPassed}, given: texts{most: mostGiven}}
		defer p.close()
		for _, name := range all {
			at, ok := p.find(name)
			if !ok {
				continue
			}
			if got, err := p.object(at); err == nil && len(got.data) > 1<<16 {
				t.Errorf("%d bytes of at most %d", len(got.data), 1<<16)
			}
		}
	})
}

func FuzzApply(f *testing.F) {
	f.Add([]byte("base"), []byte{4, 6, 0x90, 4, 2, 'a', 'b'})
	f.Add([]byte("base"), []byte{4, 3, 0x91, 1, 3})
	f.Add([]byte("base"), []byte{4, 4, 0x80})
	f.Fuzz(func(t *testing.T, base, code []byte) {
		data, err := apply(base, code, 1000)
		if err == nil && len(data) > 1000 {
			t.Errorf("%d bytes", len(data))
		}
		if err != nil && !errors.Is(err, errPack) && !errors.Is(err, errLarge) {
			t.Error(err)
		}
	})
}
