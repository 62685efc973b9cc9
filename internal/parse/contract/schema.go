package contract

import "github.com/policyctl/policyctl/internal/regex"

// The schema: which fields a document has, in the order in which they are best
// read, and what may stand in them. Version 1 only ever gains optional fields.

// document is what all kinds share.
func document(kind string, parts ...field) shape {
	return record(append([]field{
		{"apiVersion", text, "Version of the format, " + Version + ".", "write " + Version},
		{"kind", words(kind), "What the document declares.", "write " + kind},
		{"metadata", metadata, "", "give the document a name, for example metadata: {name: stripe-key}"},
	}, parts...)...)
}

var name = shape{sort: isText, def: "name", form: &pattern{
	is: regex.Lazy(`^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$`), rule: InvalidName, why: badName,
}}

var metadata = record(
	field{"name", name, "Name of the document, unique among its kind.", "choose one, for example stripe-key"},
	field{"labels", mapping(text), "For your own use; no rule reads them.", ""},
	field{"annotations", mapping(text), "For your own use; no rule reads them.", ""},
)

var secretContract = document("SecretContract",
	field{"spec", secretSpec, "What is agreed about the secret.", "say what the secret is for, who owns and who uses it"},
	field{"status", record(
		field{"lastRotated", date, "When the value was last replaced.", ""},
		field{"lastReviewed", date, "When the owner last read the contract.", ""},
		field{"lastDrilled", date, "When rotation and revocation were last practised.", ""},
		field{"retired", date, "When the secret was given up.", ""},
	), "What was observed; policyctl contracts record writes it.", ""},
)

var secretSpec = record(
	field{"purpose", text, "Who uses the secret, and for what, in one sentence.", ""},
	field{"class", name, "Sort of secret: api-key, db-password, tls-cert, or a class of your own.", "name the sort of secret, for example api-key or db-password"},
	field{"state", words("proposed", "active", "deprecated", "retired"), "How far the secret is in its life; active if not said.", ""},
	field{"successor", name, "Contract of the secret that takes over from a deprecated one.", ""},
	field{"until", date, "When a deprecated secret ends.", ""},
	field{"owner", record(
		field{"team", team, "Team of the catalogue that answers for the secret.", ""},
		field{"escalation", contact, "Whom to call at once, for example pagerduty:payments; the team's if not said.", ""},
	), "Who answers for the secret.", ""},
	field{"risk", record(
		field{"rating", rating, "Harm of a leak.", ""},
		field{"data", list(text), "Sorts of data that the secret opens, for example pci or pii.", ""},
		field{"impact", text, "What somebody could do with the secret.", ""},
	), "", ""},
	field{"lifetime", record(
		field{"kind", words("static", "short-lived", "dynamic"), "Whether the value is valid until it is replaced, for a short time, or made for each use.", ""},
		field{"ttl", duration, "How long a value is valid; not for static ones.", ""},
		field{"maxTtl", duration, "How long a value can be valid with all its renewals.", ""},
		field{"justification", text, "Why the secret is static where something better exists.", ""},
	), "", ""},
	field{"rotation", rotation, "How the value is replaced.", ""},
	field{"renewal", record(
		field{"method", words("auto", "reissue", "manual"), "How a value is kept valid: the same one is extended, or a new one is issued.", ""},
		field{"before", duration, "How long before its end a value is renewed.", ""},
		field{"automation", locator, "What renews the value.", ""},
	), "", ""},
	field{"revocation", record(
		field{"method", words("api", "console", "lease", "crl", "disable-identity", "provider"), "", ""},
		field{"within", duration, "How long revoking may take.", ""},
		field{"automation", locator, "What revokes the secret.", ""},
		field{"verify", text, "How to prove that the old value is dead.", ""},
	), "How the secret is made invalid.", ""},
	field{"environments", named(environment), "The secret in each environment of the catalogue; each has a value of its own.", ""},
	field{"delivery", some(words("file", "csi", "sidecar", "sdk", "oidc-exchange", "stdin", "env", "build-arg", "cli-arg", "image", "input")), "How consumers may receive the secret.", ""},
	field{"consumers", list(consumer), "Who may use the secret, and nobody else.", ""},
	field{"approvals", record(
		field{"create", approval, "", ""},
		field{"rotate", approval, "", ""},
		field{"revoke", approval, "", ""},
	), "Who has to agree.", ""},
	field{"dependencies", record(
		field{"needs", list(name), "Contracts of the credentials by which this one is obtained.", ""},
		field{"breaks", list(text), "What stops when the secret is revoked.", ""},
	), "", ""},
	field{"review", record(field{"interval", duration, "", ""}), "How often the owner reads the contract.", ""},
	field{"runbook", text, "Path or URL of what to do in an incident.", ""},
	field{"drill", record(field{"interval", duration, "", ""}), "How often rotation and revocation are practised.", ""},
	field{"detection", record(
		field{"rules", list(text), "Detectors that recognise the value.", ""},
		field{"patterns", list(expression), "RE2 expressions that recognise the value.", ""},
		field{"fingerprints", list(matching(InvalidValue, `^(?:argon2id|hmac-sha256):[A-Za-z0-9+/=:$,.-]+$`,
			"not a fingerprint; write argon2id: or hmac-sha256: and the keyed hash")), "Keyed hashes of the value.", ""},
	), "How a leaked value is recognised.", ""},
	field{"references", references, "The names by which platforms hand out the secret.", ""},
	field{"extensions", anything, "For your own policies; no other rule reads it.", ""},
)

