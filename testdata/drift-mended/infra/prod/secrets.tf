# Entries only: their values come from rotations, or by hand.

resource "aws_secretsmanager_secret" "booking_db" {
  name                    = "booking/prod/db"
  recovery_window_in_days = 30
  kms_key_id              = "alias/ferry-secrets"
}

resource "aws_secretsmanager_secret_rotation" "booking_db" {
  secret_id           = aws_secretsmanager_secret.booking_db.id
  rotation_lambda_arn = var.rotation_function_arn

  rotation_rules {
    automatically_after_days = 30
  }
}

resource "aws_secretsmanager_secret" "session" {
  name                    = "booking/prod/session"
  recovery_window_in_days = 30
  kms_key_id              = "alias/ferry-secrets"
}

resource "aws_secretsmanager_secret" "cards" {
  name                    = "booking/prod/cards"
  recovery_window_in_days = 30
  kms_key_id              = "alias/ferry-secrets"
}

resource "aws_secretsmanager_secret" "maps" {
  name                    = "booking/prod/maps"
  recovery_window_in_days = 30
  kms_key_id              = "alias/ferry-secrets"
}

resource "aws_secretsmanager_secret" "mail" {
  name                    = "booking/prod/mail"
  recovery_window_in_days = 30
  kms_key_id              = "alias/ferry-secrets"
}

resource "aws_secretsmanager_secret" "statements" {
  name                    = "billing/prod/statements"
  recovery_window_in_days = 30
  kms_key_id              = "alias/ferry-secrets"
}

resource "aws_secretsmanager_secret" "gate" {
  name                    = "harbour/prod/gate"
  recovery_window_in_days = 30
  kms_key_id              = "alias/ferry-secrets"
}

# Tells the owners when the contract asks for a new value; they make it by hand.
module "reminder" {
  source  = "terraform.ferry.example/platform/reminder/aws"
  version = "2.1.0"

  secrets = [
    aws_secretsmanager_secret.session.arn,
    aws_secretsmanager_secret.cards.arn,
    aws_secretsmanager_secret.maps.arn,
    aws_secretsmanager_secret.mail.arn,
    aws_secretsmanager_secret.invoice_mail.arn,
    aws_secretsmanager_secret.statements.arn,
    aws_secretsmanager_secret.gate.arn,
  ]
}
