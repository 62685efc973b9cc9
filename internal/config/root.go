package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// Root finds the root of a run that starts in dir, an absolute path: the nearest
// directory, from dir upwards, that has settings or is the top of a git
// repository. If there is none, it is dir itself. settled says whether a directory has
// settings; Settled does for those on the disk.
func Root(dir string, settled func(at string) (bool, error)) (string, error) {
	info, err := os.Stat(dir)
	switch {
	case err != nil:
		return "", fmt.Errorf("find the root of %s: %w", dir, err)
	case !info.IsDir():
		return "", fmt.Errorf("%s is no directory", dir)
	}
	for at := filepath.Clean(dir); ; at = filepath.Dir(at) {
		top, err := IsRoot(at, settled)
		if top || err != nil {
			return at, err
		}
		if at == filepath.Dir(at) {
			return filepath.Clean(dir), nil
		}
	}
}

// IsRoot says whether a directory is the root of a run by what is in it.
func IsRoot(dir string, settled func(at string) (bool, error)) (bool, error) {
	if top, err := exists(filepath.Join(dir, ".git")); top || err != nil {
		return top, err
	}
	return settled(dir)
}

// Settled says whether a directory has settings.
func Settled(at string) (bool, error) { return exists(filepath.Join(at, filepath.FromSlash(Path))) }

// exists is an error where it cannot be told: to guess that there are no
// settings would be to check without them.
func exists(path string) (bool, error) {
	_, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look for settings: %w", err)
	}
	return true, nil
}
