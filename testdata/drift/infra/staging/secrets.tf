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

# Tells the owners when the contract asks for a new value; they make it by hand.
module "reminder" {
  source  = "terraform.ferry.example/platform/reminder/aws"
  version = "2.1.0"

  secrets = [
    aws_secretsmanager_secret.session.arn,
    aws_secretsmanager_secret.statements.arn,
  ]
}
