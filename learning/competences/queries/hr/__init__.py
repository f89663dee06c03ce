"""What pages of HR read: no rows of people, but for the register."""
