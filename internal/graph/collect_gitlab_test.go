package graph

import "testing"

func TestFactsOfGitLab(t *testing.T) {
	testCollect(t, []gathered{
		{"how a secret arrives, and at whom", one(".gitlab-ci.yml", `variables: {T: $PACKAGE_TOKEN}
a:
  environment: production
  secrets:
    DB: {vault: production/db/password@ops}
  script: ['x $DEPLOY_TOKEN $CI_JOB_TOKEN']
b:
  environment: review/$CI_COMMIT_REF_SLUG
  variables: {AWS_SECRET_ACCESS_KEY: $KEY_SECRET}
  script: [x]
c:
  trigger: {project: acme/x}
`), `
use 1:17 gitlab-var:PACKAGE_TOKEN by=gitlab:.gitlab-ci.yml#a env var=T holds
use 1:17 gitlab-var:PACKAGE_TOKEN by=gitlab:.gitlab-ci.yml#b env var=T holds
use 1:17 gitlab-var:PACKAGE_TOKEN by=gitlab:.gitlab-ci.yml#c input var=T holds third
use 5:31 gitlab-secret:.gitlab-ci.yml/a/DB by=gitlab:.gitlab-ci.yml#a file var=DB env=production
use 6:16 gitlab-var:DEPLOY_TOKEN by=gitlab:.gitlab-ci.yml#a env var=DEPLOY_TOKEN env=production holds
use 9:39 gitlab-var:KEY_SECRET by=gitlab:.gitlab-ci.yml#b env var=AWS_SECRET_ACCESS_KEY holds key=aws
supply 5:31 gitlab-secret:.gitlab-ci.yml/a/DB from=ops/production/db#password secrets
workload 2:1 gitlab:.gitlab-ci.yml#a job binds
workload 7:1 gitlab:.gitlab-ci.yml#b job binds
`},
	})
}

func TestVariablesOfGitLabBelongToEnvironments(t *testing.T) {
	uses := func(environment string) Use {
		return Use{Platform: "gitlab", Name: "DB", Slot: "gitlab-var:DB", Scope: environment, Environment: environment,
			Consumer: "gitlab:.gitlab-ci.yml#a", Delivery: "env", Confidence: Exact, At: at(".gitlab-ci.yml")}
	}
	contracts := []string{"gitlab-var:DB", "gitlab-var:prod:DB", "gitlab-var:prod/*:DB", "gitlab-var:*/eu:DB", "gitlab-var:prod/eu*:DB"}
	tests := []struct{ environment, want string }{
		{"", "gitlab-var:DB"},
		{"staging", "gitlab-var:DB"},
		{"prod", "gitlab-var:prod:DB"},
		{"prod/us/1", "gitlab-var:prod/*:DB"},
		{"prod/eu", "gitlab-var:prod/eu*:DB"},
		{"test/eu", "gitlab-var:*/eu:DB"},
	}
	for _, test := range tests {
		g := join(Facts{Uses: []Use{uses(test.environment)}}, declares("all", contracts))
		if got := g.Uses[0].Slot; got != test.want {
			t.Errorf("in %q: got %s, want %s", test.environment, got, test.want)
		}
	}
}

func TestASecretThatGitLabFetchesIsThatOfTheStore(t *testing.T) {
	facts := Facts{
		Uses: []Use{{Platform: "gitlab", Name: "password", Slot: "gitlab-secret:x/a/DB", Consumer: "gitlab:.gitlab-ci.yml#a",
			Delivery: "file", Confidence: Exact, At: at(".gitlab-ci.yml")}},
		Supplies: []Supply{{Slot: "gitlab-secret:x/a/DB", From: "ops/db#password", Mechanism: "secrets", Platform: "gitlab", At: at(".gitlab-ci.yml")}},
	}
	g := join(facts, declares("db", []string{"prod=vault!ops/db#password"}))
	if got, want := claimed(g.Uses[0].Claims), "db@prod~"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
