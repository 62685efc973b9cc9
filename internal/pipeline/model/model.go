// Package model is the neutral shape of a pipeline that policies see, and what the
// collectors of platforms build it with: texts and their places, names of secrets
// that settings define, references to components, limits. It knows no platform's
// format.
package model

import (
	"slices"
	"strconv"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
)

// Text is a word of the model and the place where its author wrote it. Without
// a place it was worked out, and the place of what it belongs to holds. An empty
// Text is absent.
type Text struct {
	Value string
	At    lint.Span
	Via   []lint.Step
}

// Pipeline is one definition file of any CI platform in the neutral shape that
// policies/pipeline judge. Lists are flat and joined by job and step; a list may
// be empty, but what could not be read is then a Gap.
//
// Two fields are common to most elements:
//   - job: the ID of the job; absent where something belongs to the whole pipeline
//     or to a component;
//   - step: the index of the step within its job; absent where something belongs
//     to the whole job.
type Pipeline struct {
	At lint.Span `json:"-"`

	Platform string `json:"platform"` // of the native document: "githubactions"

	// Masking says what the platform's log hides: "values" (every secret that it
	// knows, unchanged or in a well-known encoding), "some" (secrets that are set up
	// so, which no file shows), "none", or "unknown".
	Masking string `json:"masking"`

	Kind string `json:"kind"` // "workflow", "reusable" (runs only when another one calls it) or "component" (steps for other pipelines)
	Name Text   `json:"name,omitempty"`

	Triggers    []Trigger    `json:"triggers"`
	Jobs        []Job        `json:"jobs"`
	Steps       []Step       `json:"steps"`
	Identities  []Identity   `json:"identities"`
	Exposures   []Exposure   `json:"exposures"`
	Untrusted   []Untrusted  `json:"untrusted"`
	ActorChecks []ActorCheck `json:"actor_checks"`
	Components  []Component  `json:"components"`
	Checkouts   []Checkout   `json:"checkouts"`
	Artifacts   []Artifact   `json:"artifacts"`
	Caches      []Cache      `json:"caches"`
	Files       []File       `json:"credential_files"`
	Flows       []Flow       `json:"flows"`
	Injected    []Injected   `json:"injected"`
	Literals    []Literal    `json:"literals"`
	Gaps        []Gap        `json:"gaps"`

	// Closed are the inputs, in lower case, whose values are one of a list, a number or a
	// yes or no.
	Closed []string `json:"closed_inputs,omitempty"`

	// Ambient says what a variable is that a script of the repository names: where the
	// platform's settings define variables, one that nothing sets may be theirs.
	Ambient func(Mention, Step) (Exposure, bool) `json:"-"`

	// Findings are as of lint.Document.
	Findings []lint.Finding `json:"-"`

	Passes   []Pass    `json:"-"`
	Restores []Restore `json:"-"`
	Sources  []Source  `json:"-"`
	Traits   Traits    `json:"-"`
}

// Trigger is an event that starts the pipeline.
type Trigger struct {
	At    lint.Span `json:"-"`
	Event string    `json:"event"` // push, tag, pull_request, pull_request_privileged, comment, schedule, manual, api, upstream, merge_queue, call or other
	Name  Text      `json:"name"`  // what the platform calls it: "pull_request_target"

	// FromFork is "yes" if somebody who cannot push to the repository can fire
	// it, "no" if not, "unknown" if another pipeline or a setting decides.
	FromFork string `json:"from_fork"`

	Crons []Text `json:"crons,omitempty"` // of a schedule: when it fires, in the five fields of cron
}

// Job runs on one machine.
type Job struct {
	At          lint.Span    `json:"-"`
	ID          Text         `json:"id"`
	Name        Text         `json:"name,omitempty"`
	Stage       Text         `json:"stage,omitempty"`
	Needs       []Text       `json:"needs"`
	Takes       *[]string    `json:"-"` // the jobs whose artifacts it gets; nil: those that it needs, or all if it needs none
	Shared      []Shared     `json:"-"`
	Condition   Text         `json:"condition,omitempty"`
	Runner      Runner       `json:"runner"`
	Environment *Environment `json:"environment,omitempty"`
	Calls       Text         `json:"calls,omitempty"`     // the pipeline that runs in place of steps
	Container   Text         `json:"container,omitempty"` // the image that the steps run in

	// OpenTo lists the events (as of triggers) by which somebody who cannot push
	// starts this job, without anybody of the repository having a say: no
	// condition, needed job or environment keeps them out.
	OpenTo []string `json:"open_to"`
}

