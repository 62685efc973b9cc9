module "database" {
  source = "../../modules/database"

  name           = "shop-prod"
  secret_name    = "shop/db"
  instance_class = var.instance_class
  password       = var.db_password
}

resource "aws_kms_key" "secrets" {
  description = "Secrets of the shop"
}

resource "aws_secretsmanager_secret" "payment" {
  name       = "shop/payment"
  kms_key_id = aws_kms_key.secrets.arn
}

resource "aws_secretsmanager_secret_version" "payment" {
  secret_id     = aws_secretsmanager_secret.payment.id
  secret_string = "pay-winter-is-long-2024"
}

resource "aws_ssm_parameter" "smtp" {
  name  = "/shop/smtp/password"
  type  = "String"
  value = "snow-falls-at-noon"
}

# The user whose key stands in the settings of the pipeline.
resource "aws_iam_user" "deploy" {
  name = "shop-deploy"
}

resource "aws_iam_access_key" "deploy" {
  user = aws_iam_user.deploy.name
}

resource "aws_iam_user_policy" "deploy" {
  name = "deploy"
  user = aws_iam_user.deploy.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "*"
      Resource = "*"
    }]
  })
}

resource "aws_iam_role" "worker" {
  name = "shop-worker"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = { Federated = "arn:aws:iam::444455556666:oidc-provider/token.actions.githubusercontent.com" }
      Condition = {
        StringEquals = { "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com" }
      }
    }]
  })
}

resource "aws_iam_role_policy" "worker" {
  name = "secrets"
  role = aws_iam_role.worker.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["secretsmanager:GetSecretValue"]
      Resource = "*"
    }]
  })
}

resource "aws_lambda_function" "report" {
  function_name = "shop-report"
  role          = aws_iam_role.worker.arn
  handler       = "report.handler"
  runtime       = "nodejs22.x"
  filename      = "report.zip"

  environment {
    variables = {
      DATABASE_URL  = "postgres://reports:tr0ub4dor-and-3@db.internal.example.com/shop"
      SMTP_PASSWORD = "snow-falls-at-noon"
    }
  }
}

output "deploy_key" {
  value = aws_iam_access_key.deploy.secret
}
