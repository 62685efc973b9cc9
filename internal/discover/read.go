package discover

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/policyctl/policyctl/internal/lint"
)

// Read reads one file of a listing. Exactly one of the results is there: the
// source, why the file is left out, or that it cannot be read.
//
// Text in UTF-16 or UTF-32 is turned into UTF-8, without its byte order mark; positions
// count code points, so they hold for the file as it is. The byte order mark of
// UTF-8 stays.
//
// A path with a final slash gives the names in a folder, one a line, those of
// folders with a slash.
func Read(root *os.Root, path string, maxSize int64) (*lint.Source, *lint.Skip, *lint.Finding) {
	if maxSize <= 0 {
		maxSize = DefaultMaxSize
	}
	if strings.HasSuffix(path, "/") {
		return list(root, path)
	}
	file, reason, err := open(root, filepath.FromSlash(path), maxSize)
	file, skip, finding := opened(path, file, reason, err)
	if file == nil {
		return nil, skip, finding
	}
	defer file.Close()
	data, err := readAll(file, maxSize)
	switch {
	case err != nil:
		skip, finding := failed(path, err)
		return nil, skip, finding
	case int64(len(data)) > maxSize:
		return nil, &lint.Skip{Path: path, Reason: "grew beyond " + sizeText(maxSize) + " during the run"}, nil
	}
	if data, reason = text(data); reason != "" {
		return nil, &lint.Skip{Path: path, Reason: reason}, nil
	}
	return &lint.Source{Path: path, Data: data}, nil, nil
}

// Link gives where a symlink leads, as a text of its own; nil if it is none.
func Link(root *os.Root, link string) *lint.Source {
	to, err := root.Readlink(filepath.FromSlash(link))
	if err != nil {
		return nil
	}
	return &lint.Source{Path: link, Data: []byte(to)}
}

// readAll reads a file, up to one byte more than a size. A buffer that grows while it is
// read costs several times as much memory.
func readAll(file *File, maxSize int64) ([]byte, error) {
	buffer := bytes.NewBuffer(make([]byte, 0, min(file.Info.Size(), maxSize)+bytes.MinRead))
	_, err := buffer.ReadFrom(io.LimitReader(file, maxSize+1))
	return buffer.Bytes(), err
}

// list reads the names in a folder.
func list(root *os.Root, folder string) (*lint.Source, *lint.Skip, *lint.Finding) {
	entries, err := fs.ReadDir(root.FS(), path.Clean(folder))
	if err != nil {
		skip, finding := failed(folder, err)
		return nil, skip, finding
	}
	var names bytes.Buffer
	for _, entry := range entries {
		names.WriteString(entry.Name())
		if entry.IsDir() {
			names.WriteByte('/')
		}
		names.WriteByte('\n')
	}
	return &lint.Source{Path: folder, Data: names.Bytes()}, nil, nil
}

// Recoded says whether Read turns a text into UTF-8: who writes it back would change
// every byte of the file.
func Recoded(root *os.Root, path string) (bool, error) {
	file, err := root.Open(path)
	if err != nil {
		return false, err
	}
	defer file.Close()
	head, err := io.ReadAll(io.LimitReader(file, headSize))
	return wide(head) != nil, err
}

// File is an open file, and what it was when it was opened.
type File struct {
	*os.File
	Info fs.FileInfo
}

func opened(path string, file *File, reason string, err error) (*File, *lint.Skip, *lint.Finding) {
	if err != nil {
		skip, finding := failed(path, err)
		return nil, skip, finding
	}
	if reason != "" {
		return nil, &lint.Skip{Path: path, Reason: reason}, nil
	}
	return file, nil, nil
}

// Opener opens files of a listing, one after the other. It remembers the folders on the
// way to the last one: to walk there from the root once for each file costs more than to
// search the file. The zero Opener needs a Root; it is for one goroutine.
type Opener struct {
	Root *os.Root
	open []folder // each in the one before
}

type folder struct {
	path string
	root *os.Root
}

// mostFolders bounds how many folders are open: a process may open some hundreds of files.
const mostFolders = 16

// Open opens one file of a listing, as Read does.
func (o *Opener) Open(name string, maxSize int64) (*File, *lint.Skip, *lint.Finding) {
	root, err := o.folder(path.Dir(name))
	if err != nil {
		skip, finding := failed(name, err)
		return nil, skip, finding
	}
	file, reason, err := open(root, path.Base(name), maxSize)
	return opened(name, file, reason, err)
}

