"""Pages of cases: load, parse, call one service, answer."""
