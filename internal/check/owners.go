package check

import (
	"os"

	"github.com/policyctl/policyctl/internal/codeowners"
	"github.com/policyctl/policyctl/internal/discover"
)

// owners reads the CODEOWNERS file that counts: it gives the handles that own a
// file. It is nil if there is none.
func (c *Check) owners(dir *os.Root, files []string) func(string) []string {
	file, dialect := codeowners.Find(files)
	if file == "" {
		return nil
	}
	src, _, _ := discover.Read(dir, file, c.Files.MaxSize)
	if src == nil {
		return nil
	}
	owners, _ := codeowners.Parse(src, dialect)
	return owners.Of
}
