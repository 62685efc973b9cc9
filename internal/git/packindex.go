package git

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
)

// mostIndex bounds what the indexes of packs take of memory: a repository of three million
// objects has 90 MB. Beyond it git reads.
const mostIndex = 96 << 20

// errPack says that a pack is none, or is damaged.
var errPack = errors.New("the pack cannot be read")

// pack is a file of compressed objects beside an index, which says at what byte each begins;
// both as gitformat-pack of git's documentation has them.
type pack struct {
	name string // of the pack
	file *os.File
	size int64

	width   int // of a hash in bytes
	fanout  []byte
	hashes  []byte
	offsets []byte
	large   []byte // offsets beyond 31 bits
}

// openIndex reads the index of a pack, whose objects have hashes of so many bytes.
func openIndex(name string, width int) (*pack, error) {
	data, err := readRegular(name, mostIndex)
	if err != nil {
		return nil, err
	}
	const head, table = 8, 256 * 4
	if len(data) < head+table || !bytes.HasPrefix(data, []byte("\xfftOc\x00\x00\x00\x02")) {
		return nil, errPack
	}
	p := &pack{name: strings.TrimSuffix(name, ".idx") + ".pack", width: width, fanout: data[head : head+table]}
	count := int(binary.BigEndian.Uint32(p.fanout[table-4:]))
	rest := data[head+table:]
	if need := count*(width+4+4) + 2*width; len(rest) < need || (len(rest)-need)%8 != 0 {
		return nil, errPack
	}
	p.hashes, rest = rest[:count*width], rest[count*(width+4):] // behind the hashes stand checksums
	p.offsets, p.large = rest[:count*4], rest[count*4:len(rest)-2*width]
	return p, nil
}

// readRegular reads a file, not what may make it wait for ever or is larger than so many bytes.
func readRegular(name string, most int64) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > most {
		return nil, errPack
	}
	return os.ReadFile(name)
}

// find gives the byte at which an object begins.
func (p *pack) find(hash []byte) (int64, bool) {
	count := len(p.offsets) / 4
	lo, hi := 0, int(binary.BigEndian.Uint32(p.fanout[4*int(hash[0]):]))
	if hash[0] > 0 {
		lo = int(binary.BigEndian.Uint32(p.fanout[4*int(hash[0])-4:]))
	}
	for hi = min(hi, count); lo < hi; {
		middle := int(uint(lo+hi) / 2)
		switch c := bytes.Compare(p.hashes[middle*p.width:(middle+1)*p.width], hash); {
		case c == 0:
			return p.offset(middle)
		case c < 0:
			lo = middle + 1
		default:
			hi = middle
		}
	}
	return 0, false
}

func (p *pack) offset(n int) (int64, bool) {
	const isLarge = 1 << 31
	at := binary.BigEndian.Uint32(p.offsets[4*n:])
	if at&isLarge == 0 {
		return int64(at), true
	}
	n = int(at &^ isLarge)
	if n >= len(p.large)/8 {
		return 0, false
	}
	far := binary.BigEndian.Uint64(p.large[8*n:])
	return int64(far), far <= math.MaxInt64
}

// read reads up to so many bytes of the pack into a buffer, and gives what there is.
func (p *pack) read(buffer []byte, at int64) ([]byte, error) {
	if p.file == nil {
		if err := p.open(); err != nil {
			return nil, err
		}
	}
	if at < 0 || at >= p.size {
		return nil, errPack
	}
	n, err := p.file.ReadAt(buffer, at)
	if errors.Is(err, io.EOF) && n > 0 {
		err = nil
	}
	return buffer[:n], err
}

func (p *pack) open() error {
	info, err := os.Stat(p.name)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return errPack
	}
	p.size = info.Size()
	p.file, err = os.Open(p.name)
	return err
}

// packFolders gives the folder of a repository's objects, and those that it borrows from.
func packFolders(objects string) []string {
	folders := []string{objects}
	for n := 0; n < len(folders) && n < 100; n++ {
		text, err := readRegular(filepath.Join(folders[n], "info", "alternates"), 1<<20)
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(text)) {
			line = strings.TrimRight(line, "\n")
			if line == "" || line[0] == '#' || line[0] == '"' { // what is in a quoted one, git finds
				continue
			}
			if !filepath.IsAbs(line) {
				line = filepath.Join(folders[n], line)
			}
			folders = append(folders, line)
		}
	}
	return folders
}