var environment = record(
	field{"store", name, "Store of the catalogue that holds the value.", ""},
	field{"path", text, "Entry of the store.", ""},
	field{"key", text, "Part of the entry.", ""},
	field{"copies", list(locator), "Further places that hold the value.", ""},
	field{"expires", date, "When the value becomes invalid by itself.", ""},
	field{"references", references, "The names of this environment.", ""},
	field{"rotation", rotation, "How the value of this environment is replaced.", ""},
)

var consumer = record(
	field{"workload", matching(InvalidLocator, `^(?:github|gitlab|azure-devops|bitbucket|buildkite|circleci|jenkins|kubernetes|compose|docker|terraform|cloudformation|arm|app):[^\s].*$`,
		"not a locator; write for example github:.github/workflows/deploy.yml#deploy or kubernetes:payments/Deployment/checkout"),
		"Job or workload, for example kubernetes:payments/Deployment/checkout.", "name who uses the secret, for example kubernetes:payments/Deployment/checkout"},
	field{"environments", some(name), "Environments whose value it may use; all if not said.", ""},
	field{"scopes", some(text), "What it may do with the secret.", ""},
	field{"identity", locator, "Identity by which it obtains the secret, for example kubernetes-sa:payments/checkout.", ""},
	field{"until", date, "When it has to do without.", ""},
)

var rotation = record(
	field{"interval", duration, "How long a value stays, for example 90d.", ""},
	field{"method", words("store", "job", "provider", "manual"), "Who replaces the value.", ""},
	field{"automation", locator, "What replaces the value, for example terraform:aws_secretsmanager_secret_rotation.db.", ""},
	field{"overlap", duration, "How long the old and the new value are both valid.", ""},
	field{"basis", text, "Path or URL of the analysis from which the interval follows.", ""},
).as("rotation")

var approval = record(
	field{"teams", some(team), "Teams whose members may agree.", ""},
	field{"count", number, "How many of them must.", ""},
).as("approval")

var rating = words("low", "medium", "high", "critical")

// Names says whether a text has the form of a name. What has not is reported when
// it is read: nobody needs to look for it.
func Names(text string) bool { return name.form.is().MatchString(text) }

// Teams says whether a text has the form of a team's name.
func Teams(text string) bool { return team.form.is().MatchString(text) }

// References says whether a text has the form of a reference of a platform.
func References(platform, text string) bool {
	f := references.field(platform)
	return f != nil && f.shape.each.form.is().MatchString(text)
}

// Locates says whether a text has the form of a locator.
func Locates(text string) bool { return locator.form.is().MatchString(text) }

// team is the name of a team: not that of a person, and not an address of one.
var team = shape{sort: isText, def: "team", form: &pattern{
	is: regex.Lazy(`^@?[^@\s]+$`), rule: PersonAsOwner, why: noTeam,
}}

var (
	locator = matching(InvalidLocator, `^[a-z][a-z0-9-]*:[^\s].*$`,
		"not a locator; write for example github:.github/workflows/rotate.yml#rotate or vault-role:approle/payments").as("locator")
	contact = matching(InvalidLocator, `^[a-z][a-z0-9+-]*:[^\s].*$`,
		"not a contact; write scheme:target, for example pagerduty:payments or slack:#payments").as("contact")
)

// references name the places through which a platform hands out the secret.
var references = record(
	reference("github", `^(?:[^/\s]+/)?[A-Za-z_][A-Za-z0-9_]*$`, "NAME or ENVIRONMENT/NAME"),
	reference("gitlab", `^(?:[^:\s]+:)?[A-Za-z_][A-Za-z0-9_]*$`, "NAME or scope:NAME"),
	reference("azure-devops", `^(?:[^/]+/)?[^/\s]+$`, "NAME, a variable of the pipeline, or group/NAME"),
	reference("bitbucket", `^[A-Za-z_][A-Za-z0-9_]*$`, "the name of the variable"),
	reference("buildkite", `^[A-Za-z_][A-Za-z0-9_]*$`, "the name of the secret or variable, in capitals"),
	reference("circleci", `^(?:[^/]+/)?[^/\s]+$`, "NAME, a variable of the project, or context/NAME"),
	reference("jenkins", `^\S+$`, "the id of the credential"),
	reference("kubernetes", `^[^/#\s]+/[^/#\s]+(?:#\S+)?$`, "namespace/secret or namespace/secret#key"),
	reference("terraform", `^\S+$`, "an address, for example infra/prod//aws_db_instance.main"),
	reference("cloudformation", `^[^#\s]+#\S+$`, "template#resource, for example infra/stack.yaml#Database"),
	reference("arm", `^[^#\s]+#\S+$`, "file#resource, for example infra/main.bicep#password"),
	reference("compose", `^[^#]+#[^#]+$`, "file#secret"),
	reference("docker", `^\S+$`, "the id of the secret"),
	reference("env", `^[A-Za-z_][A-Za-z0-9_]*$`, "the name of the variable"),
	reference("sops", `^[^#]+#[^#]+$`, "file#key.path"),
).as("references")

func reference(platform, is, write string) field {
	return field{platform, list(matching(InvalidReference, is, "not a reference; write "+write)), "Each is " + write + ".", ""}
}

// holders are names of fields that could hold a value. In contracts the policy
// contract/value-in-contract reports them, so the schema keeps silent.
var holders = regex.Lazy(`^(?:value|values|default|example|data|stringData|plaintext)$`)

// Holds says whether a field of this name could hold a value.
func Holds(key string) bool { return holders().MatchString(key) }
