# METADATA
# title: Old versions of TLS are accepted
# description: >-
#   Versions before TLS 1.2 have flaws by which a connection can be read.
# custom:
#   severity: medium
#   tier: strict
#   fix: Ask for TLS 1.2 or later.
#   cwe: [326]
package policyctl.cloudformation.weak_tls

import data.policyctl.lib.cloudformation
import data.policyctl.lib.values

deny contains object.union(cloudformation.place(resource, path), {"message": message}) if {
	some type, settings in _weak
	some resource in cloudformation.resources[type]
	walk(resource.values, [path, value])
	is_string(value)
	pattern := settings[values.name(path, "")]
	regex.match(pattern, value)
	not _off(resource, path)
	message := $"{resource.id} accepts versions of TLS before 1.2"
}

# Attributes of a policy are names that are switched on or off.
_off(resource, path) if {
	values.name(path, "") == "Name"
	not object.get(resource.values, array.concat(array.slice(path, 0, count(path) - 1), ["Value"]), "true") in {true, "true"}
}

_weak := {
	"AWS::ApiGateway::DomainName": {"SecurityPolicy": `^TLS_1_0$`},
	"AWS::CloudFront::Distribution": {"MinimumProtocolVersion": `^(?:SSLv3|TLSv1|TLSv1_2016|TLSv1\.1_2016)$`},
	"AWS::ElasticLoadBalancingV2::Listener": {"SslPolicy": `^ELBSecurityPolicy-(?:2015-05|2016-08|FS-2018-06|TLS-1-0-2015-04|TLS-1-1-2017-01|FS-1-1-2019-08|TLS13-1-[01]-2021-06)$`},
	"AWS::ElasticLoadBalancing::LoadBalancer": {"Name": `^Protocol-(?:SSLv[23]|TLSv1(?:\.1)?)$`, "Value": `^ELBSecurityPolicy-(?:20.*|TLS-1-1-2017-01)$`},
	"AWS::Elasticsearch::Domain": {"TLSSecurityPolicy": `^Policy-Min-TLS-1-0-2019-07$`},
	"AWS::OpenSearchService::Domain": {"TLSSecurityPolicy": `^Policy-Min-TLS-1-0-2019-07$`},
	"AWS::Serverless::Api": {"SecurityPolicy": `^TLS_1_0$`},
	"AWS::Transfer::Server": {"SecurityPolicyName": `^TransferSecurityPolicy-2018-11$`},
}