// Shared is a folder that a job has in common with others which have one of the name.
type Shared struct{ Name, Folder string }

// TakesFrom says whether the job gets the artifacts of another one.
func (j *Job) TakesFrom(job string) bool {
	switch {
	case j.Takes != nil:
		return slices.Contains(*j.Takes, job)
	case len(j.Needs) == 0:
		return true
	}
	return slices.ContainsFunc(j.Needs, func(n Text) bool { return n.Value == job })
}

// Runner says what a job runs on.
type Runner struct {
	At     lint.Span `json:"-"`
	Kind   string    `json:"kind"`   // "hosted", "self_hosted", "pod" (of a cluster; it ends with the job) or "unknown"
	Labels []Text    `json:"labels"` // as far as they are known
}

// Environment is what a job deploys to; the platform may protect it and keep
// secrets for it.
type Environment struct {
	At   lint.Span `json:"-"`
	Name Text      `json:"name"` // as written: it may be an expression
}

// Step is one command or component of a job.
type Step struct {
	At        lint.Span `json:"-"`
	Address   string    `json:"address"` // logical place: "jobs.build.steps.publish"
	Job       Text      `json:"job,omitempty"`
	Index     int       `json:"index"` // within the job, from 0
	ID        Text      `json:"id,omitempty"`
	Name      Text      `json:"name,omitempty"`
	Kind      string    `json:"kind"`            // "shell", "component" or "unknown"
	Shell     Text      `json:"shell,omitempty"` // "bash", where the file says it
	Script    Text      `json:"script,omitempty"`
	Component Text      `json:"component,omitempty"` // the reference, as in components
	Condition Text      `json:"condition,omitempty"`
	OpenTo    []string  `json:"open_to"` // as of jobs; the step's own condition counts too

	// Folder is where the script runs, if not in that of the repository.
	Folder Text `json:"folder,omitempty"`

	// Continues says that the script runs in the shell of the step before, and
	// sees its variables.
	Continues bool `json:"continues,omitempty"`

	// Inner says that it stands in a file of the repository that a step of the job
	// calls, and which is judged by itself as well.
	Inner bool `json:"inner,omitempty"`

	// Within sets the IDs of the steps of a called file apart, and EnvOf lists the steps
	// that call it: it sees their variables.
	Within string `json:"-"`
	EnvOf  []int  `json:"-"`

	// Holes are the parts of the script that the platform replaces before the shell
	// reads it, whether by a secret or not.
	Holes []Hole `json:"-"`

	// Program is what a component is known to run: a container without a shell, as a
	// shell would write it, or a script in the language of ProgramShell.
	Program      Text   `json:"-"`
	ProgramShell string `json:"-"`
	// ProgramAt is where a part of the program stands, in bytes of it, if it is put together.
	ProgramAt func(start, end int) lint.Span `json:"-"`

	// Traced says that the platform's way to start the shell prints each command.
	Traced bool `json:"-"`

	// Captured says that what the script prints goes to the pipeline's program, not
	// to the log.
	Captured bool `json:"-"`
}

// Hole is a part of a script, in bytes of its value.
type Hole struct{ Offset, Length int }

// Identity is what a job can act as without being given a secret.
type Identity struct {
	At      lint.Span `json:"-"`
	Address string    `json:"address"` // "jobs.build.identities.platform_token"
	Job     Text      `json:"job"`

	// Kind is "platform_token" (the token that the platform makes for each job),
	// "oidc" (it can ask for identity tokens), "service_connection" (kept by the
	// platform) or "service_account" (of the cluster that runs the job).
	Kind string `json:"kind"`
	Name Text   `json:"name,omitempty"` // of a connection, account or token variable

	Audiences []Text `json:"audiences,omitempty"` // of identity tokens, where the file says them

	// Explicit says whether the file limits the token. If it does not, the
	// repository's settings decide, which no file shows.
	Explicit   bool    `json:"explicit"`
	DeclaredAt string  `json:"declared_at,omitempty"` // "pipeline" or "job"
	Scopes     []Scope `json:"scopes"`
	All        Text    `json:"all,omitempty"` // "read" or "write" on everything

	// Closed says that conditions keep the runs that outsiders start from using it.
	Closed bool `json:"closed,omitempty"`
}

