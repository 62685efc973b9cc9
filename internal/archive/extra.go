package archive

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
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

// members reads what a gzip is made of, one part after the other, and what the header of
// each says.
type members struct {
	*gzip.Reader
	from *bufio.Reader
	own  string // the name that it should have
	said *strings.Builder
}

func newMembers(from io.Reader, own string, said *strings.Builder) (*members, error) {
	m := &members{from: bufio.NewReader(from), own: own, said: said} // of which gzip takes no byte too many
	var err error
	if m.Reader, err = gzip.NewReader(m.from); err != nil {
		return nil, err
	}
	m.begin()
	return m, nil
}

func (m *members) begin() {
	m.Multistream(false)
	for _, text := range []string{m.Name, m.Comment, string(m.Extra)} {
		if text != "" && text != m.own && m.said.Len() < largestGap {
			m.said.WriteString(text + "\n")
		}
	}
}

func (m *members) Read(p []byte) (int, error) {
	for {
		n, err := m.Reader.Read(p)
		if !errors.Is(err, io.EOF) {
			return n, err
		}
		if n > 0 {
			return n, nil
		}
		if err := m.Reset(m.from); err != nil { // io.EOF behind the last
			return 0, err
		}
		m.begin()
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
