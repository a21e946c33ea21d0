"""What people type about their account and about reference data."""