// Scope is one right of an identity.
type Scope struct {
	At    lint.Span `json:"-"`
	Name  Text      `json:"name"`
	Level Text      `json:"level"` // "read", "write" or "none"
}

// Exposure is one place where a secret is handed to something.
type Exposure struct {
	At      lint.Span `json:"-"`
	Address string    `json:"address"` // "jobs.build.steps.publish.env.NODE_AUTH_TOKEN"
	Secret  Secret    `json:"secret"`  // stands at the expression

	// PlatformToken says that it is the token that the platform makes for each
	// job, not a secret of the user's.
	PlatformToken bool `json:"platform_token"`

	// Where is what gets the secret:
	//   pipeline_env, job_env, step_env, container_env: an environment variable;
	//   input: an input of a component or of a called pipeline;
	//   build_arg: a build argument of an image;
	//   inline: pasted into a script;
	//   condition: only the outcome of a condition depends on it, nobody gets it;
	//   container_credential: the login to an image registry;
	//   forwarded: a secret of a called pipeline;
	//   output: an output of the job or component;
	//   default: what an input is when nobody fills it in (literals only);
	//   setting: anything else, for example the name of a step.
	//   file: a file that the platform writes; the variable holds its path;
	//   ambient: the platform sets it in every job, whoever uses it; the exposure
	//   stands where a step names it;
	//   fetched: a script asks a store for it when it runs, and the platform knows
	//   nothing of it. The exposure stands in the script.
	Where string `json:"at"`

	// Masked is "yes" if the platform hides the unchanged value in logs, "no" or
	// "unknown".
	Masked string `json:"masked"`

	// Readers are the steps that get the variable of a job or pipeline.
	Readers []Reader `json:"readers,omitempty"`

	Job         Text     `json:"job,omitempty"`
	Step        *int     `json:"step,omitempty"`
	Variable    Text     `json:"variable,omitempty"`    // the name of the variable, input, build argument or output
	Until       *int     `json:"until,omitempty"`       // the last step that gets it, where a block of steps does; step is then the first
	Component   Text     `json:"component,omitempty"`   // the component of the step, or the called pipeline
	Transformed []string `json:"transformed"`           // what is done to the value, outermost last: "json" (a field of structured data), "to_json", or another function's name
	Environment Text     `json:"environment,omitempty"` // of the job, as written
	Inner       bool     `json:"inner,omitempty"`       // as of steps: what calls the file got the secret first

	// Closed says that a condition keeps the runs that outsiders start from getting it.
	Closed bool `json:"closed,omitempty"`

	// MaskedIn are the blocks of steps whose log hides the value, where it outlives the one
	// that it is bound in.
	MaskedIn []Block `json:"-"`

	// Offset and Length are those of the text that the platform replaces by the value,
	// within the script or other value that it is pasted into.
	Offset, Length int `json:"-"`

	// Path is where the file stands that a step finds, if no variable holds it.
	Path string `json:"-"`

	// Possible says that it may be no secret.
	Possible bool `json:"-"`

	// Fetched says what later steps call it, of what a component asks a store for.
	Fetched *Fetched `json:"-"`
}

// Fetched says what later steps call a secret that a component fetches.
type Fetched struct {
	Outputs, Variables bool   // what it becomes
	Output, Variable   string // and of which name
	// Many says that it holds many, of which only those know the names who use them: behind
	// what is said here.
	Many bool
}

// Block are steps of a job, from the first to the last of them.
type Block struct {
	Job         string
	First, Last int
}

// Pass is a place where a value is handed to that an earlier step or job made.
// Secrets in it are known only when the scripts were followed.
type Pass struct {
	At        lint.Span
	Address   string
	Where     string // as of exposures
	Job       Text
	Step      *int
	Variable  Text
	Component Text

	FromJob  string // the job that made it; "" is this one
	FromStep string // the ID of the step, in lower case, behind what sets it apart; "" if it is an output of the job
	Name     string // of the output; of a variable that a step set if there is neither job nor step

	Offset, Length int // as of exposures

	Transformed []string // what is done to the value
	Command     string   // of a place that is a sink of its own: "log", "repository"
}

