package graph

import "testing"

func TestFactsOfTerraform(t *testing.T) {
	testCollect(t, []gathered{
		{"entries of stores and their keys", one("infra/a.tf", `
resource "aws_kms_key" "k" {}
resource "aws_kms_alias" "a" {
  name          = "alias/shop"
  target_key_id = aws_kms_key.k.key_id
}
resource "aws_secretsmanager_secret" "plain" { name = "a" }
resource "aws_secretsmanager_secret" "own" {
  name       = "b"
  kms_key_id = aws_kms_key.k.arn
}
resource "aws_secretsmanager_secret" "alias" {
  name       = "c"
  kms_key_id = aws_kms_alias.a.target_key_arn
}
resource "aws_secretsmanager_secret" "managed" {
  name       = "d"
  kms_key_id = "alias/aws/secretsmanager"
}
variable "key" {}
resource "aws_secretsmanager_secret" "open" {
  name       = "e"
  kms_key_id = var.key
}
resource "google_secret_manager_secret" "g" {
  secret_id = "g"
  replication {
    user_managed {
      replicas {
        location = "x"
        customer_managed_encryption { kms_key_name = "projects/p/k" }
      }
    }
  }
}
resource "vault_mount" "kv" {
  path = "kv"
  type = "kv-v2"
}
resource "vault_kv_secret_v2" "v" {
  mount = vault_mount.kv.path
  name  = "shop/token"
}
resource "aws_ssm_parameter" "p" {
  name = "/shop/p"
  type = "String"
}
resource "aws_ssm_parameter" "s" {
  name   = "/shop/s"
  type   = "SecureString"
  key_id = "alias/shop"
}
`), `
object 7:38 tf:infra//aws_secretsmanager_secret.plain name=a aws-secretsmanager key=default
object 8:38 tf:infra//aws_secretsmanager_secret.own name=b aws-secretsmanager key=customer:aws_kms_key.k
object 12:38 tf:infra//aws_secretsmanager_secret.alias name=c aws-secretsmanager key=customer:alias/shop
object 16:38 tf:infra//aws_secretsmanager_secret.managed name=d aws-secretsmanager key=managed:alias/aws/secretsmanager
object 21:38 tf:infra//aws_secretsmanager_secret.open name=e aws-secretsmanager
object 25:41 tf:infra//google_secret_manager_secret.g name=g gcp-secretmanager key=customer:projects/p/k
object 40:31 tf:infra//vault_kv_secret_v2.v name=kv/shop/token vault
object 48:30 tf:infra//aws_ssm_parameter.s name=/shop/s aws-ssm key=customer:alias/shop
`},
		{"rotations", one("r.tf", `
resource "aws_secretsmanager_secret_rotation" "days" {
  secret_id = data.aws_secretsmanager_secret.db.id
  rotation_rules { automatically_after_days = 30 }
}
data "aws_secretsmanager_secret" "db" { name = "prod/db" }
resource "aws_secretsmanager_secret_rotation" "cron" {
  secret_id = aws_rds_cluster.main.master_user_secret[0].secret_arn
  rotation_rules { schedule_expression = "cron(0 8 1 * ? *)" }
}
resource "aws_secretsmanager_secret_rotation" "called" { secret_id = "other" }
resource "aws_rds_cluster" "main" { manage_master_user_password = true }
resource "aws_db_instance" "weekly" { manage_master_user_password = true }
resource "aws_db_instance" "none" { manage_master_user_password = false }
resource "google_secret_manager_secret" "g" {
  secret_id = "g"
  rotation { rotation_period = "7776000s" }
}
resource "azurerm_key_vault_key" "k" {
  name = "k"
  rotation_policy {
    automatic { time_after_creation = "P90D" }
  }
}
resource "azurerm_key_vault_certificate" "c" {
  name = "c"
  certificate_policy {
    x509_certificate_properties { validity_in_months = 12 }
    lifetime_action {
      action { action_type = "AutoRenew" }
      trigger { days_before_expiry = 30 }
    }
  }
}
resource "vault_database_secret_backend_static_role" "s" {
  backend         = "database"
  name            = "shop"
  rotation_period = 86400
}
`), `
rotation 4:47 tf:.//aws_secretsmanager_secret_rotation.days name=prod/db every=30d
workload 2:47 terraform:.//aws_secretsmanager_secret_rotation.days rotation every=30d
rotation 9:42 tf:.//aws_secretsmanager_secret_rotation.cron of=tf:.//aws_rds_cluster.main every=31d expression
workload 7:47 terraform:.//aws_secretsmanager_secret_rotation.cron rotation every=31d
rotation 11:47 tf:.//aws_secretsmanager_secret_rotation.called name=other
rotation 13:69 tf:.//aws_db_instance.weekly of=tf:.//aws_db_instance.weekly every=7d
workload 13:28 terraform:.//aws_db_instance.weekly rotation every=7d
object 15:41 tf:.//google_secret_manager_secret.g name=g gcp-secretmanager key=default
rotation 17:32 tf:.//google_secret_manager_secret.g of=tf:.//google_secret_manager_secret.g name=g every=90d
workload 15:41 terraform:.//google_secret_manager_secret.g rotation every=90d
rotation 22:39 tf:.//azurerm_key_vault_key.k of=tf:.//azurerm_key_vault_key.k name=k every=90d
workload 19:34 terraform:.//azurerm_key_vault_key.k rotation every=90d
rotation 31:38 tf:.//azurerm_key_vault_certificate.c of=tf:.//azurerm_key_vault_certificate.c name=c every=330d
workload 25:42 terraform:.//azurerm_key_vault_certificate.c rotation every=330d
rotation 38:21 tf:.//vault_database_secret_backend_static_role.s name=database/static-creds/shop every=1d
workload 35:54 terraform:.//vault_database_secret_backend_static_role.s rotation every=1d
`},
		{"what is made anew with the time", one("t.tf", `
resource "time_rotating" "t" { rotation_days = 30 }
resource "random_password" "p" {
  length  = 20
  keepers = { t = time_rotating.t.id }
}
resource "aws_secretsmanager_secret" "s" { name = "s" }
resource "aws_secretsmanager_secret_version" "v" {
  secret_id     = aws_secretsmanager_secret.s.id
  secret_string = random_password.p.result
}
resource "aws_lambda_function" "l" { description = random_password.p.result }
resource "time_rotating" "alone" {
  rotation_days  = 30
  rotation_hours = 1
}
`), `
object 7:38 tf:.//aws_secretsmanager_secret.s name=s aws-secretsmanager key=default
rotation 2:48 tf:.//time_rotating.t of=tf:.//aws_secretsmanager_secret.s name=s every=30d
workload 2:26 terraform:.//time_rotating.t rotation every=30d
rotation 15:20 tf:.//time_rotating.alone
`},
		{"lifetimes", one("l.tf", `
resource "vault_database_secret_backend_role" "r" {
  backend     = vault_mount.db.path
  name        = "shop"
  default_ttl = 3600
  max_ttl     = 0
}
resource "vault_mount" "db" {
  path                  = "database"
  type                  = "database"
  max_lease_ttl_seconds = 86400
}
resource "vault_auth_backend" "k" { type = "kubernetes" }
resource "vault_kubernetes_auth_backend_role" "k" {
  backend       = vault_auth_backend.k.path
  role_name     = "shop"
  token_max_ttl = "24h"
}
resource "vault_pki_secret_backend_role" "p" {
  backend = var.pki
  name    = "web"
  ttl     = "72h"
}
variable "pki" {}
resource "aws_iam_role" "r" {
  name                 = "deploy"
  max_session_duration = 7200
}
resource "aws_iam_role" "usual" { name = "usual" }
resource "aws_route53_record" "look_alike" { ttl = 300 }
`), `
ttl 5:17 tf:.//vault_database_secret_backend_role.r lease database/creds/shop for=3600s
ttl 11:27 tf:.//vault_mount.db lease database for=1d
ttl 17:19 tf:.//vault_kubernetes_auth_backend_role.k token kubernetes/shop for=1d
ttl 22:13 tf:.//vault_pki_secret_backend_role.p lease for=3d
ttl 27:26 tf:.//aws_iam_role.r session deploy for=7200s
`},
		{"who may read in AWS", one("g.tf", `
resource "aws_secretsmanager_secret" "db" { name = "prod/db" }
resource "aws_iam_role" "r" { name = "web" }
resource "aws_iam_role" "generated" {}
data "aws_iam_policy_document" "d" {
  statement {
    actions   = ["secretsmanager:GetSecretValue", "kms:Decrypt", "s3:*"]
    resources = [aws_secretsmanager_secret.db.arn]
  }
  statement {
    actions   = ["ssm:Get*"]
    resources = ["arn:aws:ssm:*:*:parameter/shop/*", "arn:aws:s3:::x"]
  }
}
resource "aws_iam_role_policy" "inline" {
  role   = aws_iam_role.r.id
  policy = data.aws_iam_policy_document.d.json
}
resource "aws_iam_policy" "attached" {
  policy = jsonencode({ Statement = { Effect = "Allow", Action = "*", Resource = "arn:aws:secretsmanager:eu-west-1:1:secret:a/b-??????" } })
}
resource "aws_iam_role_policy_attachment" "a" {
  role       = aws_iam_role.generated.name
  policy_arn = aws_iam_policy.attached.arn
}
resource "aws_iam_policy" "alone" {
  policy = jsonencode({ Statement = [
    { Effect = "Allow", Action = "secretsmanager:*", Resource = "arn:aws:secretsmanager:eu-west-1:1:secret:prod-*" },
    { Effect = "Deny", Action = "secretsmanager:*", Resource = "*" },
    { Effect = "Allow", NotAction = "iam:*", Resource = "*" },
    { Effect = "Allow", Action = "secretsmanager:ListSecrets", Resource = "*" },
  ] })
}
`), `
object 2:38 tf:.//aws_secretsmanager_secret.db name=prod/db aws-secretsmanager key=default
grant 6:3 aws-iam:role/web prod/db aws-secretsmanager action=secretsmanager:GetSecretValue
grant 10:3 aws-iam:role/web /shop/* aws-ssm action=ssm:Get* wildcard
grant 20:37 terraform:.//aws_iam_role.generated a/b aws-secretsmanager action=*
grant 28:5 terraform:.//aws_iam_policy.alone prod aws-secretsmanager action=secretsmanager:*
grant 28:5 terraform:.//aws_iam_policy.alone prod-* aws-secretsmanager action=secretsmanager:* wildcard
`},
		{"who may read elsewhere", one("g.tf", `
resource "google_secret_manager_secret" "g" { secret_id = "db" }
resource "google_secret_manager_secret_iam_member" "m" {
  secret_id = google_secret_manager_secret.g.id
  role      = "roles/secretmanager.secretAccessor"
  member    = "serviceAccount:web@p.iam.gserviceaccount.com"
}
resource "google_secret_manager_secret_iam_binding" "b" {
  secret_id = "projects/p/secrets/other"
  role      = "roles/secretmanager.secretAccessor"
  members   = ["user:a@b.c", "group:g@b.c", "serviceAccount:${google_service_account.s.email}"]
}
resource "google_service_account" "s" {}
resource "google_project_iam_member" "viewer" {
  role   = "roles/secretmanager.viewer"
  member = "user:a@b.c"
}
resource "azurerm_role_assignment" "a" {
  scope                = azurerm_key_vault.v.id
  role_definition_name = "Key Vault Secrets User"
  principal_id         = azurerm_user_assigned_identity.i.principal_id
}
resource "vault_policy" "p" {
  name   = "shop"
  policy = <<-EOT
    # path "kv/data/commented" { capabilities = ["read"] }
    path "kv/data/shop/*" { capabilities = ["read", "list"] }
    path "kv/metadata/shop/*" { capabilities = ["read"] }
    path "kv/data/write" { capabilities = ["create"] }
    path "kv/data/{{identity.entity.name}}/x" { capabilities = ["read"] }
  EOT
}
resource "vault_kubernetes_auth_backend_role" "r" {
  role_name      = "web"
  token_policies = [vault_policy.p.name]
}
resource "vault_policy" "alone" {
  name   = "alone"
  policy = "path \"database/creds/shop\" { capabilities = [\"read\"] }"
}
`), `
object 2:41 tf:.//google_secret_manager_secret.g name=db gcp-secretmanager key=default
grant 5:15 gcp-sa:web@p.iam.gserviceaccount.com db gcp-secretmanager action=roles/secretmanager.secretAccessor
grant 10:15 human:a@b.c other gcp-secretmanager action=roles/secretmanager.secretAccessor
grant 10:15 terraform:.//google_service_account.s other gcp-secretmanager action=roles/secretmanager.secretAccessor
grant 20:26 terraform:.//azurerm_user_assigned_identity.i * azure-keyvault action=Key Vault Secrets User wildcard
grant 25:12 vault-role:kubernetes/web kv/shop/* vault action=read wildcard
grant 25:12 vault-role:kubernetes/web kv/* vault action=read wildcard
grant 39:12 vault-policy:alone database/creds/shop vault action=read
`},
		{"who reads, and where values go on to", one("r.tf", `
resource "aws_secretsmanager_secret" "db" { name = "prod/db" }
data "aws_secretsmanager_secret_version" "here" { secret_id = aws_secretsmanager_secret.db.id }
data "aws_secretsmanager_secret_version" "there" { secret_id = "arn:aws:secretsmanager:eu-west-1:1:secret:prod/api-AbCdEf" }
ephemeral "vault_kv_secret_v2" "v" {
  mount = "kv"
  name  = "shop/token"
}
data "aws_secretsmanager_secret" "named" { name = "only/named" }
data "aws_secretsmanager_secret_version" "named" { secret_id = data.aws_secretsmanager_secret.named.id }
data "aws_secretsmanager_secret_version" "unknown" { secret_id = var.id }
variable "id" {}
data "aws_ssm_parameter" "ami" { name = "/aws/service/ami" }
resource "kubernetes_secret" "k" {
  metadata {
    name      = "db"
    namespace = "shop"
  }
  data = {
    password = data.aws_secretsmanager_secret_version.here.secret_string
    user     = "shop"
  }
}
resource "github_actions_environment_secret" "g" {
  environment     = "production"
  secret_name     = "api"
  plaintext_value = data.aws_secretsmanager_secret_version.there.secret_string
}
`), `
object 2:38 tf:.//aws_secretsmanager_secret.db name=prod/db aws-secretsmanager key=default
use 3:63 tf:.//aws_secretsmanager_secret.db by=terraform:.//data.aws_secretsmanager_secret_version.here sdk env=.
use 4:64 object:prod/api by=terraform:.//data.aws_secretsmanager_secret_version.there sdk env=.
use 7:11 object:kv/shop/token by=terraform:.//ephemeral.vault_kv_secret_v2.v sdk env=.
use 10:64 object:only/named by=terraform:.//data.aws_secretsmanager_secret_version.named sdk env=.
object 14:30 tf:.//kubernetes_secret.k kubernetes
supply 20:16 k8s-secret:shop/db#password from=tf:.//aws_secretsmanager_secret.db terraform
object 24:46 tf:.//github_actions_environment_secret.g name=api github
supply 27:21 github-secret:production/API from=prod/api terraform
`},
	})
}

func TestResourcesAreWorkloads(t *testing.T) {
	facts := terraformFacts(parsed(t, "infra/a.tf", "resource \"aws_db_instance\" \"main\" {}\ndata \"aws_vpc\" \"v\" {}\nmodule \"m\" { source = \"./m\" }\n"))
	want := []string{"terraform:infra//aws_db_instance.main", "terraform:infra//data.aws_vpc.v", "terraform:infra//module.m"}
	for i, w := range facts.Workloads {
		if i >= len(want) || w.ID != want[i] {
			t.Errorf("got %v, want %v", facts.Workloads, want)
		}
	}
}