// folder opens a folder in the one above it. Where that is no plain folder, only the root
// knows whether it leads out.
func (o *Opener) folder(dir string) (*os.Root, error) {
	if dir == "." {
		return o.Root, nil
	}
	for n := len(o.open); n > 0 && !strings.HasPrefix(dir+"/", o.open[n-1].path+"/"); n-- {
		o.close(n - 1)
	}
	if n := len(o.open); n > 0 && o.open[n-1].path == dir {
		return o.open[n-1].root, nil
	}
	above, err := o.folder(path.Dir(dir))
	if err != nil {
		return nil, err
	}
	root, err := above.OpenRoot(path.Base(dir))
	if err != nil {
		root, err = o.Root.OpenRoot(filepath.FromSlash(dir))
	}
	if err != nil {
		return nil, err
	}
	if o.open = append(o.open, folder{dir, root}); len(o.open) > mostFolders {
		o.open[0].root.Close()
		o.open = o.open[1:]
	}
	return root, nil
}

// Close closes the folders.
func (o *Opener) Close() { o.close(0) }

func (o *Opener) close(from int) {
	for _, f := range o.open[from:] {
		f.root.Close()
	}
	o.open = o.open[:from]
}

// failed says what an error makes of a file: it is left out, or it is a finding.
func failed(path string, err error) (*lint.Skip, *lint.Finding) {
	switch {
	case missing(err):
		return &lint.Skip{Path: path, Reason: vanished}, nil
	case escapes(err):
		return &lint.Skip{Path: path, Reason: "symlink out of the repository"}, nil
	}
	finding := unreadable(path, err)
	return nil, &finding
}

// Text makes a source of the bytes of a file that is only searched, as Read does, and
// without any byte order mark.
func Text(path string, data []byte) (*lint.Source, *lint.Skip) {
	data, reason := text(data)
	if reason != "" {
		return nil, &lint.Skip{Path: path, Reason: reason}
	}
	return &lint.Source{Path: path, Data: lint.Unmarked(data)}, nil
}

// open opens a regular file, or says why it does not. What it is, is looked at twice: before it is
// opened, because opening a device can have effects, and afterwards, because
// another thing may have taken its place. Opening without blocking keeps a named
// pipe from holding up the run in between.
func open(root *os.Root, path string, maxSize int64) (*File, string, error) {
	info, err := root.Lstat(path)
	if err != nil {
		return nil, "", err
	}
	if reason := unfit(info, maxSize); reason != "" {
		return nil, reason, nil
	}
	file, err := root.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, "", err
	}
	reason := ""
	if info, err = file.Stat(); err == nil {
		reason = unfit(info, maxSize)
	}
	if err != nil || reason != "" {
		file.Close()
		return nil, reason, err
	}
	return &File{file, info}, "", nil
}

// text gives the bytes of a text in UTF-8, or why they are none.
func text(data []byte) ([]byte, string) {
	if e := wide(data); e != nil {
		data = e.decode(data[e.mark:])
	}
	switch {
	case isBinary(data):
		return nil, noText
	case isPointer(data):
		return nil, pointer
	case isEBCDIC(data):
		return nil, ebcdic
	}
	return data, ""
}

var lfsLines = []string{"version https://git-lfs.github.com/spec/v1", "oid sha256:", "size "}

// isPointer says whether a file is what Git LFS puts in place of another, and nothing
// more: whatever else stood in it would not be looked at.
func isPointer(data []byte) bool {
	if len(data) > 200 || !bytes.HasPrefix(data, []byte(lfsLines[0])) {
		return false
	}
	lines := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
	return len(lines) == len(lfsLines) && lines[0] == lfsLines[0] &&
		onlyOf(lines[1], lfsLines[1], "0123456789abcdef") && onlyOf(lines[2], lfsLines[2], "0123456789")
}

// onlyOf says whether a line is a prefix and some of certain characters.
func onlyOf(line, prefix, characters string) bool {
	rest, ok := strings.CutPrefix(line, prefix)
	return ok && rest != "" && len(rest) <= 64 && strings.Trim(rest, characters) == ""
}

