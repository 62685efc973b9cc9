package git

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/klauspost/compress/zlib"
)

// packs reads objects that lie in packs, as git would: a tenth of a history's time goes into
// copying what git has unpacked from one process to the other, and another into unpacking it
// again, for git does not know that what it has just passed on its way is what is asked for
// next. What is strange in any way is left to git. It is not safe for concurrent use.
type packs struct {
	list []*pack
	most int64 // bytes of an object

	// Texts by where they begin. A file's versions are mostly kept as what the newest is, and
	// how each older one differs from the next: who asks for the oldest passes all others.
	passed, given texts

	inflater io.ReadCloser
	end      [1]byte
	input    bytes.Reader
	buffer   []byte
	arena    []byte // deltas of the object that is read
}

// spot is where an object begins.
type spot struct {
	pack *pack
	at   int64
}

// text is an object as it was unpacked.
type text struct {
	kind string
	data []byte
}

// What is kept of unpacked objects.
const (
	mostPassed = 96 << 20
	mostGiven  = 16 << 20
)

// longestChain is how many deltas may stand between an object and a whole one: git makes
// chains of 50, of 4,095 if it is told to.
const longestChain = 5000

// errLarge says that an object is larger than wanted, or than should be read at once.
var errLarge = errors.New("too large")

// openPacks finds the packs of a repository; none if there is anything strange about them.
func (r *Repo) openPacks(ctx context.Context, most int64, width int) *packs {
	out, err := r.run(ctx, "rev-parse", "--git-path", "objects")
	if err != nil {
		return nil
	}
	objects := strings.TrimSuffix(out, "\n")
	if !filepath.IsAbs(objects) {
		objects = filepath.Join(r.Dir, objects)
	}
	p := &packs{most: most, passed: texts{most: mostPassed}, given: texts{most: mostGiven}}
	size := 0
	for _, folder := range packFolders(objects) {
		entries, _ := os.ReadDir(filepath.Join(folder, "pack")) // what is not found, git is asked for
		for _, entry := range entries {
			if filepath.Ext(entry.Name()) != ".idx" {
				continue
			}
			pack, err := openIndex(filepath.Join(folder, "pack", entry.Name()), width)
			if err != nil {
				continue
			}
			if size += len(pack.hashes) + len(pack.offsets); size > mostIndex {
				p.close()
				return nil
			}
			p.list = append(p.list, pack)
		}
	}
	return p
}

func (p *packs) close() {
	if p == nil {
		return
	}
	for _, pack := range p.list {
		if pack.file != nil {
			_ = pack.file.Close() // it was only read
		}
	}
	p.list = nil
}

// find says where an object begins, if it lies in a pack.
func (p *packs) find(hash string) (spot, bool) {
	var sum [32]byte
	if p == nil || len(hash) > 2*len(sum) {
		return spot{}, false
	}
	n, err := hex.Decode(sum[:], []byte(hash))
	if err != nil {
		return spot{}, false
	}
	return p.locate(sum[:n])
}

func (p *packs) locate(hash []byte) (spot, bool) {
	for n, pack := range p.list {
		if pack.width != len(hash) {
			continue
		}
		if at, ok := pack.find(hash); ok {
			if n > 0 { // the next object is likely to be in the same
				p.list[0], p.list[n] = pack, p.list[0]
			}
			return spot{pack, at}, true
		}
	}
	return spot{}, false
}

// drop forgets a pack that is damaged: git may have its objects elsewhere.
func (p *packs) drop(bad *pack) {
	if bad.file != nil {
		_ = bad.file.Close() // it was only read
	}
	p.list = slices.DeleteFunc(p.list, func(other *pack) bool { return other == bad })
}

// delta is how an object differs from another one.
type delta struct {
	of   spot
	code []byte
}

// object unpacks an object. The data must not be changed.
func (p *packs) object(from spot) (text, error) {
	var chain []delta
	p.arena = p.arena[:0]
	var whole text
	for at := from; ; {
		if kept, ok := p.passed.get(at); ok {
			whole = kept
			break
		} else if kept, ok := p.given.get(at); ok {
			whole = kept
			break
		}
		kind, base, data, err := p.entry(at)
		if err != nil {
			return text{}, err
		}
		if kind != "" {
			whole = text{kind, data}
			if len(chain) > 0 {
				p.passed.put(at, whole)
			}
			break
		}
		if len(chain) == longestChain {
			return text{}, errPack
		}
		chain = append(chain, delta{at, data})
		at = base
	}
	for n := len(chain) - 1; n >= 0; n-- {
		data, err := apply(whole.data, chain[n].code, p.most)
		if err != nil {
			return text{}, err
		}
		whole.data = data
		if n > 0 {
			p.passed.put(chain[n].of, whole)
		}
	}
	p.passed.forget(from)
	p.given.put(from, whole)
	return whole, nil
}

// kinds of objects by their numbers in a pack.
var kinds = []string{1: "commit", 2: "tree", 3: "blob", 4: "tag"}

const (
	deltaByOffset = 6
	deltaByHash   = 7
)

