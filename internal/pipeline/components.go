package pipeline

import (
	"embed"
	"strings"
	"sync"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/pipeline/model"
)

// componentFiles hold what is known of well-known components, one file a platform.
//
//go:embed components/*.yaml
var componentFiles embed.FS

// Components is a table of what is known of components. The zero table has only
// what policyctl brings along.
type Components struct {
	own     map[string]map[string]*entry // by platform and name
	pinned  func() map[string]string
	callers func() map[string][]caller
}

// ComponentsPath is where a repository describes components of its own.
const ComponentsPath = ".policyctl/components.yaml"

// entry is one line of the table. Conditions are about inputs: "input" holds if it
// is filled in, "input=value" if that is its value.
type entry struct {
	// Name is owner/name as in the model, in lower case; "owner/name/*" means all
	// below it that have no entry of their own.
	Name string `yaml:"name"`

	// Provider is whose credentials it takes or issues: "aws", "npm".
	Provider string `yaml:"provider"`

	// Credentials are the inputs that take one, and its kind: "cloud_key" (long-lived, of
	// a cloud), "token", "password", "private_key", "webhook" (a URL that is a secret),
	// "file" (a file of credentials, such as a kubeconfig) or "platform_token" (the
	// platform's own is meant).
	Credentials map[string]string `yaml:"credentials"`

	// OIDC says when the identity token of the job takes the place of a credential.
	// Without a condition it always does.
	OIDC *condition `yaml:"oidc"`

	// Issues says that it gives later steps a short-lived credential.
	Issues *issue `yaml:"issues"`

	Fetches []fetched         `yaml:"fetches"`
	Writes  []knownFile       `yaml:"writes"`
	Exports map[string]string `yaml:"exports"` // variables of later steps: the input that fills it, or "" if it is issued
	Scripts []string          `yaml:"scripts"` // inputs that are run as a script

	BuildArgs []string `yaml:"build_args"` // inputs with build arguments of an image

	// Sends are the inputs and variables whose text it sends to Host (or the input that
	// says which), Publishes those that it writes to a comment or release.
	Sends     []string `yaml:"sends"`
	Host      string   `yaml:"host"`
	Publishes []string `yaml:"publishes"`

	// As is the command that does with files what it does: "{input}" stands for an input,
	// without which it does nothing of the kind, "{input=x}" for one that is x if it is not
	// filled in, and "{-f input}" for one with a flag before it that may be left out.
	As string `yaml:"as"`

	Texts   []text   `yaml:"texts"`
	Changes []string `yaml:"changes"` // the outputs that name the commit, branch or repository of a proposed change

	Uploads []upload `yaml:"uploads"`
	Caches  []cached `yaml:"caches"`

	// Permissions are the rights of the platform's token that it needs, or needs for what it
	// can be told to do, and their levels.
	Permissions map[string]string `yaml:"permissions"`

	// Does says what else it is for: "login", "deploy", "publish" or "debug" (it lets
	// people into the machine).
	Does     []string `yaml:"does"`
	DoesWhen []string `yaml:"does_when"` // conditions under which it is
}

// condition holds if all of When and none of Unless do.
type condition struct {
	When   []string `yaml:"when"`
	Unless []string `yaml:"unless"`
}

type issue struct {
	When    []string `yaml:"when"`
	Unless  []string `yaml:"unless"`
	Outputs []string `yaml:"outputs"` // the outputs that hold it
	Revoked bool     `yaml:"revoked"` // at the end of the job
	Kept    []string `yaml:"kept"`    // conditions under which it is not
}

// knownFile is a file that a component writes a credential into.
type knownFile struct {
	Path    string   `yaml:"path"`
	When    []string `yaml:"when"`
	Unless  []string `yaml:"unless"`
	Removed bool     `yaml:"removed"` // at the end of the job
	Kept    []string `yaml:"kept"`    // conditions under which it is not
}