// encoding is how a text is written whose characters have two bytes or four.
type encoding struct {
	order binary.ByteOrder
	unit  int // bytes
	mark  int // how long the byte order mark is in front of the text
}

// decode turns a text into UTF-8. What is no character becomes U+FFFD, and half a one at the
// end a line of it: it is no part of the value in front of it.
func (e *encoding) decode(data []byte) []byte {
	var text []byte
	if e.unit == 4 {
		for ; len(data) >= e.unit; data = data[e.unit:] {
			text = utf8.AppendRune(text, rune(e.order.Uint32(data)))
		}
	} else {
		units := make([]uint16, 0, len(data)/e.unit)
		for ; len(data) >= e.unit; data = data[e.unit:] {
			units = append(units, e.order.Uint16(data))
		}
		text = []byte(string(utf16.Decode(units)))
	}
	if len(data) > 0 {
		text = append(text, "\n\uFFFD"...)
	}
	return text
}

// Narrow gives a text in UTF-16 or UTF-32, whose beginning was read already, in UTF-8; nil if
// it is in something else.
func Narrow(head []byte, rest io.Reader) io.Reader {
	e := wide(head)
	if e == nil {
		return nil
	}
	return &narrow{encoding: e, from: bufio.NewReader(io.MultiReader(bytes.NewReader(head[e.mark:]), rest))}
}

// narrow decodes while it reads.
type narrow struct {
	*encoding
	from  *bufio.Reader
	ready []byte
}

func (n *narrow) Read(p []byte) (int, error) {
	if len(n.ready) == 0 {
		units, err := n.units()
		if len(units) == 0 {
			return 0, err
		}
		n.ready = n.decode(units)
	}
	size := copy(p, n.ready)
	n.ready = n.ready[size:]
	return size, nil
}

// pieceSize is a whole number of characters, and small enough for a fuzzer.
const pieceSize = 512

// units reads some code units, and never one half of a pair.
func (n *narrow) units() ([]byte, error) {
	data := make([]byte, pieceSize, pieceSize+2)
	size, err := io.ReadFull(n.from, data)
	data = data[:size]
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	if n.unit == 2 && size == pieceSize && utf16.IsSurrogate(rune(n.order.Uint16(data[pieceSize-2:]))) {
		next, _ := n.from.Peek(2)
		if len(next) == 2 && n.order.Uint16(next)&0xfc00 == 0xdc00 {
			data = append(data, next...)
			_, _ = n.from.Discard(2)
		}
	}
	return data, err
}

// headSize is how far isBinary looks, as git does.
const headSize = 8000

// wide gives the encoding of a text in UTF-16 or UTF-32, nil of any other. Without a mark
// it is told by its zeros: what editors and shells of Windows write is mostly ASCII.
func wide(data []byte) *encoding {
	head := data[:min(len(data), headSize)&^3]
	for _, e := range []encoding{{binary.LittleEndian, 4, 4}, {binary.BigEndian, 4, 4}, {binary.LittleEndian, 2, 2}, {binary.BigEndian, 2, 2}} {
		switch {
		case !bytes.HasPrefix(data, e.byteOrderMark()):
		case narrowText(data):
			return nil
		case e.unit == 2 || mostly32(head, e.order, isCharacter): // the mark of UTF-16, and a NUL, are the same
			return &e
		}
	}
	if bytes.IndexByte(data[:min(len(data), headSize)], 0) < 0 { // as good as always
		return nil
	}
	for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		if len(head) >= 16 && mostly32(head, order, isASCII) {
			return &encoding{order, 4, 0}
		}
	}
	head = data[:min(len(data), headSize)&^1]
	switch {
	case alternates(head, 1):
		return &encoding{binary.LittleEndian, 2, 0}
	case alternates(head, 0):
		return &encoding{binary.BigEndian, 2, 0}
	}
	return nil
}

// byteOrderMark is how a text begins that has a mark.
func (e *encoding) byteOrderMark() []byte {
	mark := make([]byte, e.unit)
	if e.unit == 4 {
		e.order.PutUint32(mark, 0xfeff)
	} else {
		e.order.PutUint16(mark, 0xfeff)
	}
	return mark
}

