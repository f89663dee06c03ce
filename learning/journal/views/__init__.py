"""The learner's own journal, and what others let them read. Nobody else's view leads here."""