// entry reads what begins at a place: an object of a kind, or a delta and where its base
// begins. Deltas hold until the next object is read.
func (p *packs) entry(from spot) (kind string, base spot, data []byte, err error) {
	raw, err := p.raw(from, firstRead)
	if err != nil {
		return "", base, nil, err
	}
	number := int(raw[0] >> 4 & 7)
	size, n := readSize(raw, 4)
	if n == 0 {
		return "", base, nil, errPack
	}
	if size > p.most {
		return "", base, nil, errLarge
	}
	switch {
	case number == deltaByOffset:
		back, m := readOffset(raw[n:])
		if n += m; m == 0 || back <= 0 || back > from.at {
			return "", base, nil, errPack
		}
		base = spot{from.pack, from.at - back}
	case number == deltaByHash:
		m := from.pack.width
		if len(raw) < n+m {
			return "", base, nil, errPack
		}
		found := false
		if base, found = p.locate(raw[n : n+m]); !found {
			return "", base, nil, errPack
		}
		n += m
	case number < len(kinds) && kinds[number] != "":
		kind = kinds[number]
	default:
		return "", base, nil, errPack
	}
	// Stored bytes take a little more than they are; one that takes even more is left to git.
	if most := size + size>>10 + 128; int64(len(raw)-n) < most && len(raw) == firstRead {
		from.at += int64(n)
		if raw, err = p.raw(from, int(most)); err != nil {
			return "", base, nil, err
		}
		n = 0
	}
	if kind != "" {
		data = make([]byte, size)
	} else if data, err = p.reserve(int(size)); err != nil {
		return "", base, nil, err
	}
	return kind, base, data, p.inflate(raw[n:], data)
}

// firstRead is enough for most objects.
const firstRead = 4 << 10

// raw reads up to so many bytes of a pack. They hold until the next call.
func (p *packs) raw(from spot, most int) ([]byte, error) {
	if len(p.buffer) < most {
		p.buffer = make([]byte, most+most/4)
	}
	return from.pack.read(p.buffer[:most], from.at)
}

// reserve gives room for a delta.
func (p *packs) reserve(size int) ([]byte, error) {
	begin := len(p.arena)
	if begin+size > cap(p.arena) {
		if int64(begin+size) > p.most+mostGiven {
			return nil, errLarge
		}
		p.arena, begin = make([]byte, 0, max(64<<10, 2*(begin+size))), 0 // what was given before stays where it is
	}
	p.arena = p.arena[:begin+size]
	return p.arena[begin : begin+size : begin+size], nil
}

// inflate fills data with what raw is the compressed form of.
func (p *packs) inflate(raw, data []byte) error {
	p.input.Reset(raw)
	var err error
	if p.inflater == nil {
		p.inflater, err = zlib.NewReader(&p.input)
	} else {
		err = p.inflater.(zlib.Resetter).Reset(&p.input, nil)
	}
	if err != nil {
		p.inflater = nil
		return errPack
	}
	if _, err := io.ReadFull(p.inflater, data); err != nil {
		return errPack
	}
	if n, err := p.inflater.Read(p.end[:]); n != 0 || !errors.Is(err, io.EOF) { // the checksum is right
		return errPack
	}
	return nil
}

// readSize reads a number of which the first byte has so many bits, and each other one seven,
// the lowest first. It gives how many bytes it takes; 0 if it does not end.
func readSize(raw []byte, bits int) (int64, int) {
	var size int64
	shift := 0
	for n, b := range raw {
		size |= int64(b&(1<<bits-1)) << shift
		shift += bits
		bits = 7
		if b < 0x80 {
			return size, n + 1
		}
		if shift > 55 {
			break
		}
	}
	return 0, 0
}

// readOffset reads how far in front a base begins: seven bits a byte, the highest first, and
// each but the last counts for one more than it says.
func readOffset(raw []byte) (int64, int) {
	var back int64
	for n, b := range raw {
		back = back<<7 | int64(b&0x7f)
		if b < 0x80 {
			return back, n + 1
		}
		if back++; back > 1<<55 {
			break
		}
	}
	return 0, 0
}

// apply makes an object out of another one and a delta: two sizes, then pieces to copy from
// the base and pieces that are new.
func apply(base, code []byte, most int64) ([]byte, error) {
	was, n := readSize(code, 7)
	if n == 0 || was != int64(len(base)) {
		return nil, errPack
	}
	code = code[n:]
	size, n := readSize(code, 7)
	if n == 0 {
		return nil, errPack
	}
	if size > most {
		return nil, errLarge
	}
	code = code[n:]
	data := make([]byte, 0, size)
	for len(code) > 0 {
		command := code[0]
		code = code[1:]
		piece := code
		switch {
		case command >= 0x80:
			var from, length int
			for bit := range 7 {
				if command&(1<<bit) == 0 {
					continue
				}
				if len(code) == 0 {
					return nil, errPack
				}
				if bit < 4 {
					from |= int(code[0]) << (8 * bit)
				} else {
					length |= int(code[0]) << (8 * (bit - 4))
				}
				code = code[1:]
			}
			if length == 0 {
				length = 0x10000
			}
			if from+length > len(base) {
				return nil, errPack
			}
			piece = base[from : from+length]
		case command == 0 || int(command) > len(code):
			return nil, errPack
		default:
			piece, code = code[:command], code[command:]
		}
		if len(data)+len(piece) > int(size) {
			return nil, errPack
		}
		data = append(data, piece...)
	}
	if len(data) != int(size) {
		return nil, errPack
	}
	return data, nil
}

// texts keeps the texts that were used last: those since it was half full, and those before.
type texts struct {
	most, bytes int
	young, old  map[spot]text
}

func (t *texts) get(at spot) (text, bool) {
	if kept, ok := t.young[at]; ok {
		return kept, true
	}
	kept, ok := t.old[at]
	if ok {
		t.put(at, kept)
	}
	return kept, ok
}

func (t *texts) put(at spot, kept text) {
	if t.bytes += len(kept.data); t.young == nil || t.bytes > t.most/2 {
		t.young, t.old = map[spot]text{}, t.young
		t.bytes = len(kept.data)
	}
	t.young[at] = kept
}

// forget makes room.
func (t *texts) forget(at spot) {
	if kept, ok := t.young[at]; ok {
		t.bytes -= len(kept.data)
		delete(t.young, at)
	}
	delete(t.old, at)
}
