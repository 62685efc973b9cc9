variable "name" {
  type        = string
  description = "Name of the instance."
}

variable "secret_name" {
  type        = string
  description = "Where the application finds its login in Secrets Manager."
}

variable "rotation_function_arn" {
  type        = string
  description = "The function that changes the password of the application."
}

variable "instance_class" {
  type    = string
  default = "db.t4g.medium"
}

variable "backup_days" {
  type    = number
  default = 14

  validation {
    condition     = var.backup_days >= 7
    error_message = "Keep backups for a week at least."
  }
}

variable "subnet_group" {
  type = string
}

variable "security_groups" {
  type = list(string)
}