// alternates says whether nine in ten of the bytes at even or odd places are zero, and
// none of the others.
func alternates(head []byte, odd int) bool {
	zeros := 0
	for i := 0; i < len(head); i += 2 {
		if head[i+1-odd] == 0 {
			return false
		}
		if head[i+odd] == 0 {
			zeros++
		}
	}
	return len(head) > 2 && zeros*20 >= len(head)*9
}

// mostly32 says whether nine in ten characters of a text in UTF-32 are such.
func mostly32(head []byte, order binary.ByteOrder, is func(rune uint32) bool) bool {
	n := 0
	for i := 0; i < len(head); i += 4 {
		if is(order.Uint32(head[i:])) {
			n++
		}
	}
	return n*40 >= len(head)*9
}

func isCharacter(c uint32) bool { return c <= utf8.MaxRune }

func isASCII(c uint32) bool { return c >= ' ' && c <= '~' || c == '\n' || c == '\r' || c == '\t' }

// isEBCDIC says whether a file is a text as mainframes write it: nearly all of its bytes are
// letters, digits, blanks and marks there, most of them letters. Texts in other old encodings
// have line breaks, blanks and digits of ASCII, and are searched as they are.
func isEBCDIC(data []byte) bool {
	if utf8.Valid(data) { // nearly all are, and this is seen at once
		return false
	}
	head := data[:min(len(data), headSize)]
	letters, others := 0, 0
	for _, c := range head {
		switch low := c & 0x0f; {
		case c >= 0x80 && c < 0xa0 && low > 0 && low < 10, c >= 0xa2 && c < 0xaa, c >= 0xc1 && c < 0xea && low < 10, c >= 0xf0 && c < 0xfa:
			letters++
		case c == 0x40, c == 0x15, c == 0x25, c == 0x0d, c >= 0x4a && c <= 0x50, c >= 0x5a && c <= 0x61, c >= 0x6b && c <= 0x6f, c >= 0x7a && c <= 0x7f:
			others++
		}
	}
	return 2*letters > len(head) && 20*(letters+others) > 19*len(head)
}

// magic begins files of common formats that may have no NUL for a long while.
var magic = []string{
	"\x1f\x8b",         // gzip
	"\x28\xb5\x2f\xfd", // zstd
	"\x89PNG",
	"\xff\xd8\xff", // JPEG
	"\xca\xfe\xba\xbe",
	"BZh",
	"GIF8",
	"PK\x03\x04",
	"%PDF-",
}

// isBinary goes by a NUL, or by how the file begins; then it must not be valid
// text, or else four letters in front would hide a file from the check.
func isBinary(data []byte) bool {
	head := data[:min(len(data), headSize)]
	if zeros := bytes.Count(head, []byte{0}); zeros > 0 {
		return zeros > len(head)/4 || !readable(head)
	}
	known := slices.ContainsFunc(magic, func(start string) bool { return bytes.HasPrefix(head, []byte(start)) })
	return known && !utf8.Valid(data) && !(narrowText(head) && 2*printable(head) > len(head))
}

func printable(head []byte) int {
	n := 0
	for _, c := range head {
		if c >= ' ' && c <= '~' || c == '\n' {
			n++
		}
	}
	return n
}

// longestChance is how many bytes in a row may look like ASCII in what is none: in
// UTF-16, or compressed.
const longestChance = 24

// narrowText says whether there is a long run of ASCII behind a mark that says otherwise.
// A mark costs an attacker two bytes, and must not hide the rest of a file.
func narrowText(head []byte) bool {
	run := 0
	for _, c := range head[:min(len(head), headSize)] {
		if c < ' ' && c != '\n' && c != '\t' && c != '\r' || c > '~' {
			run = 0
			continue
		}
		if run++; run > longestChance {
			return true
		}
	}
	return false
}

// readable says whether there is nothing but text between the NULs of a file: one NUL
// must not hide it, and lists of variables and names are written with NULs between them.
func readable(head []byte) bool {
	for len(head) > 0 {
		r, size := utf8.DecodeRune(head)
		switch {
		case !utf8.FullRune(head):
			return true // the head ends within a character
		case r == utf8.RuneError && size == 1:
			return false
		case r != 0 && r < ' ' && !strings.ContainsRune("\a\b\t\n\v\f\r\x1b", r):
			return false
		}
		head = head[size:]
	}
	return true
}
