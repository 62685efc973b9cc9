instance_class         = "db.t4g.medium"
backup_days            = 7
vpc_id                 = "vpc-0a1b2c3d"
cluster_security_group = "sg-0d4e5f60"
rotation_function_arn  = "arn:aws:lambda:eu-west-1:111122223333:function:rotate-postgres"
