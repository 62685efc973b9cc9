package contract

// The kinds beside contracts.

// inheritable is the part of a contract that holds for many secrets at once: what
// tells one secret from another is none of it, nor how far each is in its life.
var inheritable = secretSpec.optional().without("purpose", "class", "state", "successor", "until", "references").
	with("environments", named(environment.without("references")))

var secretDefaults = document("SecretDefaults",
	field{"spec", inheritable.without("detection"), "What all contracts of the folder share, but where they say otherwise.", "write what the contracts of the folder share"},
)

var secretClass = document("SecretClass",
	field{"spec", record(
		field{"description", text, "What sort of secret this is.", ""},
		field{"alternative", record(
			field{"class", name, "", ""},
			field{"when", text, "When it can be used.", ""},
		), "The class that is better where it can be used: a static secret needs a justification.", ""},
		field{"defaults", inheritable, "What contracts of the class have, but where they say otherwise.", ""},
		field{"limits", list(limit), "What contracts of the class must keep to.", ""},
	), "", "say what contracts of the class have in common"},
)

var secretCatalog = document("SecretCatalog",
	field{"spec", record(
		field{"sponsor", text, "Who answers for all secrets.", ""},
		field{"teams", mapping(record(
			field{"escalation", contact, "Whom to call at once, for example pagerduty:payments.", ""},
			field{"chat", contact, "Where to ask, for example slack:#payments.", ""},
			field{"handles", list(text), "Names in CODEOWNERS, for example @acme/payments.", ""},
		)), "Teams that can own secrets.", ""},
		field{"environments", named(record(
			field{"tier", words("prod", "nonprod"), "", "write prod or nonprod"},
			field{"match", mapping(list(glob)), "What platforms call the environment, as patterns by platform.", ""},
			field{"role", text, "Role or database of dynamic credentials in this environment.", ""},
		)), "", ""},
		field{"stores", named(store), "Where values are kept.", ""},
	), "", "name teams, environments and stores"},
)

var store = record(
	field{"type", name, "For example vault, aws-secretsmanager or azure-keyvault.", "say what the store is, for example vault or aws-secretsmanager"},
	field{"address", text, "URL of the store.", ""},
	field{"account", text, "Account or subscription, in quotes.", ""},
	field{"region", text, "", ""},
	field{"project", text, "", ""},
	field{"mount", text, "", ""},
	field{"environment", name, "The environment whose values it keeps; several if not said.", ""},
	field{"owner", team, "Team that runs the store.", ""},
	field{"encryption", record(field{"key", text, "managed, customer, or the name of the key.", ""}), "", ""},
	field{"audit", words("required", "none"), "Whether every access must be logged.", ""},
	field{"tls", record(
		field{"min", words("1.0", "1.1", "1.2", "1.3"), "Oldest version, in quotes.", ""},
		field{"ca", text, "File with the authority that the store is verified against.", ""},
		field{"verify", boolean, "", ""},
	), "", ""},
	field{"versioning", boolean, "Whether the store keeps old values for a while.", ""},
	field{"broker", text, "What workloads ask in place of the store.", ""},
)

var secretIncident = document("SecretIncident",
	field{"spec", record(
		field{"title", text, "What happened, in one sentence.", "say in one sentence what happened"},
		field{"severity", rating, "", ""},
		field{"contracts", list(name), "Contracts of the secrets that leaked.", ""},
		field{"detected", date, "", "write when it was noticed, for example 2026-08-01T12:00:00Z"},
		field{"contained", date, "When the old values stopped working.", ""},
		field{"rotated", date, "When new values were in use.", ""},
		field{"closed", date, "", ""},
		field{"cause", text, "", ""},
		field{"actions", list(record(
			field{"what", text, "", "say what is to be done"},
			field{"owner", team, "Team that does it.", ""},
			field{"due", date, "", ""},
			field{"done", date, "When it was done.", ""},
		)), "What keeps it from happening again.", ""},
		field{"drill", boolean, "Whether it was practice.", ""},
	), "", "say what happened"},
)
