"""LTI 1.3 Advantage, both sides: an LMS launches us (`tool`), we launch others (`platform`)."""
