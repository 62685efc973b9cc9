// Package archive reads what is inside of archives: tar and zip, compressed or not,
// within each other, and so the images of containers, as docker save and the layout of
// OCI have them. It writes nothing to the disk and follows no name, so that names lead
// nowhere. A layer that removes a file leaves it in the layers below: it is read there.
package archive

import (
	"archive/tar"
	"archive/zip"
	"bufio"
	"bytes"
	"compress/bzip2"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/zstd"
)

// Budget bounds what an archive may cost: it may be made to cost much.
type Budget struct {
	Depth   int           // archives within each other, compression counts
	Bytes   int64         // that come out of all of it
	Ratio   int64         // how many bytes may come out of one
	Entries int           // files and folders
	Time    time.Duration // for one archive with all that is in it
}

// DefaultBudget is enough for the images of containers.
func DefaultBudget() Budget {
	return Budget{Depth: 8, Bytes: 8 << 30, Ratio: 200, Entries: 1_000_000, Time: 10 * time.Minute}
}

// grace is how much may come out of few bytes: an empty log compresses well.
const grace = 4 << 20

// largestZip is the size up to which a zip within another archive is read. Its list of
// files stands at its end.
const largestZip = 128 << 20

// Walker reads archives.
type Walker struct {
	Budget Budget
	// File is called for each file that is no archive; what it does not read is not
	// unpacked. An error ends the walk.
	File func(name string, content *bufio.Reader) error
	// Cut is called for what was not read though it should have been.
	Cut func(name, reason string)
	// Skip is called for what this package cannot read, an encrypted file for example.
	Skip func(name, reason string)

	bytes   int64
	entries int
	cuts    int
	until   time.Time
}

// mostCuts is how many parts of an archive are told of that were not read. Who puts more into
// one wants to cost time, or to hide something among them.
const mostCuts = 100

// errBudget ends a walk: what comes behind is not read either.
var errBudget = errors.New("the archive costs too much")

// tarHead is where the header of a tar has its mark.
const tarHead = 512

// format tells an archive by how it begins, "" for anything else. A name tells nothing.
func format(head []byte) string {
	for _, f := range []struct{ name, magic string }{
		{"gzip", "\x1f\x8b\x08"}, {"zstd", "\x28\xb5\x2f\xfd"}, {"bzip2", "BZh"}, {"xz", "\xfd7zXZ\x00"},
		{"zip", "PK\x03\x04"}, {"zip", "PK\x05\x06"},
	} {
		if bytes.HasPrefix(head, []byte(f.magic)) && (f.name != "bzip2" || len(head) > 10 && string(head[4:10]) == "1AY&SY") {
			return f.name
		}
	}
	if len(head) >= tarHead && bytes.Equal(head[257:262], []byte("ustar")) {
		if _, err := tar.NewReader(bytes.NewReader(head)).Next(); err == nil || !errors.Is(err, tar.ErrHeader) {
			return "tar"
		}
	}
	return ""
}

// Is says whether a reader stands at the beginning of an archive. It reads nothing.
func Is(content *bufio.Reader) bool {
	head, _ := content.Peek(tarHead)
	return format(head) != ""
}

// Walk reads an archive. A zip of any size is read if from is an io.ReaderAt that knows
// its Size.
func (w *Walker) Walk(ctx context.Context, name string, from io.Reader) error {
	w.until = time.Now().Add(w.Budget.Time)
	report := w.Cut
	w.Cut = func(inside, reason string) {
		switch w.cuts++; {
		case w.cuts <= mostCuts:
			report(inside, reason)
		case w.cuts == mostCuts+1:
			report(name, fmt.Sprintf("has more than %d parts that cannot be read: what follows was not read", mostCuts))
		}
	}
	defer func() { w.Cut = report }()
	content := bufio.NewReaderSize(from, 64<<10)
	err := w.walk(ctx, name, content, from, 0)
	if errors.Is(err, errBudget) {
		return nil // it was said already
	}
	return err
}

func (w *Walker) walk(ctx context.Context, name string, content *bufio.Reader, from io.Reader, depth int) error {
	head, _ := content.Peek(tarHead)
	kind := format(head)
	if kind != "" && depth >= w.Budget.Depth {
		w.Cut(name, fmt.Sprintf("is deeper than %d archives within each other", w.Budget.Depth))
		return nil
	}
	switch kind {
	case "":
		return w.File(name, content)
	case "tar":
		return w.tar(ctx, name, content, depth)
	case "zip":
		return w.zip(ctx, name, content, from, depth)
	case "xz":
		w.Skip(name, "compressed with xz")
		return nil
	}
	return w.unpack(ctx, name, kind, content, depth)
}

// unpack reads through one compression.
func (w *Walker) unpack(ctx context.Context, name, kind string, content *bufio.Reader, depth int) error {
	in := &counted{from: content}
	said := &strings.Builder{} // in the headers
	base := path.Base(name)
	base = strings.TrimSuffix(base, path.Ext(base))
	plain, err := decompress(kind, in, base, said)
	if err != nil {
		w.Cut(name, "is damaged")
		return nil
	}
	defer plain.Close()
	out := w.metered(ctx, name, plain, func() int64 { return in.n })
	inner := bufio.NewReaderSize(out, 64<<10)
	beside := within(name, comments)
	if !Is(inner) { // its name begins to tell something
		name = within(name, base)
	}
	if err := out.end(w.walk(ctx, name, inner, nil, depth+1)); err != nil {
		return err
	}
	if said.Len() >= largestGap {
		w.Cut(beside, "is too large")
	}
	return w.text(beside, said.String())
}

