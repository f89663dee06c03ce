"""/hr/: what HR sees of groups, what the works council sees of HR, and what beheer arranged before."""
