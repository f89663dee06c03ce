"""The tool side: an LMS launches us, we return scores. Nobody outside writes this app's tables."""
