"""What pages of competences read."""
