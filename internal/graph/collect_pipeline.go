package graph

import (
	"slices"
	"strings"

	"github.com/policyctl/policyctl/internal/lint"
	"github.com/policyctl/policyctl/internal/regex"
)

// ciPlatforms say how slots and locators begin, by the platform of a neutral
// document; parameter is of names that a called pipeline declares for its callers
// to fill.
var ciPlatforms = map[string]struct{ platform, secret, parameter string }{
	"azure":         {"azure-devops", "azdo-var:", ""},
	"bitbucket":     {"bitbucket", "bitbucket-var:", ""},
	"buildkite":     {"buildkite", "buildkite-secret:", ""},
	"circleci":      {"circleci", "circleci-context:", ""},
	"githubactions": {"github", "github-secret:", "github-parameter:"},
	"gitlab":        {"gitlab", "gitlab-var:", "gitlab-parameter:"},
	"jenkins":       {"jenkins", "jenkins-cred:", "jenkins-parameter:"},
}

// deliveries say how a secret of a pipeline arrives, by where it is exposed.
var deliveries = map[string]string{
	"pipeline_env": "env", "job_env": "env", "step_env": "env", "container_env": "env",
	"input": "input", "forwarded": "input", "container_credential": "input",
	"inline": "cli-arg", "build_arg": "build-arg", "output": "input", "setting": "input", "ambient": "env", "file": "file",
	"fetched": "sdk", // the script asks the store itself
}

// fetched are the stores that a platform asks for a job, beside its own.
var fetched = []string{"vault", "aws_secrets_manager", "gcp_secret_manager", "azure_key_vault", "gitlab_secrets_manager", "akeyless", "aws_parameter_store"}

// grouping are the stores of platforms whose secrets have groups.
var grouping = []string{"context", "variable_group"}

// staticKeys are the variables and inputs that take a long-lived key of a cloud,
// in capitals, whatever they are given to. What else well-known components take
// stands in their facts.
var staticKeys = map[string]string{
	"AWS_SECRET_ACCESS_KEY":          "aws",
	"AWS_SECRET_KEY":                 "aws",
	"AZURE_CLIENT_SECRET":            "azure",
	"AZURE_CREDENTIALS":              "azure",
	"ARM_CLIENT_SECRET":              "azure",
	"CREDENTIALS_JSON":               "gcp",
	"SERVICE_ACCOUNT_KEY":            "gcp",
	"GOOGLE_CREDENTIALS":             "gcp",
	"GOOGLE_APPLICATION_CREDENTIALS": "gcp",
	"GOOGLE_SERVICE_ACCOUNT_KEY":     "gcp",
	"GCLOUD_SERVICE_KEY":             "gcp",
	"GCP_SA_KEY":                     "gcp",
	"GCP_SERVICE_ACCOUNT_KEY":        "gcp",
	"VAULT_TOKEN":                    "vault",
}

// pipelineFacts reads the neutral document of a pipeline.
func pipelineFacts(doc *lint.Document) Facts {
	if slices.Contains(clustered, doc.Root.Get("platform").Str()) {
		return clusterFacts(doc)
	}
	p := ci{doc: doc, components: map[string]*lint.Node{}, oidc: map[string]bool{}, logins: map[string][]string{}}
	names, known := ciPlatforms[doc.Root.Get("platform").Str()]
	if !known {
		return Facts{}
	}
	p.platform, p.secret, p.parameter = names.platform, names.secret, names.parameter
	for _, component := range doc.Root.Get("components").List() {
		job := component.Get("job").Str()
		p.components[job+" "+component.Get("ref").Str()] = component
		if provider := login(component); provider != "" && !slices.Contains(p.logins[job], provider) {
			p.logins[job] = append(p.logins[job], provider)
		}
	}
	for _, identity := range doc.Root.Get("identities").List() {
		if identity.Get("kind").Str() == "oidc" {
			p.oidc[identity.Get("job").Str()] = true
		}
	}
	p.started()
	facts := Facts{}
	for _, exposure := range doc.Root.Get("exposures").List() {
		uses := p.uses(exposure)
		facts.Uses = append(facts.Uses, uses...)
		facts.Supplies = append(facts.Supplies, p.supplies(exposure, uses)...)
	}
	for _, job := range doc.Root.Get("jobs").List() {
		facts.Workloads = append(facts.Workloads, p.workload(job))
	}
	return facts
}

