"""States, actors and moves of training and of selection: data only."""
