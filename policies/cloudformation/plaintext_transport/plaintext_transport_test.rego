package policyctl.cloudformation.plaintext_transport_test

import data.policyctl.cloudformation.plaintext_transport as rule

_template(type, properties) := {"resources": [{"id": "X", "type": type, "values": properties}], "parameters": []}

_found(template) := {concat(".", [sprintf("%v", [part]) | some part in array.slice(found.path, 3, 99)]) | some found in all} if {
	all := rule.deny with input as template
}

_in(type, properties) := _found(_template(type, properties))

test_switches if {
	_in("AWS::ElastiCache::ReplicationGroup", {}) == {"TransitEncryptionEnabled"}
	_in("AWS::OpenSearchService::Domain", {"DomainEndpointOptions": {"EnforceHTTPS": false}, "NodeToNodeEncryptionOptions": {"Enabled": true}}) == {"DomainEndpointOptions.EnforceHTTPS"}
}

test_words if {
	_in("AWS::CloudFront::Distribution", {"DistributionConfig": {"CacheBehaviors": [{"ViewerProtocolPolicy": "https-only"}, {"ViewerProtocolPolicy": "allow-all"}]}}) == {"DistributionConfig.CacheBehaviors.1.ViewerProtocolPolicy"}
	_in("AWS::RDS::DBParameterGroup", {"Parameters": {"rds.force_ssl": "0"}}) == {"Parameters.rds.force_ssl"}
}

test_listeners_and_groups if {
	_in("AWS::ElasticLoadBalancingV2::Listener", {"Protocol": "HTTP", "DefaultActions": [{"Type": "forward"}]}) == {"Protocol"}
	_in("AWS::Redshift::ClusterParameterGroup", {"Parameters": [{"ParameterName": "a"}, {"ParameterName": "require_ssl", "ParameterValue": "false"}]}) == {"Parameters.1"}
}

test_silent if {
	_in("AWS::ElasticLoadBalancingV2::Listener", {"Protocol": "HTTP", "DefaultActions": [{"Type": "redirect"}]}) == set()
	_in("AWS::ElasticLoadBalancingV2::Listener", {"Protocol": "HTTPS", "DefaultActions": [{"Type": "forward"}]}) == set()
	_in("AWS::ElastiCache::ReplicationGroup", {"TransitEncryptionEnabled": {"$unknown": ["Parameters.P"]}}) == set()
	_in("AWS::CloudFront::Distribution", {"DistributionConfig": {"DefaultCacheBehavior": {"ViewerProtocolPolicy": {"$unknown": ["Parameters.P"]}}}}) == set()
}

test_clusters_and_classic_load_balancers if {
	_in("AWS::ElasticLoadBalancing::LoadBalancer", {"Listeners": [{"Protocol": "HTTPS"}, {"Protocol": "http"}]}) == {"Listeners.1.Protocol"}
	_in("AWS::MemoryDB::Cluster", {"TLSEnabled": false}) == {"TLSEnabled"}
	_in("AWS::MemoryDB::Cluster", {}) == set()
}

test_the_first_family_of_redshift if {
	_in("AWS::Redshift::ClusterParameterGroup", {"ParameterGroupFamily": "redshift-1.0"}) == {"Parameters"}
	_in("AWS::Redshift::ClusterParameterGroup", {"ParameterGroupFamily": "redshift-1.0", "Parameters": [{"ParameterName": "statement_timeout"}]}) == {"Parameters"}
	_in("AWS::Redshift::ClusterParameterGroup", {"ParameterGroupFamily": "redshift-1.0", "Parameters": [{"ParameterName": "require_ssl", "ParameterValue": "true"}]}) == set()
	_in("AWS::Redshift::ClusterParameterGroup", {"ParameterGroupFamily": "redshift-1.0", "Parameters": {"$unknown": ["Parameters.P"]}}) == set()
	_in("AWS::Redshift::ClusterParameterGroup", {"ParameterGroupFamily": "redshift-2.0"}) == set()
}

test_protocols_of_a_server if {
	_in("AWS::Transfer::Server", {"Protocols": ["SFTP", "FTP"]}) == {"Protocols.1"}
	_in("AWS::Transfer::Server", {"Protocols": ["SFTP", "FTPS"]}) == set()
}
