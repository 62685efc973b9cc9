package policyctl.cloudformation.weak_tls_test

import data.policyctl.cloudformation.weak_tls as rule

_template(type, properties) := {"resources": [{"id": "X", "type": type, "values": properties}], "parameters": []}

_found(template) := {concat(".", [sprintf("%v", [part]) | some part in array.slice(found.path, 3, 99)]) | some found in all} if {
	all := rule.deny with input as template
}

_in(type, properties) := _found(_template(type, properties))

test_old if {
	_in("AWS::CloudFront::Distribution", {"DistributionConfig": {"ViewerCertificate": {"MinimumProtocolVersion": "TLSv1"}}}) == {"DistributionConfig.ViewerCertificate.MinimumProtocolVersion"}
	_in("AWS::Serverless::Api", {"Domain": {"SecurityPolicy": "TLS_1_0"}}) == {"Domain.SecurityPolicy"}
	_in("AWS::ElasticLoadBalancingV2::Listener", {"SslPolicy": "ELBSecurityPolicy-2016-08"}) == {"SslPolicy"}
}

test_silent if {
	_in("AWS::CloudFront::Distribution", {"DistributionConfig": {"ViewerCertificate": {"MinimumProtocolVersion": "TLSv1.2_2021"}}}) == set()
	_in("AWS::ElasticLoadBalancingV2::Listener", {"SslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06"}) == set()
	_in("AWS::Serverless::Api", {"Domain": {"SecurityPolicy": {"$unknown": ["Parameters.P"]}}}) == set()
}

test_classic_load_balancers if {
	_in("AWS::ElasticLoadBalancing::LoadBalancer", {"Policies": [{"Attributes": [{"Name": "Protocol-TLSv1", "Value": "true"}]}]}) == {"Policies.0.Attributes.0.Name"}
	_in("AWS::ElasticLoadBalancing::LoadBalancer", {"Policies": [{"Attributes": [{"Name": "Protocol-TLSv1", "Value": "false"}]}]}) == set()
}
