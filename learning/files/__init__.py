"""Files from outside: taken in over a bad connection, checked, made playable, sealed, and wiped on their day."""
