"""What people type about volunteers, organisations and activities."""
