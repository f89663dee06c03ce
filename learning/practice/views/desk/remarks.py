"""Remarks that came with a form: see `practice/desk/text.html`.

A button says what is meant: "opm-<field>" a remark at a passage of that field, "hoor-<number>" at a moment of that
sound, "weg-<number>" takes that remark away. What was written stands in fields that end alike.
"""

from __future__ import annotations

import re

from django.http import QueryDict

from learning.people.models import Person
from learning.practice.models import Assessment, Comment
from learning.practice.queries.comments import plain
from learning.practice.services import commenting
from learning.practice.services.commenting import Moment, Passage

ADD, HEAR, DROP = "opm-", "hoor-", "weg-"
_PASSAGE = re.compile(r"([0-9]{1,6})-([0-9]{1,6})", re.ASCII)
_CLOCK = re.compile(r"(?:([0-9]{1,3}):)?([0-9]{1,5}(?:[.,][0-9]{1,3})?)", re.ASCII)
NOWHERE = Passage("", 0, 0)


def take(post: QueryDict, assessment: Assessment, *, by: Person) -> Comment | None:
    """Do what the button says; the remark that was made, None for one that is gone. Raises NotNow, Incomplete."""
    do = post.get("doe", "")
    if do.startswith(DROP):
        remove(assessment, do.removeprefix(DROP), by=by)
        return None
    name = do.removeprefix(ADD).removeprefix(HEAR)
    at = _passage(post, name) if do.startswith(ADD) else _moment(post, name)
    return commenting.add(
        assessment.pk,
        by=by,
        at=at,
        words=plain(post.get(f"opmerking-{name}", "")),
        quote=post.get(f"citaat-{name}", ""),
    )


def remove(assessment: Assessment, number: str, *, by: Person) -> None:
    if number.isascii() and number.isdigit() and len(number) < 16:
        found = Comment.objects.filter(pk=int(number), assessment=assessment).first()
        if found:
            commenting.remove(found.pk, by=by)


def _passage(post: QueryDict, name: str) -> Passage:
    """What was selected goes before what was chosen from the list."""
    found = _PASSAGE.fullmatch(post.get(f"passage-{name}") or post.get(f"zin-{name}", ""))
    return Passage(name, int(found[1]), int(found[2])) if found else NOWHERE


def _moment(post: QueryDict, name: str) -> Moment | Passage:
    """ "1:48", "108" or "1:48,5" """
    found = _CLOCK.fullmatch(post.get(f"moment-{name}", "").strip())
    if not found or not (name.isascii() and name.isdigit() and len(name) < 16):
        return NOWHERE
    return Moment(int(name), int(found[1] or 0) * 60 + float(found[2].replace(",", ".")))
