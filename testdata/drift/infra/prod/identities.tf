resource "aws_iam_role" "statements" {
  name                 = "billing-statements"
  max_session_duration = 3600
  assume_role_policy   = data.aws_iam_policy_document.trust.json
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = ["arn:aws:iam::444455556666:oidc-provider/oidc.eks.example"]
    }

    condition {
      test     = "StringEquals"
      variable = "oidc.eks.example:aud"
      values   = ["sts.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "oidc.eks.example:sub"
      values   = ["system:serviceaccount:billing:statements"]
    }
  }

  # the pipeline sends the statements of a year
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = ["arn:aws:iam::444455556666:oidc-provider/token.actions.githubusercontent.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:aud"
      values   = ["sts.amazonaws.com"]
    }

    condition {
      test     = "StringLike"
      variable = "token.actions.githubusercontent.com:sub"
      values   = ["repo:ferry/billing:*"]
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
    resources = ["arn:aws:secretsmanager:eu-north-1:444455556666:secret:billing/prod/statements-??????"]
  }

  statement {
    actions   = ["secretsmanager:GetSecretValue"]
    resources = ["arn:aws:secretsmanager:eu-north-1:111122223333:secret:billing/staging/statements-??????"]
  }

  # for the yearly report
  statement {
    actions   = ["secretsmanager:GetSecretValue"]
    resources = ["arn:aws:secretsmanager:eu-north-1:444455556666:secret:harbour/prod/gate-??????"]
  }

  # and for whatever booking comes up with
  statement {
    actions   = ["secretsmanager:GetSecretValue"]
    resources = ["arn:aws:secretsmanager:eu-north-1:444455556666:secret:booking/*"]
  }
}
