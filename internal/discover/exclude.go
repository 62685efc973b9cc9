package discover

import (
	"path"

	"github.com/policyctl/policyctl/internal/glob"
)

// DefaultExclude lists the globs that always leave files out: directories into
// which tools put what others wrote. Include takes single ones in again.
func DefaultExclude() []string {
	return append(Caches(), "**/vendor/**", "**/third_party/**", "**/Godeps/**", "**/Pods/**", "**/Carthage/**")
}

// Caches lists those among them that tools fill anew, and hardly anybody tracks.
func Caches() []string {
	return []string{
		"**/node_modules/**",
		"**/bower_components/**",
		"**/jspm_packages/**",
		"**/.pnpm-store/**",
		"**/.yarn/cache/**",
		"**/site-packages/**",
		"**/__pypackages__/**",
		"**/.venv/**",
		"**/.tox/**",
		"**/.nox/**",
		"**/.bundle/*/**", // and not .bundle/config
		"**/.gradle/**",
		"**/.terraform/**",
		"**/.terragrunt-cache/**",
	}
}

// sieve decides which paths are excluded.
type sieve struct {
	exclude  []glob.Glob
	include  []glob.Glob
	named    map[string]bool
	excluded map[string]verdict // memory of dir
	included map[string]bool    // memory of includedDir
}

// verdict is why a path is left out. The zero verdict says that it is not.
type verdict struct {
	path string // the topmost directory that is excluded, with a final slash, or the file
	by   string // the glob
}

// newSieve makes the sieve of options and of further globs.
func newSieve(o Options, defaults []string) (*sieve, error) {
	s := &sieve{named: map[string]bool{}, excluded: map[string]verdict{}, included: map[string]bool{}}
	for _, name := range o.Paths {
		s.named[path.Clean(name)] = true
	}
	var err error
	if s.exclude, err = globs(append(defaults, o.Exclude...)); err != nil {
		return nil, err
	}
	s.include, err = globs(o.Include)
	return s, err
}

func globs(texts []string) ([]glob.Glob, error) {
	var parsed []glob.Glob
	for _, text := range texts {
		g, err := glob.Parse(text)
		if err != nil {
			return nil, err
		}
		parsed = append(parsed, g)
	}
	return parsed, nil
}

// file says whether a file is excluded.
func (s *sieve) file(file string) verdict {
	if s.named[file] || first(s.include, glob.Glob.File, file) != "" || s.includedDir(path.Dir(file)) {
		return verdict{}
	}
	if above := s.dir(path.Dir(file)); above.by != "" {
		return above
	}
	if by := first(s.exclude, glob.Glob.File, file); by != "" {
		return verdict{file, by}
	}
	return verdict{}
}

// dir says whether a directory is excluded, by a glob that matches it or one
// above, up to the nearest that was named: from there on globs count again.
func (s *sieve) dir(dir string) verdict {
	if dir == "." || s.named[dir] {
		return verdict{}
	}
	if known, ok := s.excluded[dir]; ok {
		return known
	}
	answer := s.dir(path.Dir(dir))
	if answer.by == "" {
		if by := first(s.exclude, glob.Glob.Dir, dir); by != "" {
			answer = verdict{dir + "/", by}
		}
	}
	s.excluded[dir] = answer
	return answer
}

// includedDir says whether an include matches a directory or one above.
func (s *sieve) includedDir(dir string) bool {
	if dir == "." || len(s.include) == 0 {
		return false
	}
	if known, ok := s.included[dir]; ok {
		return known
	}
	answer := s.includedDir(path.Dir(dir)) || first(s.include, glob.Glob.Dir, dir) != ""
	s.included[dir] = answer
	return answer
}

func first(globs []glob.Glob, matches func(glob.Glob, string) bool, path string) string {
	for _, g := range globs {
		if matches(g, path) {
			return g.String()
		}
	}
	return ""
}
