# What the worker may do in Vault: read the one entry that its contract names.
path "kv/data/shop/worker" {
  capabilities = ["read"]
}
