package check_test

import (
	"io/fs"
	"testing/fstest"
)

func mapFS(files map[string]string) fs.FS {
	pack := fstest.MapFS{}
	for name, text := range files {
		pack[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return pack
}
