# Entries only: their values come by hand.

resource "aws_secretsmanager_secret" "session" {
  name                    = "booking/staging/session"
  recovery_window_in_days = 30
  kms_key_id              = "alias/ferry-staging"
}

resource "aws_secretsmanager_secret" "statements" {
  name                    = "billing/staging/statements"
  recovery_window_in_days = 30
  kms_key_id              = "alias/ferry-staging"
}
