variable "rotation_function_arn" {
  type = string
}

variable "maps_key" {
  type      = string
  ephemeral = true
  sensitive = true
}
