variable "region" {
  type    = string
  default = "eu-west-1"
}

variable "instance_class" {
  type = string
}

variable "db_password" {
  type = string
}
