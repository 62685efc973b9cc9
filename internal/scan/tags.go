package scan

import (
	"context"

	"github.com/policyctl/policyctl/internal/git"
	"github.com/policyctl/policyctl/internal/lint"
)

// tagPath is where the message of a tag stands while it is written.
const tagPath = ".git/TAG_EDITMSG"

// tags searches what the history of commits does not lead to: the messages of tags,
// and the files that some tags name.
func (h *history) tags(ctx context.Context, repo *git.Repo) error {
	refs, err := repo.NoCommits(ctx)
	if err != nil {
		return err
	}
	return h.named(ctx, repo, refs)
}

// named searches what references name.
func (h *history) named(ctx context.Context, repo *git.Repo, refs []git.Ref) error {
	for len(refs) > 0 {
		var next []git.Ref // a tag can name another
		waiting := refs
		batch := repo.Batch(ctx, h.largest(), func(object git.Object) error {
			next = append(next, h.tag(waiting[0].Name, object)...)
			waiting = waiting[1:]
			return nil
		})
		for _, ref := range refs {
			if err := batch.Ask(ref.Object); err != nil {
				return err
			}
		}
		if err := batch.Close(); err != nil {
			return err
		}
		refs = next
	}
	return nil
}

// tag searches what a ref names, and gives what that names in turn.
func (h *history) tag(name string, object git.Object) []git.Ref {
	path := ".git/" + name
	commit := &lint.Commit{Hash: object.Hash}
	switch object.Kind {
	case "commit":
	case "tree":
		h.skip(path, "reference to a tree")
	case "tag":
		tag := git.ParseTag(object.Data)
		commit.Author, commit.Time = tag.Author, tag.Time
		h.message(tagPath, commit, tag.Message, git.Head(object.Data))
		if tag.Object != "" && tag.Kind != "commit" {
			return []git.Ref{{Name: name, Object: tag.Object}}
		}
	default:
		if src, _ := h.text(path, object, commit); src != nil {
			h.find(src, commit)
		}
	}
	return nil
}
