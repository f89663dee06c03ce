"""What a learner makes of an own case, for nobody else (curriculum 3.0, class C): own ladder, own map, own layers.

All words are in one private field: our runtime seals it and has no read path to it for others. There is no attempt and
no score, and no event says more than that it is done. Every form carries the version it was drawn from (`versie`), so
that a second click does nothing and a forgotten tab never writes over what is newer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from webob.multidict import MultiDict
from xblock.fields import Dict, Integer, Scope

from modules.authoring import Problem
from modules.blocks.base import DONE, NOT_STARTED, ActivityBlock, AnswerRefused, form_handler

# Characters: a few lines of one's own.
LONGEST = 1000


def words(form: Mapping[str, Any], name: str) -> str:
    """What was typed in a field, as a textarea counts it: a line end is one character."""
    return str(form.get(name, "")).replace("\r\n", "\n").strip()


def check_private(data: Mapping[str, Any]) -> Iterator[Problem]:
    """What is one's own is class C, whatever else an author would like to call it."""
    if data.get("privacyklasse", "C") != "C":
        yield Problem(("privacyklasse",), "wat iemand van een eigen geval maakt is klasse C")


class OwnWork(ActivityBlock):
    """A subclass has handlers that say which form this is (`returned`), then call `texts`, `is_stale`, `remember`."""

    # The form that was sent, while it isn't accepted: then it is drawn again, also when the learner was further already
    # in another window. Never kept.
    returned = ""

    written: dict[str, Any] = Dict(scope=Scope.user_state, default={}, private=True, help="Everything in own words")
    version = Integer(scope=Scope.user_state, default=0, help="Counts changes of it: knows a stale form")

    def texts(
        self, form: MultiDict, names: Iterable[str], needed: Mapping[str, str], longest: int = LONGEST
    ) -> dict[str, str]:
        """{name: text} of the fields, empty ones too. Refuses what is too long, and one of `needed` that is empty:
        {name: the sentence that then stands beside it}."""
        found = {name: words(form, name) for name in names}
        errors = {}
        for name, text in found.items():
            if len(text) > longest:
                errors[name] = self.gettext("Houd het bij %(n)s tekens.", n=longest)
            elif not text and name in needed:
                errors[name] = needed[name]
        if errors:
            raise AnswerRefused(errors)
        return found

    def is_stale(self, form: MultiDict, new: Mapping[str, Any]) -> bool:
        """The form was drawn before the last change. What is new in it is handed back, not thrown away."""
        if form.get("versie") == str(self.version):
            return False
        if any(value and self.written.get(name, "") != value for name, value in new.items()):
            raise AnswerRefused(
                {
                    "versie": self.gettext(
                        "In een ander venster is dit intussen veranderd. Dit is wat je hier schreef. "
                        "Bewaar opnieuw als je dit wilt houden."
                    )
                }
            )
        self.returned = ""
        return True

    def remember(self, new: Mapping[str, Any]) -> None:
        """Put these in the place of what was there; an empty text takes one away."""
        merged = {**self.written, **new}
        self.written = {name: value for name, value in merged.items() if value}
        self.version += 1
        self.returned = ""
        if self.status == NOT_STARTED:
            self.begin()

    def done(self) -> None:
        if self.status != DONE:
            self.finish()

    @form_handler
    def erase(self, form: MultiDict) -> None:
        """Gone at once. What was done stays done."""
        if self.written and not self.is_stale(form, {}):
            self.written = {}
            self.version += 1
            self.erased()

    def erased(self) -> None:
        """What else goes with it."""
