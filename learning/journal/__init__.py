"""The learner's own journal: private unless they share an entry, encrypted at rest (curriculum 3.f)."""
