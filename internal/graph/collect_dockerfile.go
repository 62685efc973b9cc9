package graph

import (
	"path"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// dockerfileFacts reads the secrets that the instructions of a build mount.
// Arguments and variables are no secrets that a file could name as such: what
// they leave in an image is for policies/dockerfile.
func dockerfileFacts(doc *lint.Document) Facts {
	image := "docker:" + doc.Path
	facts := Facts{Workloads: []Workload{{ID: image, Platform: "docker", Kind: "image", At: span(doc.Root.Get("stages").At(lint.Path{0}))}}}
	for _, stage := range doc.Root.Get("stages").List() {
		for _, instruction := range stage.Get("instructions").List() {
			for _, flag := range instruction.Get("flags").List() {
				if use, ok := mountedSecret(flag); ok {
					use.Consumer = image
					facts.Uses = append(facts.Uses, use)
				}
			}
		}
	}
	return facts
}

// mountedSecret reads --mount=type=secret,id=npm,target=/x,env=NPM_TOKEN. Without
// an id, BuildKit takes the base name of the target.
func mountedSecret(flag *lint.Node) (Use, bool) {
	fields := map[string]string{}
	for option := range strings.SplitSeq(flag.Get("value").Str(), ",") {
		key, value, _ := strings.Cut(strings.TrimSpace(option), "=")
		fields[strings.ToLower(key)] = value
	}
	if flag.Get("name").Str() != "mount" || fields["type"] != "secret" {
		return Use{}, false
	}
	for _, key := range []string{"id", "target", "destination", "dst"} {
		if fields[key] == "" {
			continue
		}
		use := Use{Platform: "docker", Name: path.Base(fields[key]), Delivery: "file", Variable: fields["env"], Confidence: Exact, At: flag.Get("value").Span}
		use.Slot = "docker-secret:" + use.Name
		if use.Variable != "" {
			use.Delivery, use.StaticKey = "env", staticKey(nil, use.Variable)
		}
		return use, true
	}
	return Use{}, false
}