// CapturedOutput is the output of a step whose script prints into the pipeline's program,
// and CapturedBy the ID by which it is found.
const CapturedOutput = "stdout"

func CapturedBy(step int) string { return "#" + strconv.Itoa(step) }

// Reader is a step that gets a secret.
type Reader struct {
	At   lint.Span `json:"-"`
	Job  Text      `json:"job"`
	Step int       `json:"step"`
	Uses string    `json:"uses"` // "yes" (it names the variable), "no" (nothing in it can read it) or "unknown" (a program that may)
}

// Secret is a secret of the platform's store, or of one that the platform asks.
type Secret struct {
	At   lint.Span   `json:"-"`
	Via  []lint.Step `json:"-"`              // the variables through which it comes
	Name Text        `json:"name,omitempty"` // as the platform folds it: in capitals on GitHub. Stands at the reference itself

	// Store is where the platform finds it: "" is its own store; "vault",
	// "aws_secrets_manager", "gcp_secret_manager", "azure_key_vault",
	// "variable_group", "context", "credentials", "kubernetes",
	// "secret_provider_class" (of Kubernetes) or "file". Scripts ask more of them:
	// internal/shell/fetch.go; what a login makes when it is asked is "issued".
	Store string `json:"store,omitempty"`
	Group Text   `json:"group,omitempty"` // what it is a part of there: a variable group, a context, a Secret, a path. Without a name, all of it is meant

	// Assumed says that the settings of the platform define it, which no file
	// shows, and that it is taken for a secret by its name.
	Assumed bool `json:"assumed,omitempty"`

	All bool `json:"all,omitempty"` // every secret that the job can see
	// Computed says that all are meant because a computed name may mean any.
	Computed bool `json:"computed,omitempty"`
	// Parameter says that the pipeline declares the name for its callers to fill:
	// it is none of the store's names.
	Parameter bool `json:"parameter,omitempty"`
	// Given are the names of the store that callers in the repository give it by, where
	// these are others, and Callers the places where they do.
	Given   []string    `json:"given,omitempty"`
	Callers []lint.Step `json:"-"`
}

// Untrusted is an expression whose text an outsider writes: the title of an
// issue, the name of a branch.
type Untrusted struct {
	At         lint.Span `json:"-"`
	Address    string    `json:"address"`
	Expression Text      `json:"expression"` // without what stands around it: "github.event.issue.title"
	Where      string    `json:"at"`         // as of exposures; "inline" is what runs
	Job        Text      `json:"job,omitempty"`
	Step       *int      `json:"step,omitempty"`
	Variable   Text      `json:"variable,omitempty"`
	Component  Text      `json:"component,omitempty"`

	// Privileged is "yes" if an outsider alone can make the job run with this
	// text and with secrets, "no" if somebody of the repository has a say or the
	// job gets no secrets then, "unknown" if the caller decides.
	Privileged string `json:"privileged"`

	Offset, Length int `json:"-"` // as of exposures
}

// Source is a use of a value that is followed to where it is pasted or checked out.
type Source struct {
	Untrusted

	// Kind is "text" (that an outsider writes), "change" (it names what a pull request
	// proposes), "artifact" (files of a run that an outsider may have changed) or "input"
	// (of the called pipeline: its callers know what it holds).
	Kind string
}

// ActorCheck is a condition that rests on the name of the account that fired the
// event, where that can be made to be a bot's.
type ActorCheck struct {
	At        lint.Span `json:"-"`
	Address   string    `json:"address"`
	Condition Text      `json:"condition"`
	Job       Text      `json:"job,omitempty"`
	Step      *int      `json:"step,omitempty"`
	Actor     string    `json:"actor"`  // "dependabot[bot]"
	Events    []string  `json:"events"` // that pass only by it
}

