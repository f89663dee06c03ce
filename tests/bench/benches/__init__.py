"""Benches that measure nothing, for the tests of what runs them."""
