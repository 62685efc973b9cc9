# Package contract answers what rules ask a contract: whether something is
# missing, whether it is kept up to date. Durations are fields that end in _s,
# dates fields that end in _ns; the parser made sure that both are numbers, and
# reported what has the wrong form, so that is nothing to say again here.
package policyctl.lib.contract

# name is what messages call the contract.
name := input.metadata.name if {
	is_string(input.metadata.name)
} else := "without a name"

# in_force holds unless the secret is retired.
in_force if not input.spec.state == "retired"

# established holds for contracts that are neither retired nor a mere proposal,
# of which parts may still be missing.
established if {
	in_force
	not input.spec.state == "proposed"
}

# secret holds unless the contract says that it is no secret at all, but a plain
# identifier that happens to be stored as one.
secret if not input.spec.class == "identifier"

# static holds for credentials that are valid until somebody rotates them. What
# is neither said nor known by the class counts as static.
static if input.spec.lifetime.kind == "static"

static if {
	secret
	missing(["lifetime", "kind"])
	missing(["lifetime", "ttl"])
	not object.get(input.spec, "class", "") in {"dynamic-credential", "workload-identity"}
}

# missing holds where spec says nothing under a path, and nothing of the wrong
# type stands on the way, and neither defaults nor a class say it instead.
missing(path) if {
	not inherited(path)
	is_object(input.spec)
	every i, _ in path {
		is_object(object.get(input.spec, array.slice(path, 0, i), {}))
	}
	_blank(object.get(input.spec, path, ""))
}

# inherited holds for fields that stand elsewhere, so that their value is not known.
inherited(path) if concat(".", path) in input.inherits

_blank(value) if value == []

_blank(value) if {
	is_string(value)
	trim_space(value) == ""
}

# overdue gives the day that was missed: last plus interval is in the past.
overdue(last_ns, interval_s) := time.format([due, "UTC", "2006-01-02"]) if {
	is_number(last_ns)
	is_number(interval_s)
	due := last_ns + (interval_s * 1000000000)
	due < data.run.now_ns
}

# day writes a date as people do.
day(ns) := time.format([ns, "UTC", "2006-01-02"])

# environments are those of the contract that have the right type.
environments[label] := environment if {
	is_object(input.spec.environments)
	some label, environment in input.spec.environments
	is_object(environment)
}

# rotation_interval is the interval of an environment in seconds, its own or that
# of the whole contract, and where it stands.
rotation_interval(label) := {"seconds": seconds, "path": ["spec", "environments", label, "rotation", "interval"]} if {
	seconds := environments[label].rotation.interval_s
	is_number(seconds)
} else := {"seconds": seconds, "path": ["spec", "rotation", "interval"]} if {
	seconds := input.spec.rotation.interval_s
	is_number(seconds)
}
