package git

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// File is what a commit or the index has under a path.
type File struct {
	Path   string // relative to Dir, with slashes
	Mode   string // octal, as git writes it
	Object string // the hash of its content; empty for one side of a conflict
}

// IsLink says whether the content of a file is where a symlink leads.
func (f File) IsLink() bool { return f.Mode == ModeLink }

// IsSubmodule says whether a file stands for a commit of another repository.
func (f File) IsSubmodule() bool { return f.Mode == ModeSubmodule }

// Tree lists what a commit has below Dir, sorted.
func (r *Repo) Tree(ctx context.Context, commit string) ([]File, error) {
	out, err := r.run(ctx, "ls-tree", "-r", "-z", "--end-of-options", commit)
	if err != nil {
		return nil, err
	}
	return files(out, func(about []string) File { return File{Mode: about[0], Object: about[2]} })
}

// Index lists what the next commit will have below Dir, sorted.
func (r *Repo) Index(ctx context.Context) ([]File, error) {
	out, err := r.run(ctx, "ls-files", "-z", "-s")
	if err != nil {
		return nil, err
	}
	return indexed(out)
}

func indexed(out string) ([]File, error) {
	return files(out, func(about []string) File {
		if about[2] != "0" {
			return File{Mode: about[0]}
		}
		return File{Mode: about[0], Object: about[1]}
	})
}

// Converted says how git writes a file to the work tree.
type Converted struct {
	Encoding string // in which it writes it there; "unspecified" if in that which it has
	Modified bool   // the work tree has something else
}

// plain are encodings, with a number at the end or not, that show ASCII as it is. By a longer
// beginning alone none is known: CP1026 is one of mainframes, LATIN-GREEK has other letters.
var plain = []string{
	"UNSPECIFIED", "UNSET", "UTF-8", "UTF8", "ASCII", "US-ASCII", "ISO-8859-", "ISO8859-", "LATIN", "LATIN-", "WINDOWS-125", "CP125", "KOI8-R", "KOI8-U",
	"SHIFT_JIS", "SHIFT-JIS", "SJIS", "CP932", "WINDOWS-31J", "EUC-JP", "EUC-KR", "EUC-CN", "EUC-TW", "CP936", "CP949", "CP950", "GBK", "GB", "BIG",
}

// Plain says whether the ASCII of a file is the same in the work tree and in git.
func (c Converted) Plain() bool {
	return slices.ContainsFunc(plain, func(name string) bool {
		rest, begins := strings.CutPrefix(strings.ToUpper(c.Encoding), name)
		return begins && strings.Trim(rest, "0123456789") == ""
	})
}

// Readable says whether the work tree has a file in an encoding that shows what git has.
func (c Converted) Readable() bool {
	return c.Plain() || strings.HasPrefix(strings.ToUpper(c.Encoding), "UTF-16")
}

// Converted lists the tracked files below Dir that attributes have git write to the work tree
// in other bytes than it has.
func (r *Repo) Converted(ctx context.Context) ([]File, map[string]Converted, error) {
	const which = ":(exclude,attr:!working-tree-encoding !ident)"
	out, err := r.run(ctx, "ls-files", "-z", "-s", "--", which)
	if err != nil || out == "" {
		return nil, nil, err
	}
	all, err := indexed(out)
	if err != nil {
		return nil, nil, err
	}
	var names strings.Builder
	for _, f := range all {
		names.WriteString(f.Path + "\x00")
	}
	encodings, _, err := r.feed(ctx, names.String(), "check-attr", "-z", "--stdin", "working-tree-encoding")
	if err != nil {
		return nil, nil, err
	}
	modified, err := r.run(ctx, "ls-files", "-z", "-m", "--", which)
	if err != nil {
		return nil, nil, err
	}
	converted := map[string]Converted{}
	for words := strings.Split(encodings, "\x00"); len(words) > 2; words = words[3:] { // path, attribute, value
		converted[words[0]] = Converted{Encoding: words[2]}
	}
	for _, name := range split(modified) {
		converted[name] = Converted{converted[name].Encoding, true}
	}
	return all, converted, nil
}

// files reads entries "<word> <word> <word>\t<path>". A path with a conflict comes once
// per side, and counts once.
func files(out string, read func(about []string) File) ([]File, error) {
	var all []File
	for _, line := range split(out) {
		about, path, _ := strings.Cut(line, "\t")
		words := strings.Fields(about)
		if len(words) != 3 || path == "" {
			return nil, fmt.Errorf("git wrote an entry of %d words", len(words))
		}
		f := read(words)
		if f.Path = path; len(all) == 0 || all[len(all)-1].Path != path {
			all = append(all, f)
		}
	}
	return all, nil
}

// Get reads one object, and waits for it.
func (b *Batch) Get(hash string) (Object, error) {
	var got Object
	err := b.GetAll([]string{hash}, func(object Object) { got = object })
	return got, err
}

// GetAll reads many objects, and asks for the next ones before the first is there.
func (b *Batch) GetAll(hashes []string, each func(Object)) error {
	answer := b.answer
	b.answer = func(object Object) error {
		each(object)
		return nil
	}
	defer func() { b.answer = answer }()
	for _, hash := range hashes {
		if err := b.Ask(hash); err != nil {
			return err
		}
	}
	b.flush()
	for len(b.pending) > 0 {
		if err := b.next(); err != nil {
			return err
		}
	}
	return nil
}
