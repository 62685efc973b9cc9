package kubernetes

import (
	"regexp"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/model"
	"github.com/policyctl/policyctl/internal/regex"
)

// use is what an object does with a parameter.
type use struct {
	names bool // a Secret, or a key of one
	reads bool // what it holds
}

// used notes what an object does with parameters. To hand one over is no use: what is
// called decides.
func (c *cluster) used(root *lint.Node, parameter func() *regexp.Regexp, name func(string, []int) string) {
	c.uses = map[string]use{}
	root.Walk(func(at lint.Path, n *lint.Node) bool {
		if n == nil || n.Kind != lint.String {
			return n != nil
		}
		names, handed := pathOf(at)
		if handed {
			return true
		}
		for _, m := range parameter().FindAllStringSubmatchIndex(n.Text, model.MaxPaths) {
			u := c.uses[name(n.Text, m)]
			c.uses[name(n.Text, m)] = use{u.names || names, u.reads || !names}
		}
		return true
	})
}

// pathOf says whether a Secret or a key of one is named at a path, and whether it is that
// of an argument.
func pathOf(at lint.Path) (names, handed bool) {
	within := false
	for i, step := range at {
		key, _ := step.(string)
		switch key {
		case "params", "parameters":
			handed = true
		case "secretName", "secretKey", "secretProviderClass":
			names = names || i == len(at)-1
		case "name", "key":
			names = names || within && i == len(at)-1
		}
		within = within || secretField().MatchString(key)
	}
	return names, handed
}

// secretField is a field that refers to a Secret: secretKeyRef, and passwordSecret of Argo.
var secretField = regex.Lazy(`(?i)secrets?(?:key)?(?:ref)?$`)

// addParameter adds what a parameter is set to, unless that is the name of a Secret. Where
// nothing shows what it is for, one that is called a secret names one if its value can.
func (c *cluster) addParameter(value *lint.Node, p model.Place) {
	u := c.uses[p.Variable.Value]
	if u.names || !u.reads && strings.HasSuffix(p.Variable.Value, "-secret") && objectName().MatchString(value.Text) {
		return
	}
	c.AddLiteral(value, p)
}

// objectName is a name that Kubernetes takes, made of what can be words.
var objectName = regex.Lazy(`^[a-z]{2,15}[0-9]{0,2}(?:-[a-z]{1,15}[0-9]{0,2}){0,5}$`)
