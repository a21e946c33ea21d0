"""What people type about territory."""
