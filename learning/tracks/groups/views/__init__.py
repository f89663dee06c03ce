"""The pages of a trainer about the groups they train."""
