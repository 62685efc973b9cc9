package model

import (
	"cmp"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// Files gives the file of the repository at a path, nil if there is none that can
// be read. A path with a final slash gives the names in a folder, one a line, those
// of folders with a slash. A nil Files has none.
type Files func(path string) *lint.Source

// Read gives one file.
func (f Files) Read(path string) *lint.Source {
	if f == nil {
		return nil
	}
	return f(path)
}

// maxListed bounds the files that are looked at for a pattern.
const maxListed = 10_000

// Below lists the files of a folder ("" or with a final slash) and of those in it,
// and says whether these are all.
func (f Files) Below(folder string) (files []string, all bool) {
	folders := []string{folder}
	for len(folders) > 0 {
		folder, folders = folders[0], folders[1:]
		list := f.Read(cmp.Or(folder, "./"))
		if list == nil {
			continue
		}
		for name := range strings.Lines(string(list.Data)) {
			name = folder + strings.TrimSuffix(name, "\n")
			switch {
			case len(files)+len(folders) >= maxListed:
				return files, false
			case strings.HasSuffix(name, "/"):
				folders = append(folders, name)
			default:
				files = append(files, name)
			}
		}
	}
	return files, true
}
