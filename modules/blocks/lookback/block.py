"""Wat er anders ging (curriculum 6.2, tier 7): one talk that went otherwise, three months after a module.

What it was is the learner's alone, and theirs to take back (`modules/blocks/takenback`). What leaves is whether there
was one, of at least five people together. That there was none, or not yet, is as good an answer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from webob.multidict import MultiDict
from xblock.fields import Dict, Scope

from modules.authoring import Problem
from modules.blocks.base import DONE, NOT_STARTED, AnswerRefused, form_handler
from modules.blocks.drafts import check_optional
from modules.blocks.gates import check_common, check_texts
from modules.blocks.halfway import Halfway
from modules.blocks.lookback.rules import LONGEST, NONE, OTHERWISE, TALK, YES
from modules.blocks.ownwork import check_private, words
from modules.blocks.takenback import TakenBack


class LookBack(TakenBack, Halfway):
    """A few words, or a tick that there was no such talk."""

    block_type = "lookback"
    stylesheets = ("oefening.css", "halverwege.css", "eigenwerk.css")
    scripts = ("drafts.js",)

    given: dict[str, str] = Dict(
        scope=Scope.user_state, default={}, private=True, help="{TALK: own words}, or {NONE: YES}"
    )

    @classmethod
    def check(cls, data: Mapping[str, Any]) -> list[Problem]:
        return list(_problems(data))

    @property
    def asks(self) -> bool:
        """Also of whom only the words were left when what they did was wiped."""
        return not self.given or self.status == NOT_STARTED

    def half_forms(self) -> Mapping[str, Collection[str]]:
        return {TALK: (TALK, NONE)} if self.asks else {}

    # --- posts

    @form_handler
    def answer(self, form: MultiDict) -> None:
        """Either of the two. A second click, or an old tab, changes nothing."""
        if not self.asks:
            return
        text, none = words(form, TALK), form.get(NONE) == YES
        if len(text) > LONGEST:
            raise AnswerRefused({TALK: self.gettext("Houd het bij %(n)s tekens.", n=LONGEST)})
        if text and none:
            raise AnswerRefused(
                {NONE: self.gettext("Je schreef ook iets op. Haal het vinkje weg, of maak het veld leeg.")}
            )
        if not text and not none:
            raise AnswerRefused({TALK: self.gettext("Schrijf een paar woorden, of zet het vinkje.")})
        if self.status == NOT_STARTED:
            self.begin()
        self.given = {TALK: text} if text else {NONE: YES}
        self.sent_whole(form)
        self.submit({OTHERWISE: bool(text)}, None)
        if self.status != DONE:
            self.finish()
        self.said = self.gettext("Bewaard, alleen voor jou")

    @property
    def has_words(self) -> bool:
        return bool(self.given or self.half)

    def forget(self) -> None:
        self.given = {}
        self.drop_halves()

    # --- drawing

    def body_context(self) -> dict[str, Any]:
        return {"longest": LONGEST, "half": TALK}


# --- publish gates


def _problems(data: Mapping[str, Any]) -> Iterator[Problem]:
    yield from check_common(data)
    yield from check_texts(data, (), "vraag", "geen")
    yield from check_optional(data, "inleiding", "hulp", "let_op")
    yield from check_private(data)
    if data.get("competenties"):
        yield Problem(("competenties",), "een terugblik is nooit bewijs voor een competentie")
