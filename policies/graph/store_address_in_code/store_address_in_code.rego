# METADATA
# title: Address of a store stands in code
# description: |
#   Code that names its store must be changed, built and released before the store can
#   move, and runs against the same store in every environment.
# custom:
#   severity: medium
#   tags: [hardening]
#   cwe: [547]
#   fix: Read the address from the environment, which the deployment sets.
package policyctl.graph.store_address_in_code

# A reader with a text has an address, one with a name reads an entry.
deny contains {"path": ["readers", i], "subject": reader.file, "message": message, "related": related} if {
	some i, reader in input.readers
	reader.kind in {"address", "store"}
	not regex.match(_tests, reader.file)
	not regex.match(_pipelines, reader.file)
	not regex.match(_local, reader.text)
	stores := _stores(reader.text)
	message := $"{reader.file} has the address {_shown(reader.text)} of {_called(stores)}"
	related := [{"message": $"store {name}", "path": ["stores", name]} | some name in stores]
}

# The catalogue says which store it is.
_stores(text) := sort([name |
	some name, store in input.stores
	startswith(text, store.address)
])

_called(stores) := $"store {stores[0]}" if count(stores) > 0

_called([]) := "a secret store"

# An address can carry a credential.
_shown(text) := "(with a user)" if contains(text, "@")

_shown(text) := text if not contains(text, "@")

_tests := `(^|/)(tests?|__tests__|testdata|specs?|fixtures|mocks?|examples?)/|(^|/)(test_|conftest)[^/]*$|[._-](test|tests|spec)\.[a-z]+$|Tests?\.(java|kt|cs)$`

# Steps of a shared library of Jenkins are parts of pipelines: they run nowhere else.
_pipelines := `(^|/)vars/[^/]+\.groovy$`

# A store on the same machine is one for development.
_local := `^[a-z]+:\/\/(localhost|127\.[0-9.]+|\[::1\]|0\.0\.0\.0)([:/]|$)`
