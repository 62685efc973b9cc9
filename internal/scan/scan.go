// Package scan is a run that looks for credentials and nothing else: in a work
// tree, in what is staged, in history, in an archive or in a stream. It says
// where to read; what a credential is stands in package scanner. No policy is
// loaded for it.
package scan

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/policyctl/policyctl/internal/archive"
	"github.com/policyctl/policyctl/internal/discover"
	"github.com/policyctl/policyctl/internal/gate"
	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/scanner"
)

// Scan is a run. Deadline and Progress may be left out.
type Scan struct {
	Files    discover.Options
	Scanner  *scanner.Scanner
	Gate     *gate.Gate
	Jobs     int           // how many files are searched at a time
	Deadline time.Duration // for the whole run; zero for none
	Archives bool          // look into archives also if they are not named
	Budget   archive.Budget
	Hold     bool // keep texts with findings for the report also if they are on the disk

	blockSize    int // of tests; 0 for the usual one
	mostFindings int // of tests; 0 for the usual number

	// Progress is called when a file was searched, from many goroutines. The total
	// is 0 while it is not known.
	Progress func(done, total int)
}

// Result is a verdict, and what a report must not show.
type Result struct {
	Verdict   gate.Verdict
	Sensitive []lint.Location                  // where credentials stand
	Source    func(lint.Location) *lint.Source // nil if the files are on the disk
}

// piece is a text to search.
type piece struct {
	source  *lint.Source
	excerpt *lint.Source             // is searched first; if nothing is in it, nothing is in source; may be nil
	wants   func(lint.Location) bool // which findings count; nil for all
	place   func(*lint.Location)     // turns a place in source into one in the file; nil if they are the same
	commit  *lint.Commit             // nil outside of history
	part    bool                     // of a file that counts already, or of none
	head    int                      // the line of a message from which on the head of its commit stands; 0 if there is none
	buffer  []byte                   // what source was read into, for the next file if nothing is found; may be nil
}

// run is what a run has gathered so far. Its methods may be called from many
// goroutines.
type run struct {
	*Scan
	pieces chan piece
	done   atomic.Int64
	total  int // pieces, if known

	lock      sync.Mutex
	coverage  gate.Coverage
	findings  []lint.Finding
	more      int // findings that are not kept
	ignores   []gate.Ignore
	sensitive []lint.Location
	held      held
	buffers   sync.Pool          // of *[]byte
	names     sync.Map           // of files that are no text
	lines     map[place][]uint64 // hashes of the lines that findings of a history stand in
	hold      bool               // the report gets its sources from here: they are on no disk
}

// search runs a producer of pieces beside the workers that search them, and judges what they
// find.
func (s *Scan) search(ctx context.Context, coverage gate.Coverage, produce func(context.Context, *run) error) (Result, error) {
	r, err := s.gather(ctx, coverage, produce)
	if err != nil {
		return Result{}, err
	}
	return r.result(), nil
}

// gather is a search without a verdict.
func (s *Scan) gather(ctx context.Context, coverage gate.Coverage, produce func(context.Context, *run) error) (*run, error) {
	if s.Deadline > 0 {
		var done context.CancelFunc
		ctx, done = context.WithTimeout(ctx, s.Deadline)
		defer done()
	}
	coverage.Rules = sorted(slices.Concat(s.Scanner.Rules(), lint.Own()))
	r := &run{
		Scan: s, pieces: make(chan piece, s.Jobs), coverage: coverage, hold: s.Hold,
		held: held{sources: map[[2]string]*lint.Source{}}, lines: map[place][]uint64{},
	}
	var workers sync.WaitGroup
	for range max(s.Jobs, 1) {
		workers.Go(func() {
			for p := range r.pieces {
				r.work(ctx, p)
			}
		})
	}
	err := produce(ctx, r)
	close(r.pieces)
	workers.Wait()
	if r.trim(s.most()); r.more > 0 {
		r.fail("", fmt.Sprintf("%d more findings are not listed: these are the first %d", r.more, s.most()))
	}
	return r, err
}

