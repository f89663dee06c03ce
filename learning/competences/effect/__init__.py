"""What is measured of the effect of a module (curriculum 6.2): whom it may be said of, and the sums. Plain data."""
