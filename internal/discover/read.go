package discover

import (
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
// Text in UTF-16 is turned into UTF-8, without its byte order mark; positions
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
	file, skip, finding := Open(root, path, maxSize)
	if file == nil {
		return nil, skip, finding
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxSize+1))
	switch {
	case err != nil:
		skip, finding := failed(path, err)
		return nil, skip, finding
	case int64(len(data)) > maxSize:
		return nil, &lint.Skip{Path: path, Reason: "grew beyond " + sizeText(maxSize) + " during the run"}, nil
	}
	src, skip := Text(path, data)
	return src, skip, nil
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
	mark := make([]byte, 2)
	n, err := io.ReadFull(file, mark)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return false, err
	}
	mark = mark[:n]
	return bytes.Equal(mark, []byte("\xff\xfe")) || bytes.Equal(mark, []byte("\xfe\xff")), nil
}

// Open opens one file of a listing, as Read does.
func Open(root *os.Root, path string, maxSize int64) (*os.File, *lint.Skip, *lint.Finding) {
	file, reason, err := open(root, filepath.FromSlash(path), maxSize)
	if err != nil {
		skip, finding := failed(path, err)
		return nil, skip, finding
	}
	if reason != "" {
		return nil, &lint.Skip{Path: path, Reason: reason}, nil
	}
	return file, nil, nil
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

// Text makes a source of the bytes of a file that does not come from the disk, as
// Read does.
func Text(path string, data []byte) (*lint.Source, *lint.Skip) {
	data, reason := text(data)
	if reason != "" {
		return nil, &lint.Skip{Path: path, Reason: reason}
	}
	return &lint.Source{Path: path, Data: data}, nil
}

// open opens a regular file, or says why it does not. What it is, is looked at twice: before it is
// opened, because opening a device can have effects, and afterwards, because
// another thing may have taken its place. Opening without blocking keeps a named
// pipe from holding up the run in between.
func open(root *os.Root, path string, maxSize int64) (file *os.File, reason string, err error) {
	info, err := root.Lstat(path)
	if err != nil {
		return nil, "", err
	}
	if reason := unfit(info, maxSize); reason != "" {
		return nil, reason, nil
	}
	if file, err = root.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0); err != nil {
		return nil, "", err
	}
	if info, err = file.Stat(); err == nil {
		reason = unfit(info, maxSize)
	}
	if err != nil || reason != "" {
		file.Close()
		return nil, reason, err
	}
	return file, "", nil
}

// text gives the bytes of a text in UTF-8, or why they are none.
func text(data []byte) ([]byte, string) {
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe\x00\x00")), bytes.HasPrefix(data, []byte("\x00\x00\xfe\xff")):
		return nil, "text in UTF-32"
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		data = decode(data[2:], binary.LittleEndian)
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		data = decode(data[2:], binary.BigEndian)
	}
	switch {
	case isBinary(data):
		return nil, "binary"
	case isPointer(data):
		return nil, "pointer of Git LFS, the file itself is not here"
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

// decode turns UTF-16 into UTF-8. What is no character becomes U+FFFD.
func decode(data []byte, order binary.ByteOrder) []byte {
	units := make([]uint16, 0, len(data)/2+1)
	for ; len(data) >= 2; data = data[2:] {
		units = append(units, order.Uint16(data))
	}
	if len(data) == 1 {
		units = append(units, utf8.RuneError)
	}
	return []byte(string(utf16.Decode(units)))
}

// headSize is how far isBinary looks, as git does.
const headSize = 8000

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
	if bytes.IndexByte(head, 0) >= 0 {
		return true
	}
	known := slices.ContainsFunc(magic, func(start string) bool { return bytes.HasPrefix(head, []byte(start)) })
	return known && !utf8.Valid(data)
}
