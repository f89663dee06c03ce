"""What still has to happen: recorded in the transaction that caused it, done at least once, visible."""
