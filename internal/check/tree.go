package check

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/policyctl/policyctl/internal/discover"
	"github.com/policyctl/policyctl/internal/git"
	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
)

// tree is where the files of a run stand: in the work tree, the index or a commit.
type tree interface {
	list(ctx context.Context, o discover.Options) (discover.Listing, error)
	// read reads a file as discover.Read does; a source may have a finding besides, if it is not all
	// that can be read under its path. It is safe for concurrent use.
	read(path string) (*lint.Source, *lint.Skip, *lint.Finding)
	link(path string) *lint.Source // where a symlink leads, as a text; nil if it is none
	exists(path string) bool       // whether there is a regular file
	// holds says whether a file is one of some objects of git. What does not exist is none.
	holds(path string, objects ...string) bool
	close()
}

// workTree is what stands on the disk, but for what git has in other bytes: those are what
// everybody gets, whatever a checkout makes of them.
type workTree struct {
	root      *os.Root
	max       int64
	stored    *gitTree // of converted files; nil if there are none
	converted map[string]git.Converted
}

func (t workTree) list(ctx context.Context, o discover.Options) (discover.Listing, error) {
	return discover.Files(ctx, o)
}

func (t workTree) read(path string) (*lint.Source, *lint.Skip, *lint.Finding) {
	as, is := t.converted[path]
	if is && !as.Modified {
		src, skip, finding := t.stored.read(path)
		if !as.Plain() && finding == nil && t.disguises(path, src) {
			finding = unread(path, fmt.Sprintf("git has something else than a checkout shows, which is not in %q as it is said to be; take the attribute working-tree-encoding away, or write the file in that encoding", as.Encoding))
		}
		return src, skip, finding
	}
	src, skip, finding := discover.Read(t.root, path, t.max)
	switch {
	case is && !as.Readable() && finding == nil:
		return nil, nil, unread(path, fmt.Sprintf("the work tree has it in %q, and git has something else; git add makes them one", as.Encoding))
	case is && src != nil:
		if stored, _, _ := t.stored.read(path); stored != nil && bytes.Equal(withoutIdent(src.Data), withoutIdent(stored.Data)) {
			return stored, nil, nil
		}
	}
	return src, skip, finding
}

// disguises says whether a file is another text in the work tree than in git: ASCII that git was
// told to be of a mainframe is noise in a commit, and itself again in every checkout. What really is
// of a mainframe has no blanks, digits or line breaks of ASCII, and no program takes it for a text.
func (t workTree) disguises(path string, stored *lint.Source) bool {
	shown, _, _ := discover.Read(t.root, path, t.max)
	if shown == nil || !bytes.ContainsAny(shown.Data, " \n0123456789:=") {
		return false
	}
	text := func(src *lint.Source) []byte { return bytes.ReplaceAll(lint.Unmarked(src.Data), []byte("\r"), nil) }
	return stored == nil || !bytes.Equal(withoutIdent(text(shown)), withoutIdent(text(stored)))
}

// ident is what git replaces in a checkout, by the attribute of that name: what a commit has
// between the signs would be seen by nobody who looks at the work tree.
var ident = regex.Lazy(`\$Id(?::[^$\n]*)?\$`)

func withoutIdent(data []byte) []byte { return ident().ReplaceAll(data, []byte("$$Id$$")) }

func (t workTree) link(path string) *lint.Source { return discover.Link(t.root, path) }

// exists is asked also when the run is over: the graph looks for files when it is shown.
func (t workTree) exists(path string) bool {
	root, err := os.OpenRoot(t.root.Name())
	if err != nil {
		return false
	}
	defer root.Close()
	info, err := root.Stat(filepath.FromSlash(path))
	return err == nil && info.Mode().IsRegular()
}

func (t workTree) holds(path string, objects ...string) bool {
	if as, is := t.converted[path]; is && !as.Modified {
		return t.stored.holds(path, objects...)
	}
	info, err := t.root.Lstat(filepath.FromSlash(path))
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	if info.Size() > mostHeld {
		file, err := t.root.Open(filepath.FromSlash(path))
		if err != nil {
			return false
		}
		defer file.Close()
		return git.HoldsStream(file, info.Size(), objects...)
	}
	data, err := t.root.ReadFile(filepath.FromSlash(path))
	return err == nil && git.Holds(data, objects...)
}

// mostHeld is how large a file is that is read at once to be compared.
const mostHeld = 64 << 20

func (t workTree) close() {
	t.root.Close()
	if t.stored != nil {
		t.stored.close()
	}
}

// gitTree is what git has: a commit, or the index.
type gitTree struct {
	files map[string]git.File
	names []string // sorted
	max   int64

	lock  sync.Mutex
	batch *git.Batch
	ahead map[string]git.Object // what was read at once
}

