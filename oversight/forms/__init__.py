"""What numbers are asked for."""
