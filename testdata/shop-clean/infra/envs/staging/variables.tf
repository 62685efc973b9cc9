variable "region" {
  type    = string
  default = "eu-west-1"
}

variable "instance_class" {
  type = string
}

variable "backup_days" {
  type = number
}

variable "vpc_id" {
  type = string
}

variable "cluster_security_group" {
  type = string
}

variable "rotation_function_arn" {
  type = string
}
