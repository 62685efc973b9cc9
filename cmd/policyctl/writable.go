package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/policyctl/policyctl/internal/git"
)

// mostLinks bounds how many links lead to a file, as systems do.
const mostLinks = 40

// writable says why a file must not be written. A link that git tracks leads where whoever
// made a change wants it to: to any file of the machine that checks it. Links of the user are
// followed.
func writable(ctx context.Context, file string) error {
	path, err := filepath.Abs(file)
	for range mostLinks {
		if err != nil {
			return err
		}
		link, rest := firstLink(path)
		if link == "" {
			if info, err := os.Stat(path); err == nil && info.IsDir() {
				return fmt.Errorf("%s is a folder", file)
			}
			return nil
		}
		if err := untracked(ctx, link); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		var target string
		if target, err = os.Readlink(link); err == nil && !filepath.IsAbs(target) {
			target = filepath.Join(filepath.Dir(link), target)
		}
		path = filepath.Join(target, rest)
	}
	return fmt.Errorf("%s: too many links", file)
}

// firstLink splits a path behind the first part of it that is a symlink; "" if there is none.
func firstLink(path string) (link, rest string) {
	for i := range path {
		if i == 0 || !os.IsPathSeparator(path[i]) {
			continue
		}
		if isLink(path[:i]) {
			return path[:i], path[i+1:]
		}
	}
	if isLink(path) {
		return path, ""
	}
	return "", ""
}

func isLink(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && info.Mode()&os.ModeSymlink != 0
}

func untracked(ctx context.Context, link string) error {
	repo, ok, err := git.Open(ctx, filepath.Dir(link))
	if errors.Is(err, git.ErrNotInstalled) || err == nil && !ok {
		return nil
	}
	if err != nil {
		return err
	}
	tracked, err := repo.TracksLink(ctx, filepath.Base(link))
	if tracked {
		return fmt.Errorf("%s is a symlink that the repository brings, and nothing is written through it", strings.TrimPrefix(link, repo.Top()+string(filepath.Separator)))
	}
	return err
}
