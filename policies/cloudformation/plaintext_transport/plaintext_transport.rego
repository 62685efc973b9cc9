# METADATA
# title: Connections are not encrypted
# description: >-
#   Whoever is on the network reads passwords, tokens and data that pass.
# custom:
#   severity: medium
#   tier: strict
#   fix: Ask for TLS, and redirect HTTP to HTTPS.
#   cwe: [319]
package policyctl.cloudformation.plaintext_transport

import data.policyctl.lib.cloudformation
import data.policyctl.lib.values

deny contains object.union(cloudformation.place(found.resource, found.path), {"message": message}) if {
	some found in _plain
	message := $"{found.resource.id} accepts connections that are not encrypted"
}

_plain contains {"resource": resource, "path": path} if {
	some type, paths in _switches
	some resource in cloudformation.resources[type]
	some path in paths
	_off(resource.values, path)
}

_off(properties, path) if values.may_be_absent(properties, path)

_off(properties, path) if values.may_be_false(object.get(properties, path, null))

_switches := {
	"AWS::AppSync::ApiCache": [["TransitEncryptionEnabled"]],
	"AWS::ElastiCache::ReplicationGroup": [["TransitEncryptionEnabled"]],
	"AWS::RDS::DBProxy": [["RequireTLS"]],
	"AWS::Elasticsearch::Domain": [["DomainEndpointOptions", "EnforceHTTPS"], ["NodeToNodeEncryptionOptions", "Enabled"]],
	"AWS::OpenSearchService::Domain": [["DomainEndpointOptions", "EnforceHTTPS"], ["NodeToNodeEncryptionOptions", "Enabled"]],
}

_plain contains {"resource": resource, "path": path} if {
	some type, settings in _words
	some resource in cloudformation.resources[type]
	walk(resource.values, [path, value])
	some name, plain in settings
	values.name(path, "") == name
	is_string(value)
	value in plain
}

_words := {
	"AWS::CloudFront::Distribution": {"OriginProtocolPolicy": {"http-only", "match-viewer"}, "ViewerProtocolPolicy": {"allow-all"}},
	"AWS::DAX::Cluster": {"ClusterEndpointEncryptionType": {"NONE"}},
	"AWS::DMS::Endpoint": {"SslMode": {"none"}},
	"AWS::DocDB::DBClusterParameterGroup": {"tls": {"disabled"}},
	"AWS::ECS::TaskDefinition": {"TransitEncryption": {"DISABLED"}},
	"AWS::MSK::Cluster": {"ClientBroker": {"PLAINTEXT", "TLS_PLAINTEXT"}},
	"AWS::RDS::DBParameterGroup": {"rds.force_ssl": {"0"}, "require_secure_transport": {"0", "OFF"}},
	"AWS::SES::ConfigurationSet": {"TlsPolicy": {"OPTIONAL"}},
	"AWS::SNS::Subscription": {"Protocol": {"http"}},
	"AWS::RDS::DBClusterParameterGroup": {"rds.force_ssl": {"0"}, "require_secure_transport": {"0", "OFF"}},
}

_plain contains {"resource": listener, "path": ["Protocol"]} if {
	some listener in cloudformation.resources["AWS::ElasticLoadBalancingV2::Listener"]
	listener.values.Protocol == "HTTP"
	every action in values.members(object.get(listener.values, "DefaultActions", [])) {
		action.value.Type == "forward"
	}
}

_plain contains {"resource": balancer, "path": array.concat(array.concat(["Listeners"], listener.path), ["Protocol"])} if {
	some balancer in cloudformation.resources["AWS::ElasticLoadBalancing::LoadBalancer"]
	some listener in values.members(object.get(balancer.values, "Listeners", []))
	is_string(listener.value.Protocol)
	upper(listener.value.Protocol) == "HTTP"
}

_plain contains {"resource": server, "path": array.concat(["Protocols"], protocol.path)} if {
	some server in cloudformation.resources["AWS::Transfer::Server"]
	some protocol in values.members(object.get(server.values, "Protocols", []))
	protocol.value == "FTP"
}

_plain contains {"resource": cluster, "path": ["TLSEnabled"]} if {
	some cluster in cloudformation.resources["AWS::MemoryDB::Cluster"]
	cluster.values.TLSEnabled in {false, "false"}
}

_plain contains {"resource": group, "path": array.concat(["Parameters"], member.path)} if {
	some group in cloudformation.resources["AWS::Redshift::ClusterParameterGroup"]
	some member in values.members(object.get(group.values, "Parameters", []))
	member.value.ParameterName == "require_ssl"
	values.may_be_false(member.value.ParameterValue)
}

# Of the first family the switch is off at first.
_plain contains {"resource": group, "path": ["Parameters"]} if {
	some group in cloudformation.resources["AWS::Redshift::ClusterParameterGroup"]
	group.values.ParameterGroupFamily == "redshift-1.0"
	not values.unknown(object.get(group.values, "Parameters", []))
	every member in values.members(object.get(group.values, "Parameters", [])) {
		is_string(member.value.ParameterName)
		member.value.ParameterName != "require_ssl"
	}
}
