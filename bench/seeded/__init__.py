"""What is measured in one large organisation: seeded once, by `house`, and shared."""
