# Package evidence answers what exports of stores say, in the part "evidence" of the
# graph:
#
#	entries  map by object (store:path, store:path#key) or slot (github-secret:NAME):
#	         {changed_ns: when its value was last written, as_of_ns: when the export was made}
#	merges   list of {change, file, merged_ns, approvals [{by, handles}]}: merged changes of
#	         files, who approved them, and the handles of CODEOWNERS that each stands for
#
# Without exports the part is absent, and nothing can be said.
package policyctl.lib.evidence

# entry is what is known of an object or slot. Exports of many stores speak of the
# whole entry, not of its keys.
entry(id) := input.evidence.entries[id]

entry(id) := input.evidence.entries[whole] if {
	not input.evidence.entries[id]
	whole := split(id, "#")[0]
}

# homes are the entries of the stores that hold the value of a contract, by
# environment.
homes(name) := {environment: found |
	some environment, kept in input.contracts[name].spec.environments
	found := entry(kept.object)
}
