package policyctl.pipeline.service_connection_exposed_to_script_test

import data.policyctl.pipeline.service_connection_exposed_to_script as rule

_doc(inputs) := {
	"steps": [{"job": "a", "index": 0, "component": "AzureCLI@2"}],
	"components": [{"address": "jobs.a.task", "ref": "AzureCLI@2", "job": "a", "step": 0, "inputs": inputs}],
}

_found(words) := {{"path": ["components", 0, "inputs", "addspntoenvironment"], "subject": "jobs.a.task", "message": $"the script of step \"AzureCLI\" of job \"a\" gets the credentials of {words}"}}

test_exposed if {
	rule.deny == _found("service connection \"prod\", and takes its key") with input as _doc({"addspntoenvironment": "True", "azuresubscription": "prod", "inlinescript": "login -p $servicePrincipalKey"})
	rule.deny == _found("its service connection, and uses none of them") with input as _doc({"addspntoenvironment": "true", "inlinescript": "az group list"})
}

test_not_exposed if {
	every script in ["", "terraform plan", "export T=$idToken", "./deploy.sh"] {
		count(rule.deny) == 0 with input as _doc({"addspntoenvironment": "true", "inlinescript": script})
	}
	count(rule.deny) == 0 with input as _doc({"addspntoenvironment": "false", "inlinescript": "az group list"})
	count(rule.deny) == 0 with input as _doc({"addspntoenvironment": ["true"], "inlinescript": "az group list"})
	count(rule.deny) == 0 with input as _doc({"inlinescript": "x $servicePrincipalKey"})
	count(rule.deny) == 0 with input as {}
}
