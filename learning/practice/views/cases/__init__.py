"""The library of cases, for trainers: reading, copying, writing."""