// readAhead reads files that are asked for one after the other. What goes wrong with one is
// told when it is asked for.
func (t *gitTree) readAhead(names []string) {
	t.lock.Lock()
	defer t.lock.Unlock()
	t.ahead = map[string]git.Object{}
	var hashes []string
	for _, name := range names {
		if f := t.files[name]; f.Object != "" && !f.IsLink() && !f.IsSubmodule() {
			hashes = append(hashes, f.Object)
		}
	}
	_ = t.batch.GetAll(hashes, func(object git.Object) { t.ahead[object.Hash] = object })
}

// get gives an object. The lock is held.
func (t *gitTree) get(hash string) (git.Object, error) {
	if object, known := t.ahead[hash]; known {
		return object, nil
	}
	return t.batch.Get(hash)
}

func newGitTree(ctx context.Context, repo *git.Repo, files []git.File, maxSize int64) *gitTree {
	if maxSize <= 0 {
		maxSize = discover.DefaultMaxSize
	}
	t := &gitTree{files: map[string]git.File{}, max: maxSize, batch: repo.Batch(ctx, maxSize, nil)}
	for _, f := range files {
		t.files[f.Path] = f
		t.names = append(t.names, f.Path)
	}
	slices.Sort(t.names)
	return t
}

func (t *gitTree) list(_ context.Context, o discover.Options) (discover.Listing, error) {
	filter, err := discover.NewFilter(o)
	if err != nil {
		return discover.Listing{}, err
	}
	listing := discover.Listing{Git: true}
	skip := func(path, reason string) {
		listing.Skipped = append(listing.Skipped, lint.Skip{Path: path, Reason: reason})
	}
	for _, name := range t.names {
		switch f := t.files[name]; {
		case !filter.Wants(name):
		case f.IsSubmodule():
			skip(name+"/", discover.Submodule)
		case f.IsLink():
			skip(name, "symlink")
			listing.Links = append(listing.Links, name)
		case f.Object == "":
			listing.Findings = append(listing.Findings, lint.Finding{Rule: lint.UnreadableFile, Location: lint.Location{Path: name}, Message: "there is a conflict in the index: resolve it first"})
		default:
			listing.Files = append(listing.Files, name)
		}
	}
	listing.Skipped = append(listing.Skipped, filter.Skipped()...)
	return listing, nil
}

func (t *gitTree) read(name string) (*lint.Source, *lint.Skip, *lint.Finding) {
	if strings.HasSuffix(name, "/") {
		return t.folder(name), nil, nil
	}
	f, ok := t.files[name]
	if !ok || f.IsLink() || f.IsSubmodule() || f.Object == "" {
		return nil, &lint.Skip{Path: name, Reason: "no regular file"}, nil
	}
	t.lock.Lock()
	object, err := t.get(f.Object)
	t.lock.Unlock()
	switch {
	case err != nil:
		return nil, nil, unread(name, err.Error())
	case object.Damage != "":
		return nil, nil, unread(name, object.Damage)
	case object.Kind == "":
		return nil, nil, unread(name, "it is not in this repository, which is a partial clone, or damaged")
	case object.Data == nil:
		return nil, &lint.Skip{Path: name, Reason: discover.Large(object.Head, object.Size, t.max)}, nil
	}
	src, skip := discover.Text(name, object.Data)
	return src, skip, nil
}

func (t *gitTree) link(name string) *lint.Source {
	if !t.files[name].IsLink() {
		return nil
	}
	t.lock.Lock()
	defer t.lock.Unlock()
	object, err := t.batch.Get(t.files[name].Object)
	if err != nil || object.Data == nil {
		return nil
	}
	return &lint.Source{Path: name, Data: object.Data}
}

func unread(path, why string) *lint.Finding {
	return &lint.Finding{Rule: lint.UnreadableFile, Location: lint.Location{Path: path}, Message: "cannot be read: " + why}
}

// folder lists the names in a folder, as discover.Read does.
func (t *gitTree) folder(name string) *lint.Source {
	prefix := path.Clean(name) + "/"
	if prefix == "./" {
		prefix = ""
	}
	var names bytes.Buffer
	last := ""
	first, _ := slices.BinarySearch(t.names, prefix)
	for _, file := range t.names[first:] {
		rest, below := strings.CutPrefix(file, prefix)
		if !below {
			break
		}
		if dir, _, deeper := strings.Cut(rest, "/"); deeper {
			rest = dir + "/"
		}
		if rest != last {
			names.WriteString(rest + "\n")
		}
		last = rest
	}
	switch {
	case names.Len() > 0:
	case prefix == ".git/": // wherever a commit is checked out
		names.WriteString("HEAD\n")
	default:
		return nil
	}
	return &lint.Source{Path: name, Data: names.Bytes()}
}

func (t *gitTree) exists(path string) bool {
	f, ok := t.files[path]
	return ok && !f.IsLink() && !f.IsSubmodule()
}

func (t *gitTree) holds(path string, objects ...string) bool {
	return t.exists(path) && slices.Contains(objects, t.files[path].Object)
}

func (t *gitTree) close() { _ = t.batch.Close() }
