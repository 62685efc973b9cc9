package git

import (
	"bytes"
	"context"
	"crypto/sha1" // the name of an object, no protection
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
)

// Head gives the commit of HEAD, or "" if there is none yet.
func (r *Repo) Head(ctx context.Context) (string, error) {
	return r.commit(ctx, "HEAD")
}

// commit gives the hash of the commit that a revision names, or "".
func (r *Repo) commit(ctx context.Context, revision string) (string, error) {
	out, err := r.run(ctx, "rev-parse", "--verify", "--quiet", "--end-of-options", revision+"^{commit}")
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		return "", nil
	}
	return strings.TrimSpace(out), err
}

// Find gives the whole hash of an object of which the beginning is known, and what it is:
// commit, tag, blob or tree; both are "" if there is none, or more than one.
func (r *Repo) Find(ctx context.Context, hash string) (object, kind string, err error) {
	out, _, err := r.feed(ctx, hash+"\n", "cat-file", "--batch-check=%(objectname) %(objecttype)")
	if err != nil {
		return "", "", err
	}
	object, kind, _ = strings.Cut(strings.TrimSpace(out), " ")
	if !IsHash(object) || kind == "missing" {
		return "", "", nil
	}
	return object, kind, nil
}

// MergeBase gives the commit of a revision, and the one at which HEAD parted from it.
func (r *Repo) MergeBase(ctx context.Context, revision string) (tip, parted string, err error) {
	tip, err = r.commit(ctx, revision)
	if err != nil {
		return "", "", err
	}
	if names, err := r.run(ctx, "for-each-ref", "--format=%(refname)", "refs/tags/"+revision, "refs/heads/"+revision, "refs/remotes/"+revision); err != nil {
		return "", "", err
	} else if all := strings.Fields(names); len(all) > 1 {
		return "", "", fmt.Errorf("%q may be %s; write which: whoever may set a tag could choose the base otherwise", revision, strings.Join(all, " or "))
	}
	if tip == "" {
		return "", "", fmt.Errorf("git knows no commit %q; fetch it, or name one that is here", revision)
	}
	out, err := r.run(ctx, "merge-base", tip, "HEAD")
	var failed *exec.ExitError
	switch none := errors.As(err, &failed) && failed.ExitCode() == 1; {
	case none && r.shallow:
		return "", "", fmt.Errorf("%q and HEAD have no commit in common in this shallow clone; fetch all of it: git fetch --unshallow, or fetch-depth: 0 of actions/checkout", revision)
	case none:
		return "", "", fmt.Errorf("%q and HEAD have no commit in common; name a branch that HEAD comes from", revision)
	}
	return tip, strings.TrimSpace(out), err
}

// Objects gives the hashes of files as they are in a commit. Those that it does
// not have, and those whose name holds a line break, are left out.
func (r *Repo) Objects(ctx context.Context, commit string, files []string) (map[string]string, error) {
	var asked []string
	var questions strings.Builder
	for _, file := range files {
		if !strings.Contains(file, "\n") {
			asked = append(asked, file)
			fmt.Fprintf(&questions, "%s:./%s\n", commit, file)
		}
	}
	out, _, err := r.feed(ctx, questions.String(), "cat-file", "--batch-check=%(objectname)")
	if err != nil {
		return nil, err
	}
	objects := map[string]string{}
	answers := strings.Split(out, "\n")
	for i, file := range asked {
		if _, err := hex.DecodeString(answers[i]); err == nil && answers[i] != "" { // else "... missing"
			objects[file] = answers[i]
		}
	}
	return objects, nil
}

// Holds says whether one of some objects is a file with these bytes, or with the line
// breaks that git may give a file on Windows. Filters of the repository, programs that it
// names, are not applied: what goes through one differs.
func Holds(data []byte, objects ...string) bool {
	holds := func(data []byte) bool { return HoldsStream(bytes.NewReader(data), int64(len(data)), objects...) }
	return holds(data) || bytes.Contains(data, []byte("\r\n")) && holds(bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n")))
}

// HoldsStream is Holds for a file too large for the memory, line breaks as they are.
func HoldsStream(content io.Reader, size int64, objects ...string) bool {
	sum := sha1.New()
	if slices.ContainsFunc(objects, func(object string) bool { return len(object) == hex.EncodedLen(sha256.Size) }) {
		sum = sha256.New()
	}
	fmt.Fprintf(sum, "blob %d\x00", size)
	_, err := io.Copy(sum, content)
	return err == nil && slices.Contains(objects, hex.EncodeToString(sum.Sum(nil)))
}
