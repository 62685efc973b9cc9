package policyctl.lib.oidc_test

import data.policyctl.lib.oidc

test_shared if {
	oidc.shared("https://token.actions.githubusercontent.com")
	oidc.shared("https://oidc.circleci.com/org/7")
	oidc.shared("https://shop.app.spacelift.io")
	not oidc.shared("https://gitlab.example.com")
	not oidc.shared("https://gitlab.com.example.com")
}

test_stranger if {
	every pattern in ["*", "repo:*", "repo:shop*/web:ref:refs/heads/main", "organization:*:project:web"] {
		oidc.stranger(pattern)
	}
	not oidc.stranger("repo:shop/*")
	not oidc.stranger("system:serviceaccount:shop:web")
}

test_chosen if {
	oidc.chosen("environment:production")
	not oidc.chosen("repo:shop/web:environment:production")
}

test_loose if {
	every condition in [
		"assertion.repository.startsWith('acme')", `attribute.repository_owner.startsWith("acme")`, "assertion.sub.startsWith('repo:acme')",
		"assertion.repository.endsWith('/shop')", "assertion.repository_owner == 'acme' || assertion.repository.contains('acme/')",
	] {
		count(oidc.loose(condition)) == 1
	}
	every condition in [
		"assertion.repository.startsWith('acme/')", "assertion.sub.startsWith('repo:acme/')", "assertion.ref.startsWith('refs/tags/')",
		"assertion.repository_owner == 'acme' && assertion.repository.startsWith('acme')", "assertion.repository_owner_id in ['1'] && assertion.repository.endsWith('-infra')",
	] {
		count(oidc.loose(condition)) == 0
	}
}

test_unnamed if {
	every condition in ["assertion.ref == 'refs/heads/main'", "assertion.sub != ''", "has(assertion.repository)", "size(assertion.sub) > 0", "1 == 1", "!assertion.repository.startsWith('a/')", "assertion['ref'] == 'refs/heads/main'"] {
		oidc.unnamed(condition) == {condition}
	}
	oidc.unnamed("assertion.repository_owner == 'orders' || true") == {"true"}
	oidc.unnamed("assertion.repository_owner == 'orders' || assertion.ref == 'refs/heads/main' && assertion.event_name == 'push'") == {"assertion.ref == 'refs/heads/main' && assertion.event_name == 'push'"}
	every condition in [
		"assertion.repository_owner == 'orders'",
		"attribute.team == 'orders'",
		"google.subject == 'x'",
		"assertion['repository'] in ['orders/app', 'orders/web']",
		"assertion.repository == 'orders/app' && assertion.ref == 'refs/heads/main'",
		"(assertion.ref == 'refs/heads/main' || assertion.event_name == 'release') && assertion.repository_id == '1'",
		"assertion.actor == 'octo-orders'",
	] {
		oidc.unnamed(condition) == set()
	}
}
