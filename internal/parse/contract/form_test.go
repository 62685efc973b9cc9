package contract

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/policyctl/policyctl/internal/lint"
)

// invalid are documents with one mistake each, and its finding.
var invalid = []struct{ name, text, want string }{
	{"the version is missing", "kind: SecretContract\nmetadata: {name: db}\nspec: {}\n", "1:1 apiVersion: missing or misspelt; write policyctl.dev/v1 [unsupported-version]"},
	{"the version is newer", "apiVersion: policyctl.dev/v2\nkind: SecretContract\n", "1:13 apiVersion: policyctl.dev/v2 is newer than this policyctl understands; use a newer policyctl, or write policyctl.dev/v1 [unsupported-version]"},
	{"an unknown kind", "apiVersion: policyctl.dev/v1\nkind: SecretContact\n", `2:7 kind: unknown kind "SecretContact"; did you mean "SecretContract"? [unknown-kind]`},
	{"no spec", "apiVersion: policyctl.dev/v1\nkind: SecretContract\nmetadata: {name: db}\n", "1:1 spec: missing; say what the secret is for, who owns and who uses it [missing-field]"},
	{"a list for a spec", "apiVersion: policyctl.dev/v1\nkind: SecretContract\nmetadata: {name: db}\nspec: [a]\n", "4:7 spec: want a mapping with some of the fields approvals, class, consumers, delivery, dependencies, detection, drill, environments, extensions, lifetime, owner, purpose, references, renewal, review, revocation, risk, rotation, runbook, state, successor, until [invalid-value]"},
	{"no metadata", "apiVersion: policyctl.dev/v1\nkind: SecretContract\nspec: {class: x}\n", "1:1 metadata: missing; give the document a name, for example metadata: {name: stripe-key} [missing-field]"},
	{"no name", "apiVersion: policyctl.dev/v1\nkind: SecretContract\nmetadata: {}\nspec: {class: x}\n", "3:1 metadata.name: missing; choose one, for example stripe-key [missing-field]"},
	{"a bad name", "apiVersion: policyctl.dev/v1\nkind: SecretContract\nmetadata:\n  name: Stripe_Key\nspec: {class: x}\n", "4:9 metadata.name: not a valid name, it has capital letters; use lower-case letters, digits and hyphens, at most 63, for example stripe-key [invalid-name]"},
	{"no class", "apiVersion: policyctl.dev/v1\nkind: SecretContract\nmetadata: {name: db}\nspec: {}\n", "4:1 spec.class: missing; name the sort of secret, for example api-key or db-password [missing-field]"},
	{"a misspelt field", contract("  lifetme: {kind: static}\n", ""), `7:3 spec.lifetme: unknown field; did you mean "lifetime"? [unknown-field]`},
	{"a field of nowhere", contract("", "extra: 1\n"), "7:1 extra: unknown field; want one of apiVersion, kind, metadata, spec, status [unknown-field]"},
	{"a field that policyctl computes itself", contract("", "inherits: [owner.team]\n"), "7:1 inherits: unknown field; want one of apiVersion, kind, metadata, spec, status [unknown-field]"},
	{"a field of the wrong type", contract("  owner: payments\n", ""), "7:10 spec.owner: want a mapping with some of the fields escalation, team [invalid-value]"},
	{"a number for a text", contract("  purpose: 5\n", ""), "7:12 spec.purpose: want text; put the value in quotes [invalid-value]"},
	{"a list for a text", contract("  purpose: [x]\n", ""), "7:12 spec.purpose: want text [invalid-value]"},
	{"a text for a list", contract("  delivery: file\n", ""), "7:13 spec.delivery: want a list; put [ ] around a single value [invalid-value]"},
	{"a list for a mapping", contract("  environments: [prod]\n", ""), "7:17 spec.environments: want a mapping of names to values [invalid-value]"},
	{"a word that is not known", contract("  state: actve\n", ""), `7:10 spec.state: unknown word "actve"; did you mean "active"? [invalid-value]`},
	{"a word that is not like any", contract("  state: x\n", ""), "7:10 spec.state: unknown word; want one of proposed, active, deprecated, retired [invalid-value]"},
	{"null", contract("  owner:\n", ""), "7:3 spec.owner: null says nothing; write a value or remove the field [null-value]"},
	{"a duration of the wrong type", contract("  review: {interval: 90}\n", ""), `7:22 spec.review.interval: "90" has no unit; write for example 90d (y w d h m s) [invalid-duration]`},
	{"a date of the wrong form", contract("", "status: {lastRotated: 01/08/2026}\n"), `7:23 status.lastRotated: "01/08/2026" is not a date; write for example 2026-08-01 or 2026-08-01T12:00:00Z [invalid-date]`},
	{"a count that is none", contract("  approvals: {rotate: {count: 1.5}}\n", ""), "7:31 spec.approvals.rotate.count: want a whole number from 1 [invalid-value]"},
	{"a consumer without a workload", contract("  consumers:\n  - scopes: [x]\n", ""), "8:5 spec.consumers[0].workload: missing; name who uses the secret, for example kubernetes:payments/Deployment/checkout [missing-field]"},
	{"a consumer that is no locator", contract("  consumers:\n  - workload: deploy job\n", ""), "8:15 spec.consumers[0].workload: not a locator; write for example github:.github/workflows/deploy.yml#deploy or kubernetes:payments/Deployment/checkout [invalid-locator]"},
	{"a reference that is none", contract("  references:\n    kubernetes: [db]\n", ""), "8:18 spec.references.kubernetes[0]: not a reference; write namespace/secret or namespace/secret#key [invalid-reference]"},
	{"a platform that is none", contract("  references: {gihub: [A]}\n", ""), `7:16 spec.references.gihub: unknown field; did you mean "github"? [unknown-field]`},
	{"an alias", contract("  owner: &o {team: x}\n  risk: *o\n", ""), "8:3 spec.risk: an alias; write the value out, so that it stands where it is read [alias]"},
	{"a merge key", contract("  environments:\n    a: &x {path: p}\n    b: {<<: *x}\n", ""), "9:9 spec.environments.b: has fields of a merge key; write them out, so that they stand where they are read [alias]"},
	{"a pattern that is none", "apiVersion: policyctl.dev/v1\nkind: SecretCatalog\nmetadata: {name: a}\nspec: {environments: {prod: {tier: prod, match: {github: ['[a']}}}}\n", "4:59 spec.environments.prod.match.github[0]: not a valid pattern; * stands for a part of a name, ** for any folders [invalid-pattern]"},
	{"a value in a catalogue", "apiVersion: policyctl.dev/v1\nkind: SecretCatalog\nmetadata: {name: a}\nspec: {value: x}\n", "4:8 spec.value: unknown field; no file of policyctl ever holds a value: remove it, and rotate the secret if this was real [unknown-field]"},
	{"a newer version", "apiVersion: policyctl.dev/v2beta1\nkind: SecretContract\n", "1:13 apiVersion: policyctl.dev/v2beta1 is newer than this policyctl understands; use a newer policyctl, or write policyctl.dev/v1 [unsupported-version]"},
	{"an older version", "apiVersion: policyctl.dev/v1beta1\nkind: SecretContract\n", "1:13 apiVersion: policyctl.dev/v1beta1 is older than this policyctl understands; write policyctl.dev/v1 [unsupported-version]"},
	{"no version at all", "apiVersion: policyctl.dev/correct-horse\nkind: SecretContract\n", "1:13 apiVersion: not a version that this policyctl understands; write policyctl.dev/v1 [unsupported-version]"},
	{"a kind like none", "apiVersion: policyctl.dev/v1\nkind: correct-horse-battery\n", "2:7 kind: unknown kind; want one of SecretContract, SecretClass, SecretDefaults, SecretCatalog, SecretIncident [unknown-kind]"},
	{"a name with a space", "apiVersion: policyctl.dev/v1\nkind: SecretContract\nmetadata: {name: stripe key}\nspec: {class: x}\n", "3:18 metadata.name: not a valid name, it has a space; use lower-case letters, digits and hyphens, at most 63, for example stripe-key [invalid-name]"},
	{"a name with an underscore", "apiVersion: policyctl.dev/v1\nkind: SecretContract\nmetadata: {name: stripe_key}\nspec: {class: x}\n", "3:18 metadata.name: not a valid name, it has an underscore; use lower-case letters, digits and hyphens, at most 63, for example stripe-key [invalid-name]"},
	{"a class that is no name", "apiVersion: policyctl.dev/v1\nkind: SecretContract\nmetadata: {name: db}\nspec: {class: -x}\n", "4:15 spec.class: not a valid name, it begins or ends with a hyphen; use lower-case letters, digits and hyphens, at most 63, for example stripe-key [invalid-name]"},
	{"an environment that is no name", contract("  environments: {Prod: {}}\n", ""), "7:18 spec.environments.Prod: not a valid name, it has capital letters; use lower-case letters, digits and hyphens, at most 63, for example stripe-key [invalid-name]"},
	{"a text for a truth value", storing("versioning: 'yes'"), "5:45 spec.stores.vault.versioning: want true or false, without quotes [invalid-value]"},
	{"a version of TLS without quotes", storing("tls: {min: 1.2}"), "5:44 spec.stores.vault.tls.min: want text; put the value in quotes [invalid-value]"},
	{"an unknown audit", storing("audit: requird"), `5:40 spec.stores.vault.audit: unknown word "requird"; did you mean "required"? [invalid-value]`},
	{"a store of no type", "apiVersion: policyctl.dev/v1\nkind: SecretCatalog\nmetadata: {name: a}\nspec: {stores: {vault: {}}}\n", "4:17 spec.stores.vault.type: missing; say what the store is, for example vault or aws-secretsmanager [missing-field]"},
	{"a person by address", contract("  owner: {team: alice@example.com}\n", ""), "7:17 spec.owner.team: the value is the address of a person; name a team, for example payments [person-as-owner]"},
	{"a person by name", contract("  owner: {team: Alice Smith}\n", ""), "7:17 spec.owner.team: the value has a space; name a team, for example payments [person-as-owner]"},
	{"a person who approves", contract("  approvals: {rotate: {teams: [alice@example.com]}}\n", ""), "7:32 spec.approvals.rotate.teams[0]: the value is the address of a person; name a team, for example payments [person-as-owner]"},
	{"an identity without a scheme", contract("  consumers: [{workload: 'app:x', identity: payments}]\n", ""), "7:45 spec.consumers[0].identity: not a locator; write for example github:.github/workflows/rotate.yml#rotate or vault-role:approle/payments [invalid-locator]"},
	{"a contact without a scheme", contract("  owner: {escalation: payments}\n", ""), "7:23 spec.owner.escalation: not a contact; write scheme:target, for example pagerduty:payments or slack:#payments [invalid-locator]"},
	{"an expression that is none", contract("  detection: {patterns: ['(correct-horse']}\n", ""), "7:26 spec.detection.patterns[0]: not a valid RE2 expression: missing closing ) [invalid-pattern]"},
	{"an expression that looks ahead", contract("  detection: {patterns: ['(?=x)']}\n", ""), "7:26 spec.detection.patterns[0]: not a valid RE2 expression: invalid or unsupported Perl syntax [invalid-pattern]"},
	{"a fingerprint that is none", contract("  detection: {fingerprints: [correct-horse]}\n", ""), "7:30 spec.detection.fingerprints[0]: not a fingerprint; write argon2id: or hmac-sha256: and the keyed hash [invalid-value]"},
	{"a duration in the wrong order", contract("  review: {interval: 2d1w}\n", ""), `7:22 spec.review.interval: "2d1w" has a smaller unit before a larger one; write the largest first, for example 1w2d [invalid-duration]`},
	{"a day that does not exist", contract("", "status: {lastRotated: 2026-02-30}\n"), `7:23 status.lastRotated: "2026-02-30" is a day that does not exist; write for example 2026-08-01 or 2026-08-01T12:00:00Z [invalid-date]`},
	{"a class that sets the purpose", class("defaults: {purpose: x}"), "5:14 spec.defaults.purpose: unknown field; only a contract itself can have it, not what many share [unknown-field]"},
	{"a class that holds a value", class("defaults: {value: x}"), "5:14 spec.defaults.value: unknown field; no file of policyctl ever holds a value: remove it, and rotate the secret if this was real [unknown-field]"},
	{"defaults that set a class", "apiVersion: policyctl.dev/v1\nkind: SecretDefaults\nmetadata: {name: a}\nspec: {class: x}\n", "4:8 spec.class: unknown field; only a contract itself can have it, not what many share [unknown-field]"},
	{"defaults that claim references", "apiVersion: policyctl.dev/v1\nkind: SecretDefaults\nmetadata: {name: a}\nspec: {environments: {prod: {references: {env: [A]}}}}\n", "4:30 spec.environments.prod.references: unknown field; only a contract itself can have it, not what many share [unknown-field]"},
	{"defaults that detect", "apiVersion: policyctl.dev/v1\nkind: SecretDefaults\nmetadata: {name: a}\nspec: {detection: {}}\n", "4:8 spec.detection: unknown field; only a contract itself can have it, not what many share [unknown-field]"},
	{"a limit of no field", class("limits: [{max: 90d}]"), "5:12 spec.limits[0].field: missing; name the field that has the limit, for example rotation.interval [missing-field]"},
	{"a limit of an unknown field", class("limits: [{field: rotation.intervall, max: 90d}]"), `5:20 spec.limits[0].field: unknown word "rotation.intervall"; did you mean "rotation.interval"? [invalid-value]`},
	{"a limit that says nothing", class("limits: [{field: runbook}]"), "5:12 spec.limits[0]: a limit that limits nothing; add one of max, min, allow, deny, required, pattern [missing-field]"},
	{"a limit without a unit", class("limits: [{field: rotation.interval, max: 90}]"), `5:44 spec.limits[0].max: "90" has no unit; write for example 90d (y w d h m s) [invalid-duration]`},
	{"a limit in the wrong unit", class("limits: [{field: rotation.interval, max: 3M}]"), `5:44 spec.limits[0].max: "3M" counts in months, which have no fixed length; write days, for example 90d [invalid-duration]`},
	{"a duration for a number", class("limits: [{field: consumers, max: 90d}]"), "5:36 spec.limits[0].max: want a whole number from 1 [invalid-value]"},
	{"a limit of a text", class("limits: [{field: runbook, max: 90d}]"), "5:34 spec.limits[0].max: the field is neither a duration nor a number of things; limit it by allow, deny, pattern or required [invalid-value]"},
	{"a limit by an unknown word", class("limits: [{field: delivery, deny: [imag]}]"), `5:37 spec.limits[0].deny[0]: unknown word "imag"; did you mean "image"? [invalid-value]`},
	{"a limit under an unknown condition", class("limits: [{field: runbook, required: true, when: {risk.ratin: high}}]"), `5:52 spec.limits[0].when.risk.ratin: unknown field; did you mean "risk.rating"? [unknown-field]`},
	{"a limit under a condition that is never met", class("limits: [{field: runbook, required: true, when: {risk.rating: hihg}}]"), `5:65 spec.limits[0].when.risk.rating: unknown word "hihg"; did you mean "high"? [invalid-value]`},
	{"a limit from a day that is none", class("limits: [{field: runbook, required: true, from: 1.1.2027}]"), `5:51 spec.limits[0].from: "1.1.2027" is not a date; write for example 2026-08-01 or 2026-08-01T12:00:00Z [invalid-date]`},
	{"an incident that nobody noticed", "apiVersion: policyctl.dev/v1\nkind: SecretIncident\nmetadata: {name: a}\nspec: {title: x}\n", "4:1 spec.detected: missing; write when it was noticed, for example 2026-08-01T12:00:00Z [missing-field]"},
	{"a key that may be a credential", contract("  references: {qK7x9Lm2Rt5Yb8Uc1Wv4: [A]}\n", ""), "7:16 spec.references.…: unknown field; want one of arm, azure-devops, bitbucket, buildkite, circleci, cloudformation, compose, docker, env, github, gitlab, jenkins, kubernetes, sops, terraform [unknown-field]"},
	{"consumers in no environment", contract("  consumers: [{workload: 'app:x', environments: []}]\n", ""), "7:49 spec.consumers[0].environments: empty; name at least one, or remove the field [invalid-value]"},
	{"consumers of no scope", contract("  consumers: [{workload: 'app:x', scopes: []}]\n", ""), "7:43 spec.consumers[0].scopes: empty; name at least one, or remove the field [invalid-value]"},
	{"no way of delivery", contract("  delivery: []\n", ""), "7:13 spec.delivery: empty; name at least one, or remove the field [invalid-value]"},
	{"approval of no team", contract("  approvals: {revoke: {teams: []}}\n", ""), "7:31 spec.approvals.revoke.teams: empty; name at least one, or remove the field [invalid-value]"},
	{"a limit that allows nothing", class("limits: [{field: runbook, allow: []}]"), "5:36 spec.limits[0].allow: empty; name at least one, or remove the field [invalid-value]"},
	{"a limit that denies nothing", class("limits: [{field: runbook, deny: []}]"), "5:35 spec.limits[0].deny: empty; name at least one, or remove the field [invalid-value]"},
	{"defaults with a state", "apiVersion: policyctl.dev/v1\nkind: SecretDefaults\nmetadata: {name: a}\nspec: {state: proposed}\n", "4:8 spec.state: unknown field; only a contract itself can have it, not what many share [unknown-field]"},
	{"a class with a successor", class("defaults: {successor: b}"), "5:14 spec.defaults.successor: unknown field; only a contract itself can have it, not what many share [unknown-field]"},
	{"a class that ends", class("defaults: {until: 2026-12-31}"), "5:14 spec.defaults.until: unknown field; only a contract itself can have it, not what many share [unknown-field]"},
	{"a merge key of a mapping", contract("  <<: {purpose: x}\n", ""), "7:3 spec: has fields of a merge key; write them out, so that they stand where they are read [alias]"},
	{"a merge key in brackets", contract("  owner: {<<: [{team: x}]}\n", ""), "7:11 spec.owner: has fields of a merge key; write them out, so that they stand where they are read [alias]"},
	{"a merge key around the spec", "apiVersion: policyctl.dev/v1\nkind: SecretContract\nmetadata: {name: a}\nspec: {<<: {class: api-key}}\n", "4:8 spec: has fields of a merge key; write them out, so that they stand where they are read [alias]"},
	{"a merge key of the document", contract("", "<<: {status: {lastRotated: 2026-01-01}}\n"), "7:1 : has fields of a merge key; write them out, so that they stand where they are read [alias]"},
}