// text are outputs that hold what outsiders write: names of branches and files, comments.
type text struct {
	Outputs []string `yaml:"outputs"`
	Until   string   `yaml:"until"` // the first version that quotes them
	When    []string `yaml:"when"`
	Unless  []string `yaml:"unless"`
}

// upload is how a component uploads files.
type upload struct {
	Input  string `yaml:"input"`  // that names the paths
	Path   string `yaml:"path"`   // where there is no input, or it is not filled in
	Hidden string `yaml:"hidden"` // the input that asks for files whose names begin with a dot

	// HiddenBefore is the version since which those are left out; without a version they
	// never are.
	HiddenBefore string `yaml:"hidden_before"`

	When   []string `yaml:"when"`
	Unless []string `yaml:"unless"`
}

// cached is what a component keeps for later runs.
type cached struct {
	Input  string   `yaml:"input"` // that names the paths
	Paths  []string `yaml:"paths"` // where it is fixed
	Key    string   `yaml:"key"`   // the input with the key
	Since  string   `yaml:"since"` // the first version that does
	When   []string `yaml:"when"`
	Unless []string `yaml:"unless"`
}

// builtin is the table that policyctl brings along. A mistake in it is found by a test.
var builtin = sync.OnceValue(func() map[string]map[string]*entry {
	all := map[string]map[string]*entry{}
	files, err := componentFiles.ReadDir("components")
	if err != nil {
		panic(err)
	}
	for _, file := range files {
		name := "components/" + file.Name()
		data, err := componentFiles.ReadFile(name)
		if err != nil {
			panic(err)
		}
		table, err := ReadComponents(&lint.Source{Path: name, Data: data})
		if err != nil {
			panic(err)
		}
		for platform, entries := range table.own {
			all[platform] = entries
		}
	}
	return all
})

// find gives what is known of a component; entries of the repository win.
func (t Components) find(platform string, c model.Component) *entry {
	name := strings.TrimPrefix(c.Owner+"/"+c.Name, "/")
	if c.Kind == "image" || c.Pin == "local" || name == "" {
		return nil
	}
	for _, table := range []map[string]*entry{t.own[platform], builtin()[platform]} {
		if found := table[name]; found != nil {
			return found
		}
		for at := strings.LastIndexByte(name, '/'); at > 0; at = strings.LastIndexByte(name[:at], '/') {
			if found := table[name[:at]+"/*"]; found != nil {
				return found
			}
		}
	}
	return nil
}

// holds says whether an input fulfils a condition: "yes", "no", or "unknown" if the
// value is known only when it runs.
func (d *described) holds(condition string) string {
	input, want, valued := strings.Cut(condition, "=")
	got := strings.TrimSpace(d.Inputs.Get(input).Str())
	switch {
	case got == "" || !valued:
		return model.YesOrNo(got != "")
	case strings.EqualFold(got, want):
		return "yes"
	case strings.ContainsAny(got, "$<"):
		return "unknown"
	}
	return "no"
}

// applies says whether all of when and none of unless hold.
func (d *described) applies(when, unless []string) bool {
	for _, condition := range when {
		if d.holds(condition) == "no" {
			return false
		}
	}
	for _, condition := range unless {
		if d.holds(condition) == "yes" {
			return false
		}
	}
	return true
}

// removed says whether what a component leaves is gone at the end of the job.
func (d *described) removed(removed bool, kept []string) string {
	result := model.YesOrNo(removed)
	for _, condition := range kept {
		switch d.holds(condition) {
		case "yes":
			return "no"
		case "unknown":
			result = "unknown"
		}
	}
	return result
}

// before says whether the version is older than another: "4.4". Of one that is not
// known it is "unknown".
func (d *described) before(version string) string {
	major, minor := d.Release()
	than := model.Component{Version: version}
	thanMajor, thanMinor := than.Release()
	switch {
	case major < 0:
		return "unknown"
	case major != thanMajor || thanMinor < 0:
		return model.YesOrNo(major < thanMajor)
	}
	return model.YesOrNo(minor >= 0 && minor < thanMinor) // "v4" is the newest of its kind
}