// ci reads one pipeline.
type ci struct {
	doc                         *lint.Document
	platform, secret, parameter string
	components                  map[string]*lint.Node // by job and reference
	oidc                        map[string]bool       // jobs that may ask for identity tokens
	logins                      map[string][]string   // by job
	schedule                    int64
	manualOnly                  bool
	startedAt                   lint.Span
}

func (p *ci) uses(exposure *lint.Node) []Use {
	secret, job := exposure.Get("secret"), exposure.Get("job").Str()
	delivery := deliveries[exposure.Get("at").Str()]
	if isTrue(exposure.Get("platform_token")) || delivery == "" || secret.Get("store").Str() == "kubernetes" || !p.addressed(exposure) {
		return nil
	}
	use := Use{
		Platform: p.platform, Name: secret.Get("name").Str(), Delivery: delivery, Variable: exposure.Get("variable").Str(), Confidence: Exact,
		Environment: exposure.Get("environment").Str(), Component: exposure.Get("component").Str(), At: secretSpan(secret),
	}
	if strings.Contains(use.Environment, "$") { // known only when it runs
		use.Environment = ""
	}
	use.Scope, use.Slot, use.HoldsValue = use.Environment, p.secret+grouped(secret), use.Name != ""
	if component := p.components[job+" "+use.Component]; use.Component != "" {
		use.ThirdParty = component != nil && !isTrue(component.Get("first_party"))
		use.StaticKey = staticKey(component.Get("facts"), use.Variable)
	} else {
		use.StaticKey = staticKey(nil, use.Variable)
	}
	switch {
	case p.fetches(exposure):
		use.Name, use.HoldsValue = use.Variable, false
		if delivery == "sdk" {
			use.Name = address(secret)
		}
		use.Slot = p.platform + "-secret:" + p.doc.Path + "/" + job + "/" + use.Name
	case use.Name == "":
		use.Confidence = Wildcard
	case slices.Contains(grouping, secret.Get("store").Str()) && secret.Get("group") == nil: // of one of the job's groups
		use.Confidence = Derived
	case isTrue(secret.Get("parameter")):
		use.Confidence, use.HoldsValue = Derived, false
		use.Slot = p.parameter + p.doc.Path + "#" + use.Name
	case p.doc.Root.Get("kind").Str() != "workflow": // its callers decide whether it gets their secrets of these names
		use.Confidence = Derived
	}
	return p.forJobs(use, job)
}

// fetches says whether the platform or a script asks another store for the secret. On
// Azure a step of the job does, and what it gets are variables.
func (p *ci) fetches(exposure *lint.Node) bool {
	asked := p.platform != "azure-devops" || exposure.Get("at").Str() == "fetched"
	return asked && slices.Contains(fetched, exposure.Get("secret", "store").Str())
}

// addressed says whether the store and the name of a secret are known, where a script
// asks for it.
func (p *ci) addressed(exposure *lint.Node) bool {
	secret := exposure.Get("secret")
	if exposure.Get("at").Str() != "fetched" {
		return true
	}
	isKnown := secret.Get("store").Str() == "" || slices.Contains(fetched, secret.Get("store").Str())
	return isKnown && !strings.ContainsAny(address(secret), "$…")
}

// address is where a secret is within its store.
func address(secret *lint.Node) string {
	name, group := secret.Get("name").Str(), secret.Get("group").Str()
	if group == "" || secret.Get("store").Str() == "azure_key_vault" {
		return name
	}
	return object(group, name)
}

// grouped is the name of a secret with that of the group which it belongs to.
func grouped(secret *lint.Node) string {
	name := secret.Get("name").Str()
	if group := secret.Get("group").Str(); group != "" {
		return group + "/" + name
	}
	return name
}

