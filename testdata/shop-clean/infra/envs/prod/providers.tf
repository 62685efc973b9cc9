terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
    random = {
      source  = "hashicorp/random"
      version = "~> 3.7"
    }
  }

  backend "s3" {
    bucket       = "acme-terraform-prod"
    key          = "shop/terraform.tfstate"
    region       = "eu-west-1"
    encrypt      = true
    kms_key_id   = "alias/terraform-state"
    use_lockfile = true
  }
}

provider "aws" {
  region              = var.region
  allowed_account_ids = ["444455556666"]

  assume_role {
    role_arn     = "arn:aws:iam::444455556666:role/shop-terraform"
    session_name = "terraform"
  }

  default_tags {
    tags = local.tags
  }
}
