package archive

import (
	"archive/zip"
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// The marks of the parts of a zip (APPNOTE.TXT of PKWARE, 4.3).
const (
	localMark = "PK\x03\x04"
	dataMark  = "PK\x07\x08"
	listMark  = "PK\x01\x02"
	endMark   = "PK\x05\x06"
	endSize   = 22 // of the last part, without its comment
)

// span is a part of a file.
type span struct{ from, to int64 }

// beside searches what a zip holds that is no file: comments, and all that lies outside
// of what its list of files names.
func (w *Walker) beside(ctx context.Context, name string, at sized, files *zip.Reader, depth int) error {
	said := []string{files.Comment}
	for _, file := range files.File {
		said = append(said, file.Comment, extra(file.Extra))
	}
	said = slices.DeleteFunc(said, func(text string) bool { return text == "" })
	if err := w.text(within(name, comments), strings.Join(said, "\n")); err != nil {
		return err
	}
	for _, gap := range gaps(at, files) {
		if err := w.gap(ctx, within(name, unlisted), at, gap, depth); err != nil {
			return err
		}
	}
	return nil
}

// largestGap bounds what is read of a gap at once.
const largestGap = 16 << 20

// gap reads what lies in a gap: nothing but what belongs to the files around it, a text, or
// a file that is not listed, which cannot be read for nobody says where it ends.
func (w *Walker) gap(ctx context.Context, name string, at io.ReaderAt, gap span, depth int) error {
	if err := w.time(ctx, name); err != nil {
		return err
	}
	if gap.to-gap.from > largestGap {
		w.Cut(name, "is too large")
		return nil
	}
	data := make([]byte, gap.to-gap.from)
	n, _ := at.ReadAt(data, gap.from)
	data = data[:n]
	start := bytes.Index(data, []byte(localMark))
	if start < 0 {
		start = len(data)
	}
	front, file := data[:start], data[start:]
	if !isFiller(front) {
		if err := w.walk(ctx, name, bufio.NewReader(bytes.NewReader(front)), nil, depth+1); err != nil {
			return err
		}
	}
	if len(file) == 0 {
		return nil
	}
	if !isHeader(file) {
		w.Cut(name, "is damaged")
		return nil
	}
	return w.text(name, extra(file[30+int(binary.LittleEndian.Uint16(file[26:])):]))
}

// plainExtras are fields of a zip that hold numbers: sizes, times, owners, the way of an
// encryption, what aligns a file or says that it is a JAR, and how long each is at most.
var plainExtras = map[uint16]int{
	0x0001: 28, 0x000a: 32, 0x000d: 12, 0x5455: 13, 0x5855: 12, 0x7855: 4, 0x7875: 24, 0x9901: 7, 0xcafe: 0,
}

// extra gives what the extra fields of a file hold beside numbers: names and comments in
// Unicode, and what only its program knows.
func extra(fields []byte) string {
	var texts []string
	for len(fields) >= 4 {
		id, size := binary.LittleEndian.Uint16(fields), int(binary.LittleEndian.Uint16(fields[2:]))
		if size > len(fields)-4 {
			break
		}
		field := fields[4 : 4+size]
		fields = fields[4+size:]
		if most, plain := plainExtras[id]; plain && size <= most {
			continue
		}
		if (id == 0x6375 || id == 0x7075) && size > 5 { // a version and a checksum in front
			field = field[5:]
		}
		texts = append(texts, string(bytes.Trim(field, "\x00")))
	}
	texts = append(texts, string(bytes.Trim(fields, "\x00")))
	texts = slices.DeleteFunc(texts, func(text string) bool { return text == "" })
	return strings.Join(texts, "\n")
}

// gaps are the parts of a zip in front of, between and behind what its list names.
func gaps(at sized, files *zip.Reader) []span {
	var taken []span
	for _, file := range files.File {
		if from, err := file.DataOffset(); err == nil {
			taken = append(taken, span{from, from + int64(file.CompressedSize64)})
		}
	}
	slices.SortFunc(taken, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	list, last := list(at)
	taken = append(taken, span{list, last})
	var found []span
	end := int64(0)
	for _, t := range taken {
		if t.from > end {
			found = append(found, span{end, t.from})
		}
		end = max(end, t.to)
	}
	if end < at.Size() {
		found = append(found, span{end, at.Size()})
	}
	return found
}

// isHeader says whether this is the header of one file and no more.
func isHeader(data []byte) bool {
	if len(data) < 30 {
		return false
	}
	names := int(binary.LittleEndian.Uint16(data[26:])) + int(binary.LittleEndian.Uint16(data[28:]))
	return len(data) == 30+names
}

// isFiller says whether this is nothing, the checksum and the sizes of a file, or the list
// of a zip whose end tells less of it than there is, as with 64 bits.
func isFiller(data []byte) bool {
	data = bytes.Trim(bytes.TrimPrefix(data, []byte(dataMark)), "\x00")
	return len(data) <= 20 && !isText(data) || bytes.Contains(data[:min(len(data), 24+len(listMark))], []byte(listMark))
}

// isText says whether all of it can be printed, which checksums and sizes cannot.
func isText(data []byte) bool {
	return len(data) > 0 && bytes.IndexFunc(data, func(c rune) bool { return c < ' ' && c != '\n' && c != '\t' && c != '\r' || c == utf8.RuneError }) < 0
}

// list gives the place of the list of files, to the end of the zip with its comment.
func list(at sized) (from, end int64) {
	tail := max(0, at.Size()-endSize-1<<16)
	data := make([]byte, at.Size()-tail)
	n, _ := at.ReadAt(data, tail)
	data = data[:n]
	i := bytes.LastIndex(data, []byte(endMark))
	for i >= 0 && i+endSize > len(data) {
		i = bytes.LastIndex(data[:i], []byte(endMark))
	}
	if i < 0 {
		return at.Size(), at.Size()
	}
	size := int64(binary.LittleEndian.Uint32(data[i+12:]))
	comment := int64(binary.LittleEndian.Uint16(data[i+20:]))
	end = tail + int64(i)
	return max(0, end-size), end + endSize + comment
}
