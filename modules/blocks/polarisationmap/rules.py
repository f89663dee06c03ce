"""Roles around an issue (curriculum 3.d): scoring as 3.b, a soft check on names, and when an own map is wiped."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date, timedelta
from statistics import fmean

from modules.blocks.shares import Shares, expert_points

PUSHER, JOINER, SILENT, BRIDGE, SCAPEGOAT = "pusher", "joiner", "stil midden", "bruggenbouwer", "zondebok"
ROLES = (PUSHER, JOINER, SILENT, BRIDGE, SCAPEGOAT)
LEFT, RIGHT, NONE = "links", "rechts", "geen"
POLES = (LEFT, RIGHT, NONE)
# Who stands on a side; the other roles stand between or outside.
SIDED = (PUSHER, JOINER)

KEPT_DAYS = 90

# First names that are common enough to be seen at the start of a line, where any word has a capital.
_FIRST_NAMES = frozenset(
    re.findall(
        r"\w+",
        "ahmed ali anna anne annie annemarie arie bart bas ben bram cees chris corrie daan dirk ed eline els emma "
        "erik esther eva fatima femke frank gerard gerda gerrit gert hanna hans harry hassan henk henny herman ine "
        "ingrid irene jaap jack jan janneke jeroen jet joke johan joost joris jos kees klaas koen lars leo lies "
        "linda lisa lotte maaike marco maria marieke marijke mark marleen martijn mieke mohamed mohammed monique "
        "nel niels paul peter piet pieter rik rob robert ronald ruud sander sanne sara sietske simon sjaak sjors "
        "teun theo thijs thomas tim tineke tom truus wilma willem wim wouter yusuf",
    )
)
_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_SENTENCE_START = re.compile(r"(?:^|[.!?:]\s+|\n\s*|[“\"‘'(]\s*)$")


def role_points(shares: Shares, role: str) -> float:
    """0..1: as curriculum 3.b, without families. The pole isn't scored."""
    return expert_points(shares, role)


def map_score(key: Mapping[str, Shares], chosen: Mapping[str, str]) -> float:
    """0..1: the mean over all actors at all moments; one without a role counts as 0."""
    if not key:
        return 0.0
    earned = (role_points(shares, chosen[place]) if place in chosen else 0.0 for place, shares in key.items())
    return round(fmean(earned), 4)


def pole_of(role: str, pole: str) -> str:
    """LEFT or RIGHT for who stands on a side, else ""."""
    return pole if role in SIDED and pole in (LEFT, RIGHT) else ""


def names_in(text: str) -> list[str]:
    """Words that may be somebody's name, in the order in which they stand there.

    A capital inside a sentence, or a common first name at its start. Abbreviations (LTO, BZK) aren't names. It is a
    hint and can be wrong both ways: a village has a capital too, and a rare first name at the start is missed.
    """
    found = []
    for match in _WORD.finditer(text):
        word = match.group()
        if not word[0].isupper() or (word.isupper() and len(word) > 1):
            continue
        starts = bool(_SENTENCE_START.search(text[: match.start()]))
        if not starts or word.casefold() in _FIRST_NAMES:
            found.append(word)
    return list(dict.fromkeys(found))


def wipe_day(changed: date, days: int = KEPT_DAYS) -> str:
    """The day on which an own map that was changed on `changed` is gone, as ISO 8601."""
    return (changed + timedelta(days=days)).isoformat()


def is_over(day: str, today: date) -> bool:
    """Whether a day of `wipe_day` has come; "" never comes."""
    return bool(day) and day <= today.isoformat()


def spread(counts: Mapping[str, int]) -> float:
    """How much a group differs about somebody: entropy over the roles, 0 (all the same) to 1 (every role as often)."""
    total = sum(counts.values())
    if not total:
        return 0.0
    parts = [n / total for n in counts.values() if n]
    return round(abs(sum(part * math.log(part) for part in parts)) / math.log(len(ROLES)), 4)
