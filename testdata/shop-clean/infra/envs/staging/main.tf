locals {
  name = "shop-staging"
  tags = {
    service     = "shop"
    environment = "staging"
  }
}

module "database" {
  source = "../../modules/database"

  name                  = local.name
  secret_name           = "shop/staging/db"
  instance_class        = var.instance_class
  backup_days           = var.backup_days
  rotation_function_arn = var.rotation_function_arn
  subnet_group          = data.aws_db_subnet_group.private.name
  security_groups       = [aws_security_group.database.id]
}

data "aws_db_subnet_group" "private" {
  name = "private"
}

resource "aws_security_group" "database" {
  name_prefix = "${local.name}-database-"
  description = "PostgreSQL from the cluster"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "database" {
  security_group_id            = aws_security_group.database.id
  referenced_security_group_id = var.cluster_security_group
  description                  = "From the nodes"
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

resource "aws_kms_key" "secrets" {
  description         = "Secrets of the shop"
  enable_key_rotation = true
}

# The nightly pipeline fills it in and rotates it.
resource "aws_secretsmanager_secret" "payment" {
  name                    = "shop/staging/payment"
  description             = "Client of the payment provider; secrets/payment-api.secret.yaml"
  kms_key_id              = aws_kms_key.secrets.arn
  recovery_window_in_days = 30
}

# The pipelines of this repository, and no other, may act as this role, and only
# from jobs that passed the environment's rules.
resource "aws_iam_role" "deploy" {
  name                 = "shop-deploy"
  max_session_duration = 3600
  assume_role_policy   = data.aws_iam_policy_document.trust.json
}

data "aws_iam_openid_connect_provider" "github" {
  url = "https://token.actions.githubusercontent.com"
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [data.aws_iam_openid_connect_provider.github.arn]
    }

    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:aud"
      values   = ["sts.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:sub"
      values   = ["repo:acme/shop:environment:staging"]
    }
  }
}

resource "aws_iam_role_policy" "deploy" {
  name   = "deploy"
  role   = aws_iam_role.deploy.id
  policy = data.aws_iam_policy_document.deploy.json
}

data "aws_iam_policy_document" "deploy" {
  statement {
    actions   = ["eks:DescribeCluster"]
    resources = ["arn:aws:eks:${var.region}:111122223333:cluster/shop"]
  }

  statement {
    actions = [
      "secretsmanager:DescribeSecret",
      "secretsmanager:PutSecretValue",
      "secretsmanager:UpdateSecretVersionStage",
    ]
    resources = [aws_secretsmanager_secret.payment.arn]
  }
}

output "database_address" {
  value = module.database.address
}

output "deploy_role_arn" {
  value = aws_iam_role.deploy.arn
}
