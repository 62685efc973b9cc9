package graph

import (
	"github.com/policyctl/policyctl/internal/contract"
	"github.com/policyctl/policyctl/internal/lint"
)

// Facts are what the graph keeps of one document. Their places are detached:
// the file they stand in can be forgotten.
type Facts struct {
	Contract  *contract.Contract
	Catalog   *contract.Catalog
	Uses      []Use
	Objects   []Object
	Supplies  []Supply
	Rotations []Rotation
	Lifetimes []Lifetime
	Grants    []Grant
	Trusts    []Trust
	Workloads []Workload
	Readers   []Reader

	// What names something of another file; paired makes sense of it.
	Holds    []string // slots that hold a value of their own, as plain Secrets do
	Roles    []Role
	Bindings []Binding
	Mounts   map[string]string // what a SecretStore puts before the names of entries, by store
}

// Confidence says how sure a use is. A policy may warn about one that is not
// exact, and must not block.
type Confidence string

// The confidences.
const (
	Exact    Confidence = "exact"    // the name stands there
	Derived  Confidence = "derived"  // the name is a parameter that a caller binds
	Wildcard Confidence = "wildcard" // every secret in reach is meant
)

// Use is one place where something gets a secret.
type Use struct {
	Platform    string // of the consumer
	Name        string // of the secret, as written
	Slot        string // the name under which the platform exposes it: github-secret:NAME
	Scope       string // GitHub's environment, Kubernetes' namespace, else ""
	Consumer    string // who gets it, as a locator: github:.github/workflows/x.yml#job
	Delivery    string // env, file, input, cli-arg, build-arg, ...
	Variable    string // the environment variable or input that it fills, if any
	Confidence  Confidence
	Environment string // as the platform calls it; resolved with the catalogue

	// HoldsValue says that the slot keeps a value of its own (a CI secret, a plain
	// Kubernetes Secret), which a rotation elsewhere does not reach.
	HoldsValue bool
	// StaticKey is the cloud whose long-lived key the variable takes: aws, gcp or azure.
	StaticKey string
	// ThirdParty says that a component of somebody else gets the secret; Component
	// is its reference.
	ThirdParty bool
	Component  string

	At lint.Span
}

// Object is an entry of a secret store that infrastructure code makes, so that
// somebody must answer for it.
type Object struct {
	Slot       string // tf:dir//address
	Name       string // in the store, if known
	Fills      string // slot of the platform that the object is: k8s-secret:ns/name; "" for entries of stores
	Type       string // of the resource: aws_secretsmanager_secret
	StoreType  string // as the catalogue writes it: aws-secretsmanager, vault, ...
	Encryption string // "default", "customer:<key>", or "" if not known
	// EncryptedAt is where the key is named; nowhere for the default.
	EncryptedAt lint.Span
	Platform    string // of the infrastructure code; "" for terraform
	Folder      string // of the infrastructure code, to find its environment
	At          lint.Span
}

// Supply says where a slot gets its value from.
type Supply struct {
	Slot string // that is supplied: k8s-secret:ns/name#key
	From string // path#key of the store object
	// Store is what the platform calls the store (the SecretStore's name).
	Store     string
	Mechanism string // external-secret, csi, agent or sealed
	Refresh   int64  // seconds between reads of the store; 0 if not said
	RefreshAt lint.Span
	// Platform and Environment are of the slot that is supplied.
	Platform, Environment string
	At                    lint.Span
}

// Rotation is a schedule of rotation that infrastructure code sets.
type Rotation struct {
	Slot         string // of the rotation resource itself: tf:dir//address
	Target       string // slot of the object that it rotates, "" if not known
	TargetName   string // name of the object in the store, if known
	Interval     int64  // seconds; 0 if not known
	ByExpression bool   // cron or rate: the interval is the longest gap
	At           lint.Span
}

// Lifetime is how long a credential that a store issues is valid.
type Lifetime struct {
	Slot    string // tf:dir//address
	Kind    string // lease, session or token
	Path    string // in the store, or the role's name or ARN
	Seconds int64
	At      lint.Span
}

// Grant is a right of an identity to read entries of stores.
type Grant struct {
	Identity string // locator: aws-iam:..., kubernetes-sa:ns/name, vault-role:..., gcp-sa:...
	Pattern  string // names of objects that it may read; * for any part
	Store    string // kind of the store: aws-secretsmanager, kubernetes, vault, ...
	Action   string // as written
	Wildcard bool   // the pattern reaches more than one object
	Scope    string // namespace or folder
	At       lint.Span
}

// Trust says whose identity tokens an identity takes for its own.
type Trust struct {
	Identity string // locator, as of grants
	Issuer   string // host of the provider of tokens; "" if not known
	Subject  string // of the tokens, in which * may stand for any part; "" if all are meant
	At       lint.Span
}

// Workload is something that can get secrets: a job, a Deployment, a service. It
// is kept whether or not it does: contracts name workloads.
type Workload struct {
	ID       string // locator
	Platform string
	Kind     string // job, Deployment, service, image, rotation, ...
	Schedule int64  // seconds between scheduled runs; 0 if it has no schedule
	// ManualOnly says that nothing but a person starts it.
	ManualOnly bool
	StartedAt  lint.Span // the schedule, or what lets a person start it
	// Binds says that a job names an environment, by which the platform can ask
	// for approval.
	Binds  bool
	OpenTo []string // events by which outsiders start the job, as the platform calls them
	OIDC   bool     // it may ask for identity tokens
	// Logins are the clouds and stores that it logs in to by such a token: aws,
	// gcp, azure, vault.
	Logins   []string
	Identity string   // locator of what it runs as, if the file says so
	Roles    []string // further locators that it acts as: vault-role:kubernetes/shop
	// Restarts says that a changed secret restarts it or is read anew.
	Restarts bool
	At       lint.Span
}

// Role is what a Role or ClusterRole allows: to read Secrets.
type Role struct {
	Name    string   // Role/ns/name or ClusterRole/name
	Secrets []string // names; * for all
	Action  string   // the verbs
	At      lint.Span
}

// Binding gives a role to identities.
type Binding struct {
	Role       string   // as Role.Name
	Namespace  string   // in which it holds, "" for all
	Identities []string // locators
	At         lint.Span
}

// Reader is a place where application code reads a variable of its environment
// or an entry of a store.
type Reader struct {
	Kind string // env or store
	Name string
	Text string // what is written, where a policy judges it: an address of a store
	At   lint.Span
}
