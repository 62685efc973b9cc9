package policyctl.lib.compose_test

import data.policyctl.lib.compose

test_services if {
	compose.services == [{"path": ["services", "a"], "name": "a", "value": {}}] with input as {"services": {"a": {}, "b": null, "c": 5}}
	compose.services == [] with input as {"services": [1]}
	compose.services == [] with input as {}
}

test_variables if {
	[[v.path, v.kind] | some v in compose.variables] == [
		[["services", "a", "environment", "B"], "environment variable"],
		[["services", "a", "build", "args", "D"], "build argument"],
	] with input as {"services": {"a": {"environment": {"B": "c"}, "build": {"args": {"D": null}}}, "e": {"environment": ["F"], "build": 5}}}
}

test_literal if {
	compose.literal("a") == "a"
	compose.literal("a$$B") == "a$B"
	compose.literal("a$") == "a$"
	not compose.literal("$A")
	not compose.literal("a${B}")
	not compose.literal(null)
	not compose.literal(5)
}

test_fallback if {
	compose.fallback("${A:-b}") == "b"
	compose.fallback("${A-b c}") == "b c"
	compose.fallback("${A:-${B:-c}}") == "c"
	not compose.fallback("${A}")
	not compose.fallback("${A:-}")
	not compose.fallback("${A:?b}")
	not compose.fallback("${A:-$B}")
	not compose.fallback("x${A:-b}")
	not compose.fallback(["${A:-b}"])
}

test_credential if {
	compose.credential("correct-horse")
	compose.credential("correct$horse")
	not compose.credential("/run/secrets/a")
}

_lines := {[line.path, line.words] | some line in compose.command_lines}

test_command_lines if {
	_lines == {
		[["services", "a", "command"], ["b", "c", 5]],
		[["services", "a", "entrypoint"], ["d", "e f"]],
		[["services", "a", "entrypoint"], ["g"]],
		[["services", "a", "healthcheck", "test"], ["", ""]],
		[["services", "a", "healthcheck", "test", 1], ["h", "i"]],
	} with input as {"services": {"a": {"command": ["b", "c", 5], "entrypoint": "d 'e f' && g", "healthcheck": {"test": ["CMD-SHELL", "h i"]}}}}
	_lines == {
		[["services", "a", "command"], ["sh", "-ec", ""]],
		[["services", "a", "command", 2], ["b"]],
		[["services", "a", "healthcheck", "test"], ["", "c"]],
	} with input as {"services": {"a": {"command": ["sh", "-ec", "b"], "healthcheck": {"test": ["CMD", "c"]}}}}
	_lines == set() with input as {"services": {"a": {"command": null, "healthcheck": 5}}}
}

test_word if {
	compose.word({"path": ["a"], "words": ["b"]}, 0) == {"path": ["a", 0]}
	line := {"path": ["a"], "text": "b  c 'd'", "tokens": ["b", "c", "'d'"]}
	compose.word(line, 2) == {"path": ["a"], "match": "c 'd'"}
	compose.word(line, 1) == {"path": ["a"], "match": "c"}
}
