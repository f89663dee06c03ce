"""Pages of Tussenruimte itself: where a redacteur brings in tools of others, and where a learner opens them."""