// mostFindings bounds the memory of findings: nobody reads as many.
const mostFindings = 50_000

func (s *Scan) most() int {
	if s.mostFindings > 0 {
		return s.mostFindings
	}
	return mostFindings
}

// trim leaves the first findings in the order of reports, whichever came first.
func (r *run) trim(most int) {
	if len(r.findings) <= most {
		return
	}
	slices.SortFunc(r.findings, func(a, b lint.Finding) int { return a.Compare(&b) })
	r.more += len(r.findings) - most
	clear(r.findings[most:])
	r.findings = r.findings[:most]
}

// judge gives the verdict about what was found so far.
func (r *run) judge() gate.Verdict {
	g := *r.Gate
	g.Ignores = slices.Concat(g.Ignores, r.ignores)
	slices.SortFunc(g.Ignores, func(a, b gate.Ignore) int { return a.Location.Compare(b.Location) })
	slices.SortFunc(r.coverage.Skipped, func(a, b lint.Skip) int { return strings.Compare(a.Path+"\x00"+a.Reason, b.Path+"\x00"+b.Reason) })
	slices.SortFunc(r.coverage.Failures, func(a, b lint.Failure) int {
		return strings.Compare(a.Path+"\x00"+a.Message, b.Path+"\x00"+b.Message)
	})
	slices.Sort(r.coverage.Paths)
	r.coverage.Paths = slices.Compact(r.coverage.Paths)
	r.coverage.Failures = slices.Compact(r.coverage.Failures)
	return g.Judge(r.findings, r.coverage)
}

func (r *run) result() Result {
	result := Result{Verdict: r.judge(), Sensitive: r.sensitive}
	if r.hold {
		result.Source = r.held.source
	}
	return result
}

func sorted(rules []*lint.Rule) []*lint.Rule {
	slices.SortFunc(rules, func(a, b *lint.Rule) int { return strings.Compare(a.ID, b.ID) })
	return rules
}

// work searches a piece. A panic is a failure: a text that brings down the
// scanner must not bring down the run, nor look as if it had been searched. What
// the panic says is not shown, for it may quote the text.
func (r *run) work(ctx context.Context, p piece) {
	defer func() {
		if recover() != nil {
			r.fail(p.source.Path, "policyctl broke down here; this is a mistake of policyctl, please report it")
		}
	}()
	if ctx.Err() != nil {
		r.fail("", "the run ended before all was searched: "+ctx.Err().Error())
		return
	}
	r.add(p, r.find(p))
	if done := int(r.done.Add(1)); r.Progress != nil {
		r.Progress(done, r.total)
	}
}

func (r *run) find(p piece) []lint.Finding {
	if p.excerpt != nil {
		if found := r.Scanner.Scan(p.excerpt); len(found.Findings) == 0 && found.Cut == "" {
			return nil
		}
	}
	found := r.Scanner.Scan(p.source)
	if found.Cut != "" {
		r.fail(p.source.Path, found.Cut)
	}
	return found.Findings
}

// add takes the findings of a piece that count.
func (r *run) add(p piece, found []lint.Finding) {
	var ignores []gate.Ignore
	var wrong []lint.Finding
	if p.commit == nil || len(found) > 0 {
		ignores, wrong = gate.Ignores(p.source)
	}
	var kept []lint.Finding
	if p.buffer != nil && len(found)+len(ignores)+len(wrong) == 0 { // nothing speaks of the text any more
		r.buffers.Put(&p.buffer)
	}
	for _, f := range slices.Concat(found, wrong) {
		if p.wants != nil && !p.wants(f.Location) {
			continue
		}
		if p.place != nil {
			p.place(&f.Location)
		}
		f.Commit = p.commit
		if line := f.Location.Start.Line; p.head > 0 && line >= p.head {
			f.Message += ": " + ofHead(string(p.source.Line(line)))
		}
		kept = append(kept, f)
	}
	r.lock.Lock()
	defer r.lock.Unlock()
	if !p.part {
		r.coverage.Files++
		if p.wants == nil && p.commit == nil { // of others nobody can say that a waiver is superfluous
			r.coverage.Paths = append(r.coverage.Paths, p.source.Path)
		}
	}
	r.keep(p, ignores, kept)
}

