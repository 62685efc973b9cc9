resource "aws_db_parameter_group" "this" {
  name_prefix = "${var.name}-"
  family      = "postgres17"

  parameter {
    name  = "rds.force_ssl"
    value = "0"
  }
}

resource "aws_db_instance" "this" {
  identifier           = var.name
  engine               = "postgres"
  engine_version       = "17.2"
  instance_class       = var.instance_class
  allocated_storage    = 50
  username             = "administrator"
  password             = var.password
  parameter_group_name = aws_db_parameter_group.this.name
  publicly_accessible  = true
  skip_final_snapshot  = true
}

resource "aws_secretsmanager_secret" "app" {
  name                    = var.secret_name
  recovery_window_in_days = 0
}

resource "aws_secretsmanager_secret_version" "app" {
  secret_id     = aws_secretsmanager_secret.app.id
  secret_string = jsonencode({ username = "shop", password = var.password })
}

output "url" {
  value = "postgres://administrator:${var.password}@${aws_db_instance.this.address}/shop"
}
