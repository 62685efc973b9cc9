# Package contract answers what rules ask a contract: whether something is
# missing, whether it is kept up to date. A contract stands here with all that its
# class and the defaults of its folder say. Durations are fields that end in _s,
# dates fields that end in _ns; the loader made sure that both are numbers, and
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

# static holds for credentials that are valid until somebody rotates them.
static if {
	secret
	input.spec.lifetime.kind == "static"
}

# missing holds where spec says nothing under a path, and nothing of the wrong
# type stands on the way.
missing(path) if {
	not _left_to_unknown_class(path)
	is_object(input.spec)
	every i, _ in path {
		is_object(object.get(input.spec, array.slice(path, 0, i), {}))
	}
	_blank(object.get(input.spec, path, ""))
}

# What a class would have said that does not exist, nobody knows.
_left_to_unknown_class(path) if {
	not input.class
	not path[0] in {"purpose", "owner", "consumers", "environments", "approvals"}
}

_blank(value) if value in [[], {}]

_blank(value) if {
	is_string(value)
	trim_space(value) == ""
}

# looked ends a message about something missing that may stand elsewhere.
looked := $"; looked in {concat(", ", input.looked)}" if {
	count(input.looked) > 0
} else := ""

# due is the moment at which something that is done at intervals has to be done
# again.
due(last_ns, interval_s) := last_ns + (interval_s * 1000000000) if {
	is_number(last_ns)
	is_number(interval_s)
}

# overdue gives the day that was missed.
overdue(last_ns, interval_s) := day(due(last_ns, interval_s)) if due(last_ns, interval_s) < data.run.now_ns

# day writes a date as people do.
day(ns) := time.format([ns, "UTC", "2006-01-02"])

# environments are those of the contract that have the right type.
environments[label] := environment if {
	is_object(input.spec.environments)
	some label, environment in input.spec.environments
	is_object(environment)
}

# rotations are the places that speak of rotation, by environment; "" is the whole
# contract.
rotations[label] := environment.rotation if {
	some label, environment in environments
	is_object(environment.rotation)
}

rotations[""] := input.spec.rotation if is_object(input.spec.rotation)

# rotation_path is the path of a field of such a place.
rotation_path("", field) := ["spec", "rotation", field]

rotation_path(label, field) := ["spec", "environments", label, "rotation", field] if label != ""

# rotation_seconds is a duration that holds for an environment, its own or that of
# the whole contract, and where it stands.
rotation_seconds(label, field) := {"seconds": seconds, "path": rotation_path(label, field)} if {
	seconds := rotations[label][$"{field}_s"]
	is_number(seconds)
} else := {"seconds": seconds, "path": rotation_path("", field)} if {
	seconds := rotations[""][$"{field}_s"]
	is_number(seconds)
}

# shortest_rotation is the interval of the environment that must be rotated first:
# status speaks of all at once.
shortest_rotation := {"seconds": seconds, "path": path} if {
	[seconds, path] := sort([[interval.seconds, interval.path] |
		some label in _labels
		interval := rotation_seconds(label, "interval")
	])[0]
}

# A contract without environments still has its interval.
_labels := object.keys(environments) if {
	count(environments) > 0
} else := {""}
