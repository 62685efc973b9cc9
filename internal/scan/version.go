package scan

import (
	"context"

	"github.com/policyctl/policyctl/internal/git"
	"github.com/policyctl/policyctl/internal/lint"
)

// Earlier searches a file as a commit has it, for what earlier commits brought.
func (s *Scan) Earlier(ctx context.Context, repo *git.Repo, commit, path string) (Result, error) {
	result, err := s.history(ctx, repo, true, func(ctx context.Context, h *history) error {
		name := commit + ":" + path
		if repo.Part() {
			name = commit + ":./" + path
		}
		object, kind, err := repo.Find(ctx, name)
		if err != nil || kind != "blob" {
			return err
		}
		of := lint.Commit{Hash: commit}
		if err := repo.Log(ctx, commit+"^!", func(e *git.Entry) error { of = e.Commit; return nil }); err != nil {
			return err
		}
		batch := repo.Batch(ctx, h.largest(), func(object git.Object) error {
			if src, _ := h.text(path, object, &of); src != nil {
				h.find(src, &of)
			}
			return nil
		})
		if err := batch.Ask(object); err != nil {
			return err
		}
		return batch.Close()
	})
	for i := range result.Verdict.Findings {
		result.Verdict.Findings[i].Message += "; an earlier commit brought it"
	}
	return result, err
}
