"""Workers killed and brokers emptied under load; then everything is counted. `docs/faults.md`."""
