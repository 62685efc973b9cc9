output "address" {
  description = "Host name of the instance."
  value       = aws_db_instance.this.address
}

output "secret_arn" {
  description = "Where the login of the application is. It is a name, not a value."
  value       = aws_secretsmanager_secret.app.arn
}

output "administrator_secret_arn" {
  value     = one(aws_db_instance.this.master_user_secret[*].secret_arn)
  sensitive = true
}
