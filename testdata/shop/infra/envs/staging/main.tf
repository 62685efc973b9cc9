module "database" {
  source = "../../modules/database"

  name           = "shop-staging"
  secret_name    = "shop/staging/db"
  instance_class = var.instance_class
  password       = var.db_password
}

resource "aws_instance" "bastion" {
  ami           = "ami-0a1b2c3d4e5f60718"
  instance_type = "t3.micro"

  user_data = <<-EOT
    #!/bin/sh
    echo 'DATABASE_URL=postgres://shop:correct-horse-battery@db.internal.example.com/shop' >> /etc/environment
    useradd support
  EOT
}

resource "terraform_data" "migrate" {
  triggers_replace = [module.database.url]

  provisioner "local-exec" {
    command = "../../../bin/migrate --password ${var.db_password}"
  }
}
