package discover

import (
	"path"
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// Filter says which files of something that is no work tree are wanted, an index
// for example: Paths, Exclude and Include hold as they do for Files.
type Filter struct {
	sieve   *sieve
	paths   []string
	skipped map[string]*lint.Skip
}

// NewFilter makes a filter. It is an error if a glob is malformed.
func NewFilter(o Options) (*Filter, error) {
	defaults := DefaultExclude()
	if o.Vendored { // nothing is a cache that git has
		defaults = nil
	}
	sieve, err := newSieve(o, defaults)
	f := &Filter{sieve: sieve, skipped: map[string]*lint.Skip{}}
	for _, name := range o.Paths {
		f.paths = append(f.paths, path.Clean(name))
	}
	return f, err
}

// Wants says whether a file is wanted, and remembers those that are excluded.
func (f *Filter) Wants(file string) bool {
	named := func(dir string) bool { return dir == "." || file == dir || strings.HasPrefix(file, dir+"/") }
	if len(f.paths) > 0 && !slices.ContainsFunc(f.paths, named) {
		return false
	}
	out := f.sieve.file(file)
	if out.by == "" {
		return true
	}
	if f.skipped[out.path] == nil {
		f.skipped[out.path] = &lint.Skip{Path: out.path, Reason: excluded + out.by}
	}
	return false
}

// Skipped lists what was excluded: each tree once.
func (f *Filter) Skipped() []lint.Skip {
	var all []lint.Skip
	for _, skip := range f.skipped {
		all = append(all, *skip)
	}
	return all
}
