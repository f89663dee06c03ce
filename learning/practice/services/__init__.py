"""Writes of this room, a file a subject: `moving` the one place where a work's state changes, `doing` the learner's,
`reading` the trainer's, `peers` who reads along, `library` and `giving` what is given out."""
