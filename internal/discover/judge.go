package discover

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/policyctl/policyctl/internal/lint"
)

// Some reasons for which files are left out.
const (
	vanished  = "vanished during the run"
	noText    = "binary"
	ebcdic    = "text in EBCDIC"
	pointer   = "pointer of Git LFS, the file itself is not here"
	pipe      = "named pipe"
	socket    = "socket"
	device    = "device"
	excluded  = "excluded by "
	Sparse    = "left out by the sparse checkout"
	Submodule = "submodule"
	Nested    = "another git repository"
)

// judgeFile sorts one path into the listing. It opens nothing but what is too large,
// to see whether that is text: that a symlink may take the place of a directory a moment later is for Read
// to withstand.
func (s *search) judgeFile(file string, info fs.FileInfo) {
	if out := s.sieve.file(file); out.by != "" && !s.tracked[file] {
		if skip := s.exclude(out); strings.HasSuffix(skip.Path, "/") {
			skip.Files++
		}
		return
	}
	if link := s.linkAbove(path.Dir(file)); link != "" {
		s.links[link]++
		return
	}
	var err error
	if info == nil {
		info, err = os.Lstat(s.absolute(file))
	}
	switch {
	case err != nil && missing(err):
		s.skip(file, vanished, 0)
	case err != nil:
		s.listing.Findings = append(s.listing.Findings, unreadable(file, err))
	case info.Mode()&fs.ModeSymlink != 0:
		s.links[file] += 0
	case info.Mode().IsRegular() && info.Size() > s.MaxSize:
		s.skip(file, Large(s.head(file), info.Size(), s.MaxSize), 0)
	case unfit(info, s.MaxSize) != "":
		s.skip(file, unfit(info, s.MaxSize), 0)
	default:
		s.listing.Files = append(s.listing.Files, file)
	}
}

func (s *search) absolute(file string) string {
	return filepath.Join(s.Root, filepath.FromSlash(file))
}

// exclude accounts for what a glob leaves out: once for each tree, or file.
func (s *search) exclude(out verdict) *lint.Skip {
	if s.trees[out.path] == nil {
		s.trees[out.path] = &lint.Skip{Path: out.path, Reason: excluded + out.by}
	}
	return s.trees[out.path]
}

// linkAbove gives the topmost symlink among a directory and those above, or "".
// Git may still list files below what was a directory when they were added.
func (s *search) linkAbove(dir string) string {
	if dir == "." {
		return ""
	}
	if known, ok := s.above[dir]; ok {
		return known
	}
	link := s.linkAbove(path.Dir(dir))
	if link == "" {
		if info, err := os.Lstat(s.absolute(dir)); err == nil && info.Mode()&fs.ModeSymlink != 0 {
			link = dir
		}
	}
	s.above[dir] = link
	return link
}

// judgeLink says why a symlink is left out. Only the root looks where it leads,
// and refuses to leave.
func (s *search) judgeLink(link string) string {
	info, err := s.root.Stat(link)
	switch {
	case err == nil && s.checks(s.target(link), info):
		return "symlink (its target is checked itself)"
	case err == nil:
		return "symlink (its target is not checked)"
	case missing(err):
		return "symlink to nothing"
	case errors.Is(err, syscall.ELOOP):
		return "symlink loop"
	case escapes(err):
		return "symlink out of the repository"
	}
	return "symlink that cannot be followed"
}

// escapes says whether a root refused a path because it leads outside. The os
// package exports no value to compare with. Should its wording change, the path
// is reported as unreadable, which is loud.
func escapes(err error) bool { return Cause(err).Error() == "path escapes from parent" }

// target follows a symlink by name. It may be wrong if a directory on the way
// is a symlink, which checks notices.
func (s *search) target(link string) string {
	for range 40 { // as many as the system follows
		next, err := s.root.Readlink(link)
		if err != nil {
			break
		}
		link = path.Join(path.Dir(link), filepath.ToSlash(next))
	}
	return link
}

