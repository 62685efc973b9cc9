package scan

import (
	"context"
	"strings"

	"github.com/policyctl/policyctl/internal/git"
)

// tellNotes says of findings in notes that they stand there: the file is named after what the
// note is about, and says nothing to people. git is asked only where the name may be one.
func (r *run) tellNotes(ctx context.Context, repo *git.Repo) {
	var notes map[string]string
	for i := range r.findings {
		f := &r.findings[i]
		about := strings.ReplaceAll(f.Location.Path, "/", "") // git makes folders of many notes
		if !git.IsHash(about) || f.Commit == nil {
			continue
		}
		if notes == nil {
			var err error
			if notes, err = repo.Notes(ctx); err != nil {
				return // what was found is told without that
			}
		}
		if ref := notes[f.Commit.Hash]; ref != "" {
			f.Message += ": in a note about " + about + ", in " + ref
		}
	}
}
