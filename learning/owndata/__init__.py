"""What somebody reads, takes along and has wiped of what is kept of them (AVG art. 13 to 20)."""
