"""The ledger under many hands that are killed: nothing is lost, invented or doubled."""
