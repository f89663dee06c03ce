"""Levels of behaviour (curriculum 3.h). Levels count from 1; each says what somebody does."""

from __future__ import annotations

import re

LEVELS = (1, 2, 3, 4)
# Curriculum 3.h: quoted evidence of at least one sentence. A word or two isn't one.
FEWEST_WORDS = 4


def is_sentence(text: str) -> bool:
    """Enough words to say what happened. Whether it is good evidence is for people."""
    return len(re.findall(r"[^\W_]+", text)) >= FEWEST_WORDS
