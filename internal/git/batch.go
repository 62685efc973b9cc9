package git

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
)

// Object is what git has under a hash.
type Object struct {
	Hash   string
	Kind   string // blob, tag, commit or tree; empty if git does not have it, or cannot read it
	Size   int64
	Data   []byte // nil if it is larger than wanted
	Head   []byte // how it begins, if it is larger than wanted
	Damage string // why it could not be read, if it is there
}

// window is how many objects are asked for before the first is read, half of it at a
// time: git then always has work, and its input never fills the pipe.
const window = 64

// headSize is how much is kept of an object that is larger than wanted.
const headSize = 8000

// mostRestarts bounds how often git is started again behind an object that stops it.
const mostRestarts = 100

// fewObjects are read through git alone: to look for packs would take longer.
const fewObjects = 200

// request is an object that was asked for.
type request struct {
	hash string
	at   spot // in a pack; without one git was asked
}

// Batch reads many objects, in packs by itself and all others through one process. It is not
// safe for concurrent use.
type Batch struct {
	repo    *Repo
	ctx     context.Context
	most    int64
	answer  func(Object) error
	pending []request
	total   int // asked for
	packs   *packs

	command  *exec.Cmd
	input    io.Closer
	in       *bufio.Writer
	asked    int // since the start
	out      *bufio.Reader
	restarts int
	present  map[string]bool // what the repository has; nil as long as git answered for all
}

// Batch makes a reader of objects of up to so many bytes. Answers come in the order in
// which objects are asked for.
func (r *Repo) Batch(ctx context.Context, most int64, answer func(Object) error) *Batch {
	return &Batch{repo: r, ctx: ctx, most: most, answer: answer}
}

// Ask asks for an object, and answers for one that was asked for before.
func (b *Batch) Ask(hash string) error {
	if b.command == nil {
		if err := b.start(); err != nil {
			return err
		}
	}
	if b.total++; b.total == fewObjects {
		b.packs = b.repo.openPacks(b.ctx, b.most, len(hash)/2)
	}
	at, packed := b.packs.find(hash)
	b.pending = append(b.pending, request{hash, at})
	if !packed {
		b.write(hash)
		if b.asked++; b.asked%(window/2) == 0 {
			b.flush()
		}
	}
	for len(b.pending) >= window || len(b.pending) > 0 && b.pending[0].at.pack != nil {
		if err := b.next(); err != nil {
			return err
		}
	}
	return nil
}

// Close answers for all that is left, and ends git.
func (b *Batch) Close() error {
	b.flush()
	for len(b.pending) > 0 {
		if err := b.next(); err != nil {
			b.stop()
			b.packs.close()
			return err
		}
	}
	b.stop()
	b.packs.close()
	return b.ctx.Err()
}

func (b *Batch) start() error {
	b.command = b.repo.command(b.ctx, "cat-file", "--batch")
	in, err := b.command.StdinPipe()
	if err != nil {
		return err
	}
	out, err := b.command.StdoutPipe()
	if err != nil {
		return err
	}
	b.input, b.in, b.out = in, bufio.NewWriter(in), bufio.NewReaderSize(out, 64<<10)
	return b.repo.explain(b.ctx, "cat-file", b.command.Start(), nil)
}

func (b *Batch) stop() {
	if b.command == nil {
		return
	}
	b.input.Close()
	_ = b.command.Wait() // all answers were read, or its end is known already
	b.command = nil
}

// next gives the answer for the object that waits longest. One at which git ends, because
// it is damaged, must not take the others with it.
func (b *Batch) next() error {
	first := b.pending[0]
	object := Object{Hash: first.hash}
	var err error
	switch {
	case first.at.pack != nil:
		object, err = b.unpack(first)
	case b.has(first.hash):
		b.flush()
		if object, err = b.read(); err != nil {
			object, err = b.revive()
		}
	}
	if err != nil {
		return err
	}
	b.pending = b.pending[1:]
	return b.answer(object)
}

// unpack reads an object out of a pack. One that cannot be read so git is asked for alone: it
// may have it elsewhere, and knows best what is wrong with it.
func (b *Batch) unpack(r request) (Object, error) {
	if err := b.ctx.Err(); err != nil {
		return Object{}, err
	}
	text, err := b.packs.object(r.at)
	if err == nil {
		return Object{Hash: r.hash, Kind: text.kind, Size: int64(len(text.data)), Data: text.data}, nil
	}
	if !errors.Is(err, errLarge) {
		b.packs.drop(r.at.pack)
	}
	var object Object
	alone := b.repo.Batch(b.ctx, b.most, func(o Object) error {
		object = o
		return nil
	})
	err = alone.Ask(r.hash)
	return object, errors.Join(err, alone.Close())
}

func (b *Batch) revive() (Object, error) {
	if b.ctx.Err() != nil {
		return Object{}, b.ctx.Err()
	}
	if b.restarts++; b.restarts > mostRestarts {
		return Object{}, errors.New("git cat-file ended again and again: the repository is damaged")
	}
	object := Object{Hash: b.pending[0].hash, Damage: "git cannot read it"}
	if err := b.restart(); err != nil {
		return Object{}, err
	}
	if !b.has(object.Hash) {
		object.Damage = ""
	}
	return object, nil
}

func (b *Batch) restart() error {
	b.stop()
	if b.present == nil {
		b.list()
	}
	if err := b.start(); err != nil {
		return err
	}
	for _, r := range b.pending[1:] {
		if r.at.pack == nil {
			b.write(r.hash)
		}
	}
	b.flush()
	return nil
}

// list finds out what there is: at each object that a partial clone lacks git ends,
// because it must not fetch it.
func (b *Batch) list() {
	names, err := b.repo.run(b.ctx, "cat-file", "--batch-all-objects", "--unordered", "--batch-check=%(objectname)")
	if err != nil {
		return // then each is asked for
	}
	b.present = map[string]bool{}
	for name := range strings.Lines(names) {
		b.present[strings.TrimSuffix(name, "\n")] = true
	}
}

func (b *Batch) has(hash string) bool { return b.present == nil || b.present[hash] }

// write asks git. That it ended shows when the answer is read.
func (b *Batch) write(hash string) {
	if b.has(hash) {
		_, _ = b.in.WriteString(hash + "\n")
	}
}

func (b *Batch) flush() {
	if b.command != nil {
		_ = b.in.Flush()
	}
}

// read reads "<hash> <kind> <size>", the object and a line break, or "<hash> missing".
func (b *Batch) read() (Object, error) {
	line, err := b.out.ReadString('\n')
	if err != nil {
		return Object{}, err
	}
	object := Object{Hash: b.pending[0].hash}
	parts := strings.Fields(line)
	if len(parts) == 2 && parts[1] == "missing" {
		return object, nil
	}
	if len(parts) != 3 {
		return object, fmt.Errorf("git cat-file wrote %d fields", len(parts))
	}
	if object.Size, err = strconv.ParseInt(parts[2], 10, 64); err != nil {
		return object, err
	}
	object.Kind = parts[1]
	if object.Size > b.most {
		object.Head = make([]byte, min(object.Size, headSize))
		if _, err = io.ReadFull(b.out, object.Head); err == nil {
			_, err = io.CopyN(io.Discard, b.out, object.Size-int64(len(object.Head))+1)
		}
		return object, err
	}
	object.Data = make([]byte, object.Size)
	if _, err = io.ReadFull(b.out, object.Data); err == nil {
		_, err = b.out.ReadByte()
	}
	return object, err
}
