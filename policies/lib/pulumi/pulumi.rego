# Package pulumi finds the settings of resources that rules judge.
package policyctl.lib.pulumi

# faults are the switches of a table that stand wrong: by the type of a resource rows of a
# path and what is "bad" there. A row with "absent" takes what is not set for wrong too,
# unless one of its "unless" is.
faults(table) := [{"path": array.concat(["resources", i, "values"], row.path), "subject": resource.id, "message": message} |
	some i, resource in input.resources
	some row in table[short(resource.type)]
	state := _wrong(row, resource.values)
	message := $"{concat(".", row.path)} of {resource.id} is {state}"
]

_wrong(row, values) := value if {
	value := object.get(values, row.path, null)
	lower(sprintf("%v", [value])) == row.bad
} else := "not set" if {
	row.absent
	object.get(values, row.path, null) == null
	every other in object.get(row, "unless", []) {
		object.get(values, other, null) == null
	}
}

# short is a type without the module that it is in: aws:rds:Instance for
# aws:rds/instance:Instance.
short(type) := regex.replace(type, `/[^:]*:`, ":")