// Component is code from elsewhere that a job runs.
type Component struct {
	At      lint.Span `json:"-"`
	Address string    `json:"address"`
	Ref     Text      `json:"ref"`             // as written: "actions/checkout@v6"
	Kind    string    `json:"kind"`            // "action", "orb", "pipe", "plugin", "shared_library", "reusable" (a called pipeline) or "image"
	Owner   string    `json:"owner,omitempty"` // of an action: "actions"; of an image: its registry, if written
	Name    string    `json:"name"`            // without owner and version, in lower case: "checkout", "codeql-action/init"

	// FirstParty says that it comes from this repository or from the platform's
	// vendor.
	FirstParty bool `json:"first_party"`

	// Pin is "digest" (cannot change), "version" (a tag that looks like one),
	// "branch" (any other name), "none", "local" (the same commit) or "unknown"
	// (computed).
	Pin     string `json:"pin"`
	Version string `json:"version,omitempty"` // as pinned; of a digest what the comment behind it says

	// Pinned is the reference by digest that another use in the repository has for the same
	// version, which its comment says.
	Pinned string `json:"pinned,omitempty"`

	Job    Text       `json:"job,omitempty"`
	Step   *int       `json:"step,omitempty"`
	Inputs *lint.Node `json:"inputs"` // what it is given: names in lower case, scalars as text

	Facts *Facts `json:"facts,omitempty"` // of the well-known ones
	Inner bool   `json:"inner,omitempty"` // as of steps

	// Privileged says of an image that the file lets its container control the machine.
	Privileged bool `json:"privileged,omitempty"`

	Called *Called `json:"called,omitempty"` // of a called pipeline that could be read
}

// Called compares what a called pipeline of the repository declares for its callers
// and reads with what it is given.
type Called struct {
	At      lint.Span      `json:"-"`
	Path    string         `json:"path"`
	Inherit bool           `json:"inherit"` // it is given every secret that the caller may read
	Secrets []CalledSecret `json:"secrets"` // that it declares, reads or is given

	// SelfHosted are the machines of one's own that it runs on.
	SelfHosted []CalledRunner `json:"self_hosted,omitempty"`
}

// CalledRunner is what a job of a called pipeline runs on.
type CalledRunner struct {
	At     lint.Span `json:"-"`
	Job    Text      `json:"job"`     // of the called pipeline
	OpenTo []string  `json:"open_to"` // as of jobs, by the events of the caller
}

// CalledSecret is a secret by its name within the called pipeline. It stands where
// the caller gives it, or else where the job calls.
type CalledSecret struct {
	At       lint.Span `json:"-"`
	Name     Text      `json:"name"`
	Declared bool      `json:"declared"` // with Called.Inherit it need not be
	Required bool      `json:"required"`
	Given    bool      `json:"given"` // by its name
	Read     string    `json:"read"`  // "yes", "no", or "unknown" if a name is computed or what it calls could not be read
}

// Facts are what the table of components (components/*.yaml, and that of the
// repository) knows of one, given its inputs. What it leaves behind stands in
// credential_files, artifacts and caches.
type Facts struct {
	At lint.Span `json:"-"`

	Provider    string       `json:"provider,omitempty"` // whose credentials it takes or issues: "aws", "npm"
	Credentials []Credential `json:"credentials"`        // its inputs for credentials, as far as they are filled in

	// OIDC is "used" if the identity token of the job takes the place of a credential,
	// "possible" if it could, or "no".
	OIDC string `json:"oidc"`

	Issued  []Issued `json:"issued"`  // short-lived credentials that it gives to later steps
	Exports []Export `json:"exports"` // variables of all later steps that hold credentials
	Scripts []string `json:"scripts"` // its inputs that are run as a script

	Sends     []string `json:"-"` // its inputs and variables whose text goes to Host
	Host      Text     `json:"-"`
	Publishes []string `json:"-"` // and those whose text the repository shows

	Permissions []Scope  `json:"permissions"` // of the platform's token that it needs
	Does        []string `json:"does"`        // "login", "deploy", "publish", "debug" (it lets people into the machine)
}

// Credential is an input that takes a credential.
type Credential struct {
	At    lint.Span `json:"-"`
	Input string    `json:"input"`

	// Kind is "cloud_key" (long-lived, of a cloud), "token", "password", "private_key",
	// "webhook" (a URL that is a secret), "file" (a file of credentials) or
	// "platform_token" (the platform's own is meant).
	Kind string `json:"kind"`
}

// Issued is a short-lived credential that a component asks for.
type Issued struct {
	At      lint.Span `json:"-"`
	Outputs []string  `json:"outputs"` // that hold it
	Revoked string    `json:"revoked"` // at the end of the job: "yes", "no" or "unknown"
}