func decompress(kind string, from io.Reader, name string, said *strings.Builder) (io.ReadCloser, error) {
	switch kind {
	case "gzip":
		return newMembers(from, name, said)
	case "zstd":
		decoder, err := zstd.NewReader(from, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(64<<20))
		if err != nil {
			return nil, err
		}
		return decoder.IOReadCloser(), nil
	default:
		return io.NopCloser(bzip2.NewReader(from)), nil
	}
}

// noContent are the entries of a tar that are no files. What is of a type that nobody
// knows is a file to every program that unpacks it.
var noContent = []byte{tar.TypeLink, tar.TypeSymlink, tar.TypeChar, tar.TypeBlock, tar.TypeDir, tar.TypeFifo, tar.TypeXGlobalHeader}

func (w *Walker) tar(ctx context.Context, name string, content *bufio.Reader, depth int) error {
	in := &counted{from: content}
	files := tar.NewReader(in)
	for due := int64(0); ; { // what must be read before the next header
		header, err := files.Next()
		if errors.Is(err, io.EOF) && in.n < due+tarHead { // package tar needs no block of zeros at the end
			w.Cut(name, "has no end: what followed may be cut off")
			return nil
		}
		if errors.Is(err, io.EOF) {
			return w.behind(ctx, name, content, depth)
		}
		if err != nil {
			return w.broken(name, err)
		}
		due = in.n
		if !slices.Contains(noContent, header.Typeflag) && !isSparse(header) {
			due += (header.Size + tarHead - 1) / tarHead * tarHead
		}
		if err := w.count(ctx, name); err != nil {
			return err
		}
		if err := w.head(within(name, header.Name), header); err != nil {
			return err
		}
		if slices.Contains(noContent, header.Typeflag) {
			continue
		}
		inside := within(name, header.Name)
		out := w.metered(ctx, inside, files, nil) // a sparse file has more bytes than its archive
		if err := out.end(w.walk(ctx, inside, bufio.NewReaderSize(out, 64<<10), nil, depth+1)); err != nil {
			return err
		}
	}
}

// isSparse says whether an entry is shorter than its file.
func isSparse(header *tar.Header) bool {
	for key := range header.PAXRecords {
		if strings.HasPrefix(key, "GNU.sparse.") {
			return true
		}
	}
	return header.Typeflag == tar.TypeGNUSparse
}

// sized is a file on the disk, or something like it.
type sized interface {
	io.ReaderAt
	Size() int64
}

func (w *Walker) zip(ctx context.Context, name string, content *bufio.Reader, from io.Reader, depth int) error {
	at, ok := from.(sized)
	if !ok {
		data, err := io.ReadAll(io.LimitReader(content, largestZip+1))
		if err != nil {
			return w.broken(name, err)
		}
		if len(data) > largestZip {
			w.Cut(name, fmt.Sprintf("is a zip of more than %d MB within another archive or a stream", largestZip>>20))
			return nil
		}
		at = bytes.NewReader(data)
	}
	files, err := zip.NewReader(at, at.Size())
	if err != nil && files == nil {
		w.Cut(name, "is damaged")
		return nil
	}
	if err := w.beside(ctx, name, at, files, depth); err != nil {
		return err
	}
	for _, file := range files.File {
		if err := w.count(ctx, name); err != nil {
			return err
		}
		if err := w.zipped(ctx, within(name, file.Name), file, depth); err != nil {
			return err
		}
	}
	return nil
}

func (w *Walker) zipped(ctx context.Context, name string, file *zip.File, depth int) error {
	const encrypted = 1
	switch {
	case strings.HasSuffix(file.Name, "/"):
		return nil
	case file.Flags&encrypted != 0:
		w.Skip(name, "encrypted")
		return nil
	}
	content, err := file.Open()
	if err != nil {
		w.Skip(name, "compressed in a way that is not known")
		return nil
	}
	defer content.Close()
	out := w.metered(ctx, name, content, func() int64 { return int64(file.CompressedSize64) })
	return out.end(w.walk(ctx, name, bufio.NewReaderSize(out, 64<<10), nil, depth+1))
}

// within names a file of an archive. Its name leads nowhere, and looks so.
func within(name, inside string) string {
	return name + "!" + path.Clean("/"+strings.ToValidUTF8(inside, "\uFFFD"))
}

// count accounts for one more entry.
func (w *Walker) count(ctx context.Context, name string) error {
	if w.entries++; w.entries > w.Budget.Entries {
		w.Cut(name, fmt.Sprintf("has more than %d files", w.Budget.Entries))
		return errBudget
	}
	return w.time(ctx, name)
}

func (w *Walker) time(ctx context.Context, name string) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if w.cuts > mostCuts {
		return errBudget
	}
	if time.Now().After(w.until) {
		w.Cut(name, fmt.Sprintf("takes longer than %s", w.Budget.Time))
		return errBudget
	}
	return nil
}

// broken reports an archive that ends or goes wrong in its middle, unless it was cut.
func (w *Walker) broken(name string, err error) error {
	if errors.Is(err, errBudget) || errors.Is(err, errRatio) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	w.Cut(name, "is damaged: what follows was not read")
	return nil
}
