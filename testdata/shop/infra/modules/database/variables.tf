variable "name" {
  type = string
}

variable "secret_name" {
  type = string
}

variable "password" {
  type        = string
  description = "Password of the administrator and, for now, of everybody."
  default     = "correct-horse-battery"
}

variable "instance_class" {
  type    = string
  default = "db.t4g.medium"
}