// Export is a variable that a component sets for all later steps.
type Export struct {
	At       lint.Span `json:"-"`
	Variable string    `json:"variable"`
	Input    string    `json:"input,omitempty"` // that it holds; absent if it is issued
}

// Checkout is a copy of a repository that a step makes.
type Checkout struct {
	At      lint.Span `json:"-"`
	Address string    `json:"address"`
	Job     Text      `json:"job,omitempty"`
	Step    int       `json:"step"`

	// Source is "change" (what an outsider proposes), "default" (what the trigger
	// means), "other" (named by the file) or "unknown" (computed).
	Source string `json:"source"`

	// Credential says whether later steps find a token in the copy:
	// "work_tree" (within the copy), "beside" (on the machine, outside of the
	// copy), "removed" or "unknown".
	Credential string `json:"credential"`

	// Ref is what names the change.
	Ref Text `json:"ref,omitempty"`

	// Runs are the scripts and actions of a called pipeline that may run something of the copy.
	Runs []Text `json:"runs,omitempty"`
}

// RunsAfter are the scripts and actions of the repository of a job from a step on.
func (p *Pipeline) RunsAfter(job string, step int) []Text {
	var all []Text
	for _, s := range p.Steps {
		switch text := s.Script; {
		case s.Job.Value != job || s.Index < step:
		case s.Kind == "shell" && text.Value != "":
			all = append(all, text)
		case s.Kind == "component" && s.Index > step && strings.HasPrefix(s.Component.Value, "./"):
			all = append(all, s.Component)
		}
	}
	return all
}

// Artifact is what a step uploads for others to download.
type Artifact struct {
	At      lint.Span `json:"-"`
	Address string    `json:"address"`
	Job     Text      `json:"job,omitempty"`
	Step    int       `json:"step"`
	Paths   []Text    `json:"paths"`  // as written; those behind an exclamation mark are left out
	Hidden  string    `json:"hidden"` // whether files whose names begin with a dot are included: "yes", "no" or "unknown"

	// Access is who may download it, where the file says so: "all", "developer",
	// "maintainer" or "none".
	Access Text `json:"access,omitempty"`

	// Variables says that later jobs get the lines of the files as variables.
	Variables bool `json:"variables,omitempty"`
	// Output is the output of the job that the text of the file becomes.
	Output Text `json:"output,omitempty"`
	// InRun says that only later jobs of the same run can fetch it.
	InRun bool `json:"in_run,omitempty"`

	// Name is what later jobs ask for it by, Root the folder to which its paths are
	// relative then.
	Name, Root string `json:"-"`
}

// Restore is a step that fetches artifacts of earlier jobs.
type Restore struct {
	At     lint.Span
	Job    Text
	Step   int
	Folder string // to which
	Name   string // of the artifact, "" for all but caches
	Begins bool   // only the beginning of the name is given
	Apart  bool   // each gets a folder of its name
	Whole  bool   // the artifact itself is what stands there

	Pattern string // of the files, "" for all
}

// Cache is what a step or job keeps for later runs, which other branches may be.
type Cache struct {
	At      lint.Span `json:"-"`
	Address string    `json:"address"`
	Job     Text      `json:"job,omitempty"`
	Step    *int      `json:"step,omitempty"`
	Paths   []Text    `json:"paths"` // as written
	Key     Text      `json:"key,omitempty"`
}

// Found is the name by which steps of later jobs fetch the files of the cache.
func (c Cache) Found() string { return CachePrefix + c.Key.Value }

// CachePrefix sets the names of caches apart from those of artifacts.
const CachePrefix = "cache "

// Shared are the folders that jobs have in common which use the cache.
func (c Cache) Shared() []Shared {
	var all []Shared
	for _, p := range c.Paths {
		if c.Step == nil && c.Key.Value != "" && !strings.ContainsAny(p.Value, "*?[!") {
			all = append(all, Shared{Name: "cache " + c.Key.Value + " " + p.Value, Folder: p.Value})
		}
	}
	return all
}

