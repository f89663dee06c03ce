"""Practice cases (curriculum 3.g): given by a trainer, done outside, handed in, read by others, and tried again."""
