"""Words of residents' messages: how they are read, what is learned from them. Knows no table."""