// File is a file with a credential in it that a step leaves on the machine.
type File struct {
	At      lint.Span `json:"-"`
	Address string    `json:"address"`
	Path    Text      `json:"path"` // "~/.docker/config.json", "key.pem"
	Job     Text      `json:"job,omitempty"`
	Step    int       `json:"step"`
	Tool    string    `json:"tool"`    // what wrote it: "docker login", ">", an action
	Removed string    `json:"removed"` // "yes" (a later step or the tool itself removes it), "no" or "unknown"
	Secret  *Secret   `json:"secret,omitempty"`
}

// Flow is the way of a secret from where it is handed to a job to where it
// leaves the job's control.
type Flow struct {
	At      lint.Span   `json:"-"` // of the sink: the command or word
	Way     []lint.Step `json:"-"` // from the reference to the sink
	Address string      `json:"address"`
	Secret  Secret      `json:"secret"`

	PlatformToken bool `json:"platform_token"`

	// Sink is "log", "argv" (visible to other processes), "network", "git_remote"
	// (a URL that git keeps), "file", "artifact", "cache", "image", "output",
	// "env_file" (all later steps), "repository" (a
	// commit, comment or release), "third_party" (code of somebody else),
	// "downstream" (another pipeline) or "eval" (run as code).
	Sink string `json:"sink"`

	Command     string   `json:"command,omitempty"`    // at the sink: "curl", "echo", "set -x"
	Host        Text     `json:"host,omitempty"`       // of network and git_remote, as far as it is known
	Path        Text     `json:"path,omitempty"`       // of file, artifact and cache
	Scheme      string   `json:"scheme,omitempty"`     // of network and git_remote, where a URL says it: "http"
	InURL       bool     `json:"in_url,omitempty"`     // it is a part of the address, which servers and proxies log
	Unverified  bool     `json:"unverified,omitempty"` // the program was told not to check whom it talks to
	Transformed []string `json:"transformed"`          // what was done to the value, outermost last: "base64", "json", "substring", "case", "reverse", "hex", "decoded", "unknown" (by a program of which nothing is known), another command's name

	// Masked is "yes" if what arrives is what the platform hides, "no" if it was
	// changed or nothing is hidden, "unknown" if settings decide.
	Masked     string `json:"masked"`
	Confidence string `json:"confidence"` // "exact", "likely" (a path by pattern) or "possible" (it may be no secret, or nothing of it may arrive)

	Job       Text `json:"job,omitempty"`
	Step      *int `json:"step,omitempty"`
	Component Text `json:"component,omitempty"` // that gets it
	Variable  Text `json:"variable,omitempty"`  // that holds it at the sink
}

// Injected is a text of somebody else that a script runs as code, or lets set variables.
type Injected struct {
	At       lint.Span `json:"-"`
	Address  string    `json:"address"`
	Variable Text      `json:"variable,omitempty"` // that holds the outsider's text
	Command  string    `json:"command"`            // "eval", "bash -c", "ssh", or the file that is run or written

	// Kind is "outsider" (an outsider writes it), "download" (a server sends it),
	// "artifact" (a run that an outsider may have changed made the file, or one beside it)
	// or "variables" (it is not run, but may set variables of later steps).
	Kind string `json:"kind"`
	From string `json:"from,omitempty"` // the host of a download, and its path as far as it says whose it is

	Job  Text `json:"job,omitempty"`
	Step int  `json:"step"`
}

// Literal is a variable or input whose value stands in the file.
type Literal struct {
	At        lint.Span `json:"-"`
	Address   string    `json:"address"`
	Variable  Text      `json:"variable"`
	Value     Text      `json:"value"`
	Where     string    `json:"at"` // as of exposures
	Job       Text      `json:"job,omitempty"`
	Step      *int      `json:"step,omitempty"`
	Component Text      `json:"component,omitempty"`

	// Password says that the file declares it to be one, whatever its name.
	Password bool `json:"password,omitempty"`
}

// Gap is something that could not be resolved. A policy that claims that
// something is nowhere must look here first.
type Gap struct {
	At   lint.Span `json:"-"`
	What string    `json:"what"` // in words, without values of the file
	Why  string    `json:"why"`  // "syntax", "computed" (known only when it runs), "remote" (stands in another repository) or "limit"
	Job  Text      `json:"job,omitempty"`
	Step *int      `json:"step,omitempty"`

	// Cut says that a limit hides the rest of a script.
	Cut bool `json:"-"`
}
