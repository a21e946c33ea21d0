PASSWORD = "Right-horse-7"  # of everybody who is made here
