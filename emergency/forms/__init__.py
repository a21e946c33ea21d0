"""Forms of emergencies: shapes only; the rules stand in the services."""
