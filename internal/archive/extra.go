package archive

import (
	"archive/tar"
	"bufio"
	"bytes"
	"context"
	"maps"
	"slices"
	"strings"
)

// What is told of an archive beside its files has names that no file has.
const (
	behind   = "(what follows)"
	unlisted = "(what no entry lists)"
	comments = "(comments)"
)

// text searches a text that is no file of an archive.
func (w *Walker) text(name, text string) error {
	if text == "" {
		return nil
	}
	return w.File(name, bufio.NewReader(strings.NewReader(text)))
}

// behind reads what follows the end of a tar: fillers, mostly, but programs that
// put archives together leave others there, and to hide something is as simple.
func (w *Walker) behind(ctx context.Context, name string, content *bufio.Reader, depth int) error {
	for {
		filler, err := content.Peek(tarHead)
		if len(filler) == 0 {
			return nil
		}
		rest := bytes.TrimLeft(filler, "\x00")
		if _, discardErr := content.Discard(len(filler) - len(rest)); discardErr != nil {
			return w.broken(name, discardErr)
		}
		if len(rest) > 0 {
			return w.walk(ctx, within(name, behind), content, nil, depth+1)
		}
		if err := w.time(ctx, name); err != nil {
			return err
		}
		if err != nil { // no more can be read
			return nil
		}
	}
}

// known are the records of a header in the pax format that say what its fields do.
var known = []string{"path", "linkpath", "size", "uid", "gid", "uname", "gname", "mtime", "atime", "ctime", "charset", "hdrcharset"}

// head searches what the header of an entry says besides names and numbers: comments, and
// where links lead, as git keeps links too.
func (w *Walker) head(name string, header *tar.Header) error {
	if header.Typeflag == tar.TypeSymlink {
		if err := w.text(name, header.Linkname); err != nil {
			return err
		}
	}
	var lines []string
	for _, key := range slices.Sorted(maps.Keys(header.PAXRecords)) {
		if !slices.Contains(known, key) {
			lines = append(lines, key+"="+header.PAXRecords[key]+"\n")
		}
	}
	return w.text(within(name, comments), strings.Join(lines, ""))
}
