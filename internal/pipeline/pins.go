package pipeline

import (
	"bytes"
	"path"
	"strings"
	"sync"

	"github.com/policyctl/policyctl/internal/pipeline/model"
	"github.com/policyctl/policyctl/internal/regex"
)

// pin is a use of an action by the digest of a commit, and the version that the comment
// behind it says.
var pin = regex.Lazy(`(?m)^[ \t]*(?:-[ \t]+)?uses:[ \t]*["']?([\w.-]+/[\w./-]+)@([0-9a-f]{40})["']?[ \t]+#[ \t]*(?:tag=)?(v?[0-9][\w.-]*)[ \t]*\r?$`)

// maxPinned bounds the files that are read for pins.
const maxPinned = 500

// Within gives a table that knows what the workflows and actions of a repository pin, and
// which workflows call each other: they are read once, when something asks. A version that
// two uses pin to different commits is left out.
func (t Components) Within(files model.Files) Components {
	t.callers = sync.OnceValue(func() map[string][]caller { return callersIn(files) })
	t.pinned = sync.OnceValue(func() map[string]string {
		all := map[string]string{}
		names, _ := files.Below(".github/workflows/")
		actions, _ := files.Below(".github/actions/")
		for i, name := range append(names, actions...) {
			ext := strings.ToLower(path.Ext(name))
			if i >= maxPinned || ext != ".yml" && ext != ".yaml" {
				continue
			}
			src := files.Read(name)
			if src == nil || !bytes.Contains(src.Data, []byte("uses:")) {
				continue
			}
			for _, found := range pin().FindAllStringSubmatch(string(src.Data), -1) {
				key, ref := strings.ToLower(found[1]+"@"+found[3]), found[1]+"@"+found[2]
				if other, known := all[key]; known && !strings.EqualFold(other, ref) {
					ref = ""
				}
				all[key] = ref
			}
		}
		return all
	})
	return t
}
