package eval

import (
	"slices"
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
)

// allowed are the built-ins that a policy may call, as a list of what is let in
// rather than of what is kept out: a new version of OPA then adds nothing
// unseen. A policy may come from the very branch that is being judged.
//
// Left out are those that reach the network, the host or the clock, those that
// handle keys, and three that no deadline can interrupt: bits.lsh,
// graph.reachable_paths and strings.render_template.
var allowed = strings.Fields(`
	abs all any array.concat array.flatten array.reverse array.slice assign
	base64.decode base64.encode base64.is_valid base64url.decode base64url.encode base64url.encode_no_pad
	bits.and bits.negate bits.or bits.rsh bits.xor
	cast_array cast_boolean cast_null cast_object cast_set cast_string ceil concat contains count
	crypto.md5 crypto.sha1 crypto.sha256
	div endswith eq equal floor format_int glob.match glob.quote_meta graph.reachable gt gte
	hex.decode hex.encode indexof indexof_n
	internal.member_2 internal.member_3 internal.print internal.template_string internal.test_case intersection
	is_array is_boolean is_null is_number is_object is_set is_string
	json.filter json.is_valid json.marshal json.marshal_with_options json.patch json.remove json.unmarshal
	lower lt lte max min minus mul neq
	net.cidr_contains net.cidr_contains_matches net.cidr_expand net.cidr_intersects net.cidr_is_valid net.cidr_merge
	numbers.range numbers.range_step
	object.filter object.get object.keys object.remove object.subset object.union object.union_n
	or and plus print product
	regex.find_all_string_submatch_n regex.find_n regex.globs_match regex.is_valid regex.match regex.replace regex.split regex.template_match
	rego.metadata.chain rego.metadata.rule rem replace round
	semver.compare semver.is_valid sort split sprintf startswith
	strings.any_prefix_match strings.any_suffix_match strings.count strings.replace_n strings.reverse substring sum
	time.add_date time.clock time.date time.diff time.format time.parse_duration_ns time.parse_ns time.parse_rfc3339_ns time.weekday
	to_number trim trim_left trim_prefix trim_right trim_space trim_suffix type_name
	union units.parse units.parse_bytes upper
	urlquery.decode urlquery.decode_object urlquery.encode urlquery.encode_object
	walk yaml.is_valid yaml.marshal yaml.unmarshal
`)

// capabilities is what this version of OPA can do, less what a policy may not.
var capabilities = sync.OnceValue(func() *ast.Capabilities {
	caps := ast.CapabilitiesForThisVersion()
	caps.Builtins = slices.DeleteFunc(caps.Builtins, func(b *ast.Builtin) bool { return !slices.Contains(allowed, b.Name) })
	caps.AllowNet = []string{} // nil would mean any host
	return caps
})
