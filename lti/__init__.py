"""Learning Tools Interoperability 1.3: `tool` lets an LMS launch us, `platform` lets us launch others.

What both sides share stands here: signing keys (`keys`) and the words of the specification (`claims`).
"""
