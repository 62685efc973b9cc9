resource "aws_iam_role" "statements" {
  name                 = "billing-statements-staging"
  max_session_duration = 3600
  assume_role_policy   = data.aws_iam_policy_document.trust.json
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = ["arn:aws:iam::111122223333:oidc-provider/oidc.eks.example"]
    }

    condition {
      test     = "StringEquals"
      variable = "oidc.eks.example:aud"
      values   = ["sts.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "oidc.eks.example:sub"
      values   = ["system:serviceaccount:billing-staging:statements"]
    }
  }
}

resource "aws_iam_role_policy" "statements" {
  name   = "statements"
  role   = aws_iam_role.statements.id
  policy = data.aws_iam_policy_document.statements.json
}

data "aws_iam_policy_document" "statements" {
  statement {
    actions   = ["secretsmanager:GetSecretValue"]
    resources = ["arn:aws:secretsmanager:eu-north-1:111122223333:secret:billing/staging/statements-*"]
  }
}
