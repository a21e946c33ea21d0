"""Everything that people do here, one function each."""