func TestInvalid(t *testing.T) {
	for _, tt := range invalid {
		t.Run(tt.name, func(t *testing.T) {
			_, findings := Parse([]*lint.Source{source("a.secret.yaml", tt.text)})
			var got []string
			for _, f := range findings {
				got = append(got, strings.TrimPrefix(f.Location.String(), "a.secret.yaml:")+" "+f.Message+" ["+strings.TrimPrefix(f.Rule.ID, "contract/")+"]")
			}
			if diff := cmp.Diff([]string{tt.want}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// class and storing wrap the fields of a class, and of a store of the catalogue.
func class(spec string) string {
	return "apiVersion: policyctl.dev/v1\nkind: SecretClass\nmetadata: {name: a}\nspec:\n  " + spec + "\n"
}

func storing(fields string) string {
	return "apiVersion: policyctl.dev/v1\nkind: SecretCatalog\nmetadata: {name: a}\nspec:\n  stores: {vault: {type: vault, " + fields + "}}\n"
}

func TestDefaultsKeepNoState(t *testing.T) {
	docs, _ := Parse([]*lint.Source{source("a.yaml", "apiVersion: policyctl.dev/v1\nkind: SecretDefaults\nmetadata: {name: a}\nspec: {state: proposed, runbook: r.md}\n")})
	if spec := docs[0].Root.Get("spec"); spec.Field("state") != nil || spec.Field("runbook") == nil {
		t.Errorf("got %v", spec)
	}
}

func TestAllowed(t *testing.T) {
	for _, text := range []string{
		contract("  consumers: []\n", ""),
		contract("  extensions: {<<: {a: b}}\n", ""),
		contract("  purpose: '<<: {a: b}' # <<: {a: b}\n", ""),
	} {
		if _, findings := Parse([]*lint.Source{source("a.yaml", text)}); len(findings) > 0 {
			t.Errorf("%s: %v", text, findings)
		}
	}
}
