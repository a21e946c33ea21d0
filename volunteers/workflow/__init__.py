"""States and moves of everything that volunteers do, one module a subject. Data only."""
