"""Writes of this room, a file a subject: `evidence` works out what was shown and the level that follows."""
