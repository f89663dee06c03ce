"""What somebody has shown of ten competences: evidence, the level that follows from it, and why (curriculum 4)."""
