resource "vault_mount" "database" {
  path = "database"
  type = "database"
}

resource "vault_database_secret_backend_role" "ledger" {
  backend             = vault_mount.database.path
  name                = "ledger-rw"
  db_name             = "ledger"
  creation_statements = ["CREATE ROLE \"{{name}}\" LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}' IN ROLE ledger"]
  default_ttl         = 3600
  max_ttl             = 86400
}

resource "vault_audit" "file" {
  type    = "file"
  options = { file_path = "/var/log/vault/audit.log" }
}
