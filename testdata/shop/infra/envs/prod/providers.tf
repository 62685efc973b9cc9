terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
    postgresql = {
      source  = "cyrilgdn/postgresql"
      version = "~> 1.25"
    }
  }

  backend "s3" {
    bucket = "acme-terraform"
    key    = "shop/prod/terraform.tfstate"
    region = "eu-west-1"
  }
}

provider "aws" {
  region = var.region
}

provider "postgresql" {
  host     = "db.internal.example.com"
  username = "administrator"
  password = "tr0ub4dor-and-3"
}