// supplies says from where a slot gets its value that a platform fetches for a
// job, or that a step fills from a store.
func (p *ci) supplies(exposure *lint.Node, uses []Use) []Supply {
	secret := exposure.Get("secret")
	store, name := secret.Get("store").Str(), secret.Get("name").Str()
	switch {
	case store == "azure_key_vault" && exposure.Get("at").Str() == "setting" && name != "":
		return []Supply{{
			Slot: p.secret + grouped(secret), From: name, Store: secret.Get("group").Str(), Mechanism: "pipeline", Platform: p.platform, At: secretSpan(secret),
		}}
	case len(uses) == 0 || !p.fetches(exposure):
		return nil
	}
	vault := ""
	if store == "azure_key_vault" {
		vault = secret.Get("group").Str()
	}
	return []Supply{{Slot: uses[0].Slot, From: address(secret), Store: vault, Mechanism: "secrets", Platform: p.platform, Environment: uses[0].Environment, At: uses[0].At}}
}

// secretSpan is where the name stands, or else the expression.
func secretSpan(secret *lint.Node) lint.Span {
	if name := secret.Get("name"); name != nil && name.Span.Source != nil {
		return name.Span
	}
	return span(secret)
}

// keyID is a name of what tells keys apart, which is none.
var keyID = regex.Lazy(`(?i)key[-_]id$|^(?:aws[-_])?access[-_]?key$`)

// staticKey is the cloud whose long-lived key a variable or input takes, or "".
func staticKey(facts *lint.Node, variable string) string {
	if keyID().MatchString(variable) {
		return ""
	}
	for _, credential := range facts.Get("credentials").List() {
		if strings.EqualFold(credential.Get("input").Str(), variable) && credential.Get("kind").Str() == "cloud_key" {
			return facts.Get("provider").Str()
		}
	}
	return staticKeys[strings.ToUpper(strings.ReplaceAll(variable, "-", "_"))]
}

// forJobs gives a use its consumer. What the whole pipeline gets, each of its
// jobs gets, but for those that call another pipeline: that one has variables of
// its own.
func (p *ci) forJobs(use Use, job string) []Use {
	jobs := p.doc.Root.Get("jobs").List()
	if job != "" || len(jobs) == 0 {
		use.Consumer = p.locator(job)
		return []Use{use}
	}
	var uses []Use
	for _, j := range jobs {
		if j.Get("calls").Str() == "" {
			use.Consumer = p.locator(j.Get("id").Str())
			uses = append(uses, use)
		}
	}
	return uses
}

func (p *ci) locator(job string) string {
	return strings.TrimSuffix(p.platform+":"+p.doc.Path+"#"+job, "#")
}

func (p *ci) workload(job *lint.Node) Workload {
	id := job.Get("id").Str()
	w := Workload{ID: p.locator(id), Platform: p.platform, Kind: "job", Schedule: p.schedule, ManualOnly: p.manualOnly, StartedAt: p.startedAt, At: span(job)}
	w.Binds = job.Get("environment", "name").Str() != ""
	w.OpenTo = p.named(job.Get("open_to"))
	w.OIDC, w.Logins = p.oidc[id], p.logins[id]
	slices.Sort(w.Logins)
	return w
}

// named gives what the platform calls the events.
func (p *ci) named(events *lint.Node) []string {
	var all []string
	for _, event := range events.List() {
		for _, trigger := range p.doc.Root.Get("triggers").List() {
			if name := trigger.Get("name").Str(); trigger.Get("event").Str() == event.Str() && !slices.Contains(all, name) {
				all = append(all, name)
			}
		}
	}
	return all
}

// started notes how often a schedule starts the pipeline, and whether nothing but
// a person does.
func (p *ci) started() {
	var crons []string
	triggers := p.doc.Root.Get("triggers").List()
	p.manualOnly = len(triggers) > 0
	for _, trigger := range triggers {
		event := trigger.Get("event").Str()
		p.manualOnly = p.manualOnly && (event == "manual" || event == "api")
		if p.manualOnly {
			p.startedAt = span(trigger.Get("name"))
		}
		for _, cron := range trigger.Get("crons").List() {
			if len(crons) == 0 {
				p.startedAt = span(cron)
			}
			crons = append(crons, cron.Str())
		}
	}
	p.schedule = cronGap(crons...)
}

// login is the provider to which a component logs the job in by its identity
// token, or "".
func login(component *lint.Node) string {
	facts := component.Get("facts")
	if facts.Get("oidc").Str() != "used" {
		return ""
	}
	return facts.Get("provider").Str()
}
