"""What people type about matters and duties."""
