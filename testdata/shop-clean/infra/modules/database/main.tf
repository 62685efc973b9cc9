# A PostgreSQL instance with its own key. AWS makes and rotates the password of
# the administrator; the application's own is rotated by a function of ours.

resource "aws_kms_key" "this" {
  description             = "Data and secrets of ${var.name}"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  policy                  = data.aws_iam_policy_document.key.json
}

data "aws_caller_identity" "current" {}

data "aws_iam_policy_document" "key" {
  statement {
    sid       = "Administration"
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::${data.aws_caller_identity.current.account_id}:root"]
    }
  }
}

resource "aws_db_parameter_group" "this" {
  name_prefix = "${var.name}-"
  family      = "postgres17"

  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }

  parameter {
    name  = "password_encryption"
    value = "scram-sha-256"
  }
}

resource "aws_db_instance" "this" {
  identifier     = var.name
  engine         = "postgres"
  engine_version = "17.2"
  instance_class = var.instance_class

  allocated_storage     = 50
  max_allocated_storage = 200
  storage_encrypted     = true
  kms_key_id            = aws_kms_key.this.arn

  username                      = "administrator"
  manage_master_user_password   = true
  master_user_secret_kms_key_id = aws_kms_key.this.key_id

  iam_database_authentication_enabled = true
  parameter_group_name                = aws_db_parameter_group.this.name
  ca_cert_identifier                  = "rds-ca-rsa2048-g1"
  db_subnet_group_name                = var.subnet_group
  vpc_security_group_ids              = var.security_groups
  publicly_accessible                 = false

  backup_retention_period         = var.backup_days
  copy_tags_to_snapshot           = true
  deletion_protection             = true
  skip_final_snapshot             = false
  final_snapshot_identifier       = "${var.name}-final"
  enabled_cloudwatch_logs_exports = ["postgresql"]

  performance_insights_enabled    = true
  performance_insights_kms_key_id = aws_kms_key.this.arn
}

resource "aws_secretsmanager_secret" "app" {
  name                    = var.secret_name
  description             = "Login of the shop; secrets/shop-db.secret.yaml"
  kms_key_id              = aws_kms_key.this.arn
  recovery_window_in_days = 30
  tags                    = { owner = "shop" }
}

ephemeral "random_password" "first" {
  length  = 40
  special = false
}

# Only the first value; from then on the rotation sets it.
resource "aws_secretsmanager_secret_version" "app" {
  secret_id = aws_secretsmanager_secret.app.id

  secret_string_wo = jsonencode({
    username = "shop"
    password = ephemeral.random_password.first.result
    host     = aws_db_instance.this.address
  })
  secret_string_wo_version = 1
}

resource "aws_secretsmanager_secret_rotation" "app" {
  secret_id           = aws_secretsmanager_secret.app.id
  rotation_lambda_arn = var.rotation_function_arn

  rotation_rules {
    automatically_after_days = 30
  }
}
