"""The words of our statements: verbs, types of activities and extensions, as addresses that nobody else uses.

What ADL has a word for is said in that word; the rest stands under the profile of this installation (`XAPI_PROFILE`).
"""

from __future__ import annotations

from django.conf import settings

_ADL = "http://adlnet.gov/expapi"

# {our word: how it is displayed, in English as xAPI asks first of all}
ADL_VERBS = frozenset(
    {"initialized", "progressed", "answered", "completed", "passed", "experienced", "registered", "scored", "attended"}
)
PROJECT_VERBS = frozenset(
    {"reflected", "shared-with", "withdrew", "agreed", "harvested", "returned", "placed", "replayed"}
)
VERBS = ADL_VERBS | PROJECT_VERBS

# {type of a block: ADL's word for it}; other types have one of our own.
_ADL_TYPES = {
    "lesson": "lesson", "quiz": "assessment", "conversationsim": "simulation", "decisiontask": "simulation",
}  # fmt: skip
MODULE, UNIT, ITEM, PROFILE = (f"{_ADL}/activities/{word}" for word in ("course", "module", "question", "profile"))


def verb(name: str) -> str:
    return f"{_ADL}/verbs/{name}" if name in ADL_VERBS else f"{settings.XAPI_PROFILE}/verbs/{name}"


def activity_type(block_type: str) -> str:
    known = _ADL_TYPES.get(block_type)
    return f"{_ADL}/activities/{known}" if known else f"{settings.XAPI_PROFILE}/activity-types/{block_type}"


def extension(name: str) -> str:
    return f"{settings.XAPI_PROFILE}/extensions/{name}"
