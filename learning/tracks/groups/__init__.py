"""The groups somebody trains, and how far the people in them are: progress only, no scores, no ranking."""
