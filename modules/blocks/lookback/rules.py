"""What can be said three months after a module (curriculum 6.2): words about a talk, or that there was none."""

TALK, NONE = "gesprek", "geen"
YES = "ja"
# Characters.
LONGEST = 2000
# In an attempt: whether there was such a talk.
OTHERWISE = "anders"
