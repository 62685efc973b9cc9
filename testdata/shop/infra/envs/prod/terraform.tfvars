instance_class = "db.r7g.large"
db_password    = "tr0ub4dor-and-3"
