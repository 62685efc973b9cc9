package discover

import (
	"bytes"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"slices"
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
func Read(root *os.Root, path string, maxSize int64) (*lint.Source, *lint.Skip, *lint.Finding) {
	if maxSize <= 0 {
		maxSize = DefaultMaxSize
	}
	data, reason, err := contents(root, filepath.FromSlash(path), maxSize)
	switch {
	case err != nil && missing(err):
		reason = vanished
	case err != nil && escapes(err):
		reason = "symlink out of the repository"
	case err != nil:
		finding := unreadable(path, err)
		return nil, nil, &finding
	case reason == "":
		data, reason = text(data)
	}
	if reason != "" {
		return nil, &lint.Skip{Path: path, Reason: reason}, nil
	}
	return &lint.Source{Path: path, Data: data}, nil, nil
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

// contents reads a regular file. What it is, is looked at twice: before it is
// opened, because opening a device can have effects, and afterwards, because
// another thing may have taken its place. Opening without blocking keeps a named
// pipe from holding up the run in between.
func contents(root *os.Root, path string, maxSize int64) (data []byte, reason string, err error) {
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
	defer file.Close()
	if info, err = file.Stat(); err != nil {
		return nil, "", err
	}
	if reason := unfit(info, maxSize); reason != "" {
		return nil, reason, nil
	}
	data, err = io.ReadAll(io.LimitReader(file, maxSize+1))
	if err == nil && int64(len(data)) > maxSize {
		reason = "grew beyond " + sizeText(maxSize) + " during the run"
	}
	return data, reason, err
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
	if isBinary(data) {
		return nil, "binary"
	}
	return data, ""
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
