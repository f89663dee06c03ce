"""The platform side of LTI 1.3: here we are the LMS that launches tools and keeps their scores.

Tools, courses, line items and results are changed through `services` only; what a tool may do is decided by its row
in `Tool` at the moment it asks, never by what a token said when it was given out.
"""
