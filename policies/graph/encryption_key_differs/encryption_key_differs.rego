# METADATA
# title: Secret is encrypted by another key than its store demands
# description: >-
#   Whoever administers the account can use its default key. The catalogue asks for
#   another one, so that reading the secret needs a right of its own.
# custom:
#   severity: high
#   fix: Name the key that the catalogue asks for in the resource, or correct encryption.key of the store.
#   tags: [encryption]
package policyctl.graph.encryption_key_differs

deny contains {"path": ["objects", i, "encryption"], "subject": object_.slot, "message": message, "related": related} if {
	some i, object_ in input.objects
	some store in {input.contracts[claim.contract].spec.environments[_environment(object_, claim)].store | some claim in object_.claims}
	wanted := input.stores[store].encryption.key
	_differs(object_.encryption, wanted)
	message := $"{object_.name} is encrypted by {_said(object_.encryption)}, but store {store} asks for {_asked(wanted)}"
	related := [{"message": "the key of the store", "path": ["stores", store, "encryption", "key"]}]
}

_environment(_, claim) := claim.environment

_environment(object_, claim) := object_.environment if not claim.environment

# The key of a provider is a managed one, so that "managed" is always met.
_differs(encryption, wanted) if {
	wanted != "managed"
	not startswith(encryption, "customer:")
}

_differs(encryption, wanted) if {
	startswith(encryption, "customer:")
	key := trim_prefix(encryption, "customer:")
	_comparable(key, wanted)
	not glob.match(wanted, [], key)
}

# A reference to a resource may well be the key that has this alias.
_comparable(key, wanted) if {
	some form in ["alias/", "arn:"]
	startswith(key, form)
	startswith(wanted, form)
}

_said("default") := "the default key"

_said(encryption) := $"the key {substring(encryption, indexof(encryption, ":") + 1, -1)}" if encryption != "default"

_asked("customer") := "a key of your own"

_asked(wanted) := wanted if wanted != "customer"
