package contract

import "regexp"

// The schema: which fields a document has, and what may stand in them. Version 1
// only ever gains optional fields.

var secretContract = record(fields{
	"apiVersion": text,
	"kind":       text,
	"metadata":   metadata,
	"spec": record(fields{
		"purpose":      text,
		"class":        text,
		"state":        words("proposed", "active", "deprecated", "retired"),
		"successor":    text,
		"until":        date,
		"owner":        record(fields{"team": text, "escalation": text}),
		"risk":         record(fields{"rating": words("low", "medium", "high", "critical"), "data": list(text), "impact": text}),
		"lifetime":     record(fields{"kind": words("static", "short-lived", "dynamic"), "ttl": duration, "maxTtl": duration, "justification": text}),
		"rotation":     rotation,
		"renewal":      record(fields{"method": words("auto", "reissue", "manual"), "before": duration, "automation": text}),
		"revocation":   record(fields{"method": words("api", "console", "lease", "crl", "disable-identity", "provider"), "within": duration, "automation": text, "verify": text}),
		"environments": mapping(record(fields{"store": text, "path": text, "key": text, "copies": list(text), "expires": date, "references": references, "rotation": rotation})),
		"delivery":     list(words("file", "csi", "sidecar", "sdk", "oidc-exchange", "stdin", "env", "build-arg", "cli-arg", "image", "input")),
		"consumers":    list(record(fields{"workload": workload, "environments": list(text), "scopes": list(text), "identity": text, "until": date}, need{"workload", "name who uses the secret, for example kubernetes:payments/Deployment/checkout"})),
		"approvals":    record(fields{"create": approval, "rotate": approval, "revoke": approval}),
		"dependencies": record(fields{"needs": list(text), "breaks": list(text)}),
		"review":       record(fields{"interval": duration}),
		"drill":        record(fields{"interval": duration}),
		"runbook":      text,
		"detection":    record(fields{"rules": list(text), "patterns": list(text), "fingerprints": list(text)}),
		"references":   references,
		"extensions":   anything,
	}, need{"class", "name the sort of secret, for example api-key or db-password"}),
	"status": record(fields{"lastRotated": date, "lastReviewed": date, "lastDrilled": date, "retired": date}),
}, needsName)

var secretCatalog = record(fields{
	"apiVersion": text,
	"kind":       text,
	"metadata":   metadata,
	"spec": record(fields{
		"sponsor":      text,
		"teams":        mapping(record(fields{"escalation": text, "chat": text, "handles": list(text)})),
		"environments": mapping(record(fields{"tier": words("prod", "nonprod"), "match": mapping(list(glob)), "role": text}, need{"tier", "write prod or nonprod"})),
		"stores":       anything,
	}),
}, needsName)

// envelope is what all documents share.
var envelope = record(fields{"apiVersion": text, "kind": text, "metadata": metadata, "spec": anything, "status": anything}, needsName)

var metadata = record(fields{
	"name":        form(`^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$`, "not a valid name; use lower-case letters, digits and hyphens, at most 63, for example stripe-key"),
	"labels":      mapping(text),
	"annotations": mapping(text),
}, need{"name", "choose one, for example stripe-key"})

var needsName = need{"metadata", "give the document a name, for example metadata: {name: stripe-key}"}

var rotation = record(fields{"interval": duration, "method": words("store", "job", "provider", "manual"), "automation": text, "overlap": duration, "basis": text})

var approval = record(fields{"teams": list(text), "count": number})

// workload names a consumer as the graph does.
var workload = form(`^(?:github|gitlab|azure-devops|circleci|jenkins|kubernetes|compose|docker|terraform|app):[^\s].*$`,
	"not a locator; write for example github:.github/workflows/deploy.yml#deploy or kubernetes:payments/Deployment/checkout")

// references name the places through which a platform hands out the secret.
var references = record(fields{
	"github":       list(form(`^(?:[^/\s]+/)?[A-Za-z_][A-Za-z0-9_]*$`, "not a reference; write NAME or ENVIRONMENT/NAME")),
	"gitlab":       list(form(`^(?:[^:\s]+:)?[A-Za-z_][A-Za-z0-9_]*$`, "not a reference; write NAME or scope:NAME")),
	"azure-devops": list(form(`^[^/]+/[^/]+$`, "not a reference; write group/NAME")),
	"circleci":     list(form(`^[^/]+/[^/]+$`, "not a reference; write context/NAME")),
	"jenkins":      list(form(`^\S+$`, "not a reference; write the id of the credential")),
	"kubernetes":   list(form(`^[^/#\s]+/[^/#\s]+(?:#\S+)?$`, "not a reference; write namespace/secret or namespace/secret#key")),
	"terraform":    list(form(`^\S+$`, "not a reference; write an address, for example infra/prod//aws_db_instance.main")),
	"compose":      list(form(`^[^#]+#[^#]+$`, "not a reference; write file#secret")),
	"docker":       list(form(`^\S+$`, "not a reference; write the id of the secret")),
	"env":          list(form(`^[A-Za-z_][A-Za-z0-9_]*$`, "not a reference; write the name of the variable")),
	"sops":         list(form(`^[^#]+#[^#]+$`, "not a reference; write file#key.path")),
})

// holders are names of fields that could hold a value. The rule
// contract/value-in-contract reports them, so the schema keeps silent.
var holders = regexp.MustCompile(`^(?:value|values|default|example|data|stringData|plaintext)$`)
