resource "aws_secretsmanager_secret" "invoice_mail" {
  name                    = "billing/prod/mail"
  recovery_window_in_days = 30
  kms_key_id              = "alias/ferry-secrets"
}
