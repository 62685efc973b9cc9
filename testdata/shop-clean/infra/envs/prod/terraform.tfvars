instance_class         = "db.r7g.large"
backup_days            = 35
vpc_id                 = "vpc-0a1b2c3d"
cluster_security_group = "sg-0d4e5f60"
rotation_function_arn  = "arn:aws:lambda:eu-west-1:444455556666:function:rotate-postgres"