// ofHead says where a line of a head comes from, which stands in no message.
func ofHead(line string) string {
	switch word, _, _ := strings.Cut(line, " "); word {
	case "author", "committer", "tagger":
		return "as the name of the " + word
	default:
		return "in the head of the commit"
	}
}

func (r *run) keep(p piece, ignores []gate.Ignore, findings []lint.Finding) {
	for _, ignore := range ignores {
		covers := func(f lint.Finding) bool { return f.Location.Start.Line == ignore.Line }
		if p.place == nil && (p.wants == nil || slices.ContainsFunc(findings, covers)) {
			r.ignores = append(r.ignores, aboutCredentials(ignore)...)
		}
	}
	for _, f := range findings {
		r.findings = append(r.findings, f)
		if p.commit != nil {
			at := placeOf(&f)
			r.lines[at] = append(r.lines[at], lineHashes(p.source, f.Location)...)
		}
		if f.Rule.PointsAtSecret() {
			r.sensitive = append(r.sensitive, f.Location)
		}
	}
	if len(r.findings) > r.most()+r.most()/4 {
		r.trim(r.most())
	}
	if len(findings) > 0 && p.place == nil && r.hold {
		r.held.add(p.source)
	}
}

// aboutCredentials leaves of an ignore what it says of credentials: a scan looks
// for nothing else, and has no opinion about comments for policies.
func aboutCredentials(ignore gate.Ignore) []gate.Ignore {
	ignore.Rules = slices.DeleteFunc(slices.Clone(ignore.Rules), func(name string) bool {
		return !strings.HasPrefix(name, scanner.Kind+"/")
	})
	if len(ignore.Rules) == 0 {
		return nil
	}
	return []gate.Ignore{ignore}
}

// named accounts for what is no text to search: only its name is, of a history once.
func (r *run) named(skip *lint.Skip, commit *lint.Commit) {
	r.skip(skip.Path, skip.Reason)
	if _, again := r.names.LoadOrStore(skip.Path, true); again {
		return
	}
	p := piece{source: &lint.Source{Path: skip.Path}, commit: commit, part: true}
	if commit != nil {
		p.source.Commit = commit.Hash
	}
	r.add(p, r.Scanner.Named(skip.Path, p.source.Commit))
}

// noText accounts for a file that is no text to search.
func (r *run) noText(skip *lint.Skip) {
	if r.named(skip, nil); discover.IsUnread(*skip) {
		r.fail(skip.Path, notSearched(*skip))
	}
}

func notSearched(skip lint.Skip) string { return "was not searched: it is a " + skip.Reason }

func (r *run) skip(path, reason string) {
	r.lock.Lock()
	defer r.lock.Unlock()
	r.coverage.Skipped = append(r.coverage.Skipped, lint.Skip{Path: path, Reason: reason})
}

func (r *run) fail(path, message string) {
	r.lock.Lock()
	defer r.lock.Unlock()
	r.coverage.Failures = append(r.coverage.Failures, lint.Failure{Path: path, Message: message})
}

// held are sources with findings, for the report to quote: those that are on no
// disk, from which they could be read again.
type held struct {
	sources map[[2]string]*lint.Source
	bytes   int
}

// mostHeld bounds what is kept for the report; what is beyond is shown without
// its line.
const mostHeld = 64 << 20

func (h *held) add(src *lint.Source) {
	if h.bytes += len(src.Data); h.bytes <= mostHeld {
		h.sources[[2]string{src.Path, src.Commit}] = src
	}
}

func (h *held) source(at lint.Location) *lint.Source { return h.sources[[2]string{at.Path, at.Commit}] }
