variable "rotation_function_arn" {
  type = string
}
