instance_class = "db.t4g.medium"
db_password    = "correct-horse-battery"
