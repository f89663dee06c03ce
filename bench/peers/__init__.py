"""What we are measured against: small projects of their own, each in its own process."""
