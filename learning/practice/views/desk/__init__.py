"""The desk of a trainer: who waits, reading what they handed in, and giving it back."""
