package contract

import (
	_ "embed"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/parse/contract"
)

//go:embed classes.txt
var starters []byte

// common is the built-in class whose defaults and limits all others share.
const common = "every-class"

// identifier is the class of what is stored as a secret but is none.
const identifier = "identifier"

// Starters gives the documents of the built-in classes.
var Starters = sync.OnceValue(func() []*lint.Document {
	docs, findings := contract.Parse([]*lint.Source{{Path: "classes.yaml", Data: starters}})
	if len(findings) > 0 {
		panic("the built-in classes are not valid: " + findings[0].Message)
	}
	return docs
})

// class is a sort of secret: what contracts of it are unless they say otherwise,
// and what they may be.
type class struct {
	name        string
	builtIn     bool // no document of the repository defines it
	defaults    []*lint.Document
	description string
	alternative *lint.Node
	limits      []limit
}

// classes reads the built-in classes, and those of a repository over them.
func classes(own []*lint.Document) map[string]*class {
	all := map[string]*class{}
	var shared *lint.Document
	for _, doc := range Starters() {
		if doc.Name == common {
			shared = doc
			continue
		}
		c := classOf(doc)
		c.builtIn = true
		if doc.Name != identifier {
			c.defaults = []*lint.Document{shared}
			c.limits = limits(shared, true)
		}
		c.defaults = append(c.defaults, doc)
		c.limits = append(c.limits, limits(doc, true)...)
		all[doc.Name] = c
	}
	for _, doc := range own {
		c := classOf(doc)
		c.defaults, c.limits = []*lint.Document{doc}, limits(doc, false)
		if starter := all[doc.Name]; starter != nil {
			c.limits = slices.Concat(starter.limits, c.limits)
		}
		all[doc.Name] = c
	}
	return all
}

func classOf(doc *lint.Document) *class {
	spec := doc.Root.Get("spec")
	return &class{name: doc.Name, description: spec.Get("description").Str(), alternative: spec.Get("alternative")}
}

// atRoot says whether a document stands in the .policyctl folder of the
// repository: only there do classes and the catalogue hold.
func atRoot(doc *lint.Document) bool {
	return strings.HasPrefix(doc.Path, ".policyctl/")
}

// reach is the folder below which the defaults in a file hold, "." for all. They
// stand in a .policyctl folder; elsewhere they hold nowhere.
func reach(file string) (folder string, holds bool) {
	parts := strings.Split(path.Dir(file), "/")
	i := slices.Index(parts, ".policyctl")
	if i < 0 {
		return "", false
	}
	return path.Clean(strings.Join(parts[:i], "/")), true
}

// covers says whether a file lies in a folder or below it.
func covers(folder, file string) bool { return folder == "." || strings.HasPrefix(file, folder+"/") }