// checks says whether a path is, or contains, a file of the listing, and is the
// one that info describes.
func (s *search) checks(target string, info fs.FileInfo) bool {
	if there, err := s.root.Lstat(target); err != nil || !os.SameFile(there, info) {
		return false
	}
	if target == "." {
		return true
	}
	if !info.IsDir() {
		_, ok := slices.BinarySearch(s.listing.Files, target)
		return ok
	}
	next, _ := slices.BinarySearch(s.listing.Files, target+"/")
	return next < len(s.listing.Files) && strings.HasPrefix(s.listing.Files[next], target+"/")
}

// unfit says why something is not read, or "".
func unfit(info fs.FileInfo, maxSize int64) string {
	mode := info.Mode()
	switch {
	case mode.IsRegular() && info.Size() > maxSize:
		return TooLarge(info.Size(), maxSize)
	case mode.IsRegular():
		return ""
	case mode.IsDir():
		return "directory"
	case mode&fs.ModeSymlink != 0:
		return "symlink"
	case mode&fs.ModeNamedPipe != 0:
		return pipe
	case mode&fs.ModeSocket != 0:
		return socket
	case mode&fs.ModeDevice != 0:
		return device
	}
	return "no regular file"
}

// head reads how a file begins; nothing if it cannot be read.
func (s *search) head(file string) []byte {
	f, _, err := open(s.root, filepath.FromSlash(file), math.MaxInt64)
	if err != nil || f == nil {
		return nil
	}
	defer f.Close()
	head, _ := io.ReadAll(io.LimitReader(f, headSize))
	return head
}

// Large says why a file that is larger than a limit is left out, by how it begins: what
// is binary would be at any size.
func Large(head []byte, size, limit int64) string {
	if _, reason := text(head); reason == noText {
		return reason
	}
	return TooLarge(size, limit)
}

// IsText says whether a file that was left out is a text: had it been smaller, or in
// another encoding, it would have been read.
func IsText(skip lint.Skip) bool {
	return IsTooLarge(skip) || skip.Reason == ebcdic
}

// IsUnread says whether something may hold a text, and cannot be read for what it is: in
// another encoding, or no regular file.
func IsUnread(skip lint.Skip) bool {
	return slices.Contains([]string{ebcdic, pipe, socket, device}, skip.Reason)
}

// IsPointer says whether a file stands for one that Git LFS keeps.
func IsPointer(skip lint.Skip) bool { return skip.Reason == pointer }

// IsExcluded says whether a glob left something out.
func IsExcluded(skip lint.Skip) bool { return strings.HasPrefix(skip.Reason, excluded) }

// IsBinary says whether a file was left out because it is no text.
func IsBinary(skip lint.Skip) bool { return skip.Reason == noText }

// LeadsOn says whether something was left out that is no file, and that stands for files
// which are elsewhere.
func LeadsOn(skip lint.Skip) bool {
	return strings.HasPrefix(skip.Reason, "symlink") || skip.Reason == Submodule || skip.Reason == Nested
}

// IsTooLarge says whether a text was left out because of its size.
func IsTooLarge(skip lint.Skip) bool {
	return strings.HasPrefix(skip.Reason, "larger than ") || strings.HasPrefix(skip.Reason, "grew beyond ")
}

// TooLarge says that something is larger than a limit.
func TooLarge(size, limit int64) string {
	is, most := sizeText(size), sizeText(limit)
	if is == most {
		is = fmt.Sprintf("%d bytes", size) // by so little that rounding hides it
	}
	return fmt.Sprintf("larger than %s (%s)", most, is)
}

// sizeText writes a size as people do: 12.3 MB.
func sizeText(n int64) string {
	for _, unit := range []struct {
		name string
		size int64
	}{{"GB", 1e9}, {"MB", 1e6}, {"kB", 1e3}} {
		if n >= unit.size {
			return strings.TrimSuffix(fmt.Sprintf("%.1f", float64(n)/float64(unit.size)), ".0") + " " + unit.name
		}
	}
	return fmt.Sprintf("%d bytes", n)
}

// unreadable is the finding for a path that cannot be read. The error's own
// text would name a path of this machine.
func unreadable(file string, err error) lint.Finding {
	return lint.Finding{
		Rule:     lint.UnreadableFile,
		Location: lint.Location{Path: file},
		Message:  "cannot be read: " + Cause(err).Error(),
	}
}

// Cause is the error below the name of the path.
func Cause(err error) error {
	var located *fs.PathError
	if errors.As(err, &located) {
		return located.Err
	}
	return err
}
