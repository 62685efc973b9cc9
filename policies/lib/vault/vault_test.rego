package policyctl.lib.vault_test

import data.policyctl.lib.vault

test_opens if {
	vault.opens("*", {"root"})
	vault.opens("secret/data/*", {"read", "list"})
	vault.opens("sys/policy/*", {"update"})
}

test_silent if {
	not vault.opens("*", {"deny"})
	not vault.opens("secret/*", {"list"})
	not vault.opens("secret/data/orders/*", {"read"})
	not vault.opens("sys/*", {"read"})
}
