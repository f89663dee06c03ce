"""Slotkaart (curriculum 6.2, tier 3): what somebody thinks of a module, in four questions and a minute.

Private, and theirs to take back (`modules/blocks/takenback`). Each question may be skipped, and no module asks for the
card: what somebody thinks of it is no part of having done it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from webob.multidict import MultiDict
from xblock.fields import Dict, Scope

from modules.authoring import Problem
from modules.blocks.base import DONE, NOT_STARTED, AnswerRefused, form_handler
from modules.blocks.drafts import check_optional
from modules.blocks.exitcard.rules import CHOICES, MARK, QUESTIONS, RECOMMENDATION, SKIPPED, USED, WEIGHT
from modules.blocks.figures import Say, Table, spread
from modules.blocks.gates import check_common, check_texts
from modules.blocks.ownwork import check_private
from modules.blocks.takenback import TakenBack


class ExitCard(TakenBack):
    """Done as soon as it is sent, also with every question skipped."""

    block_type = "exitcard"
    never_required = True
    together = True
    stylesheets = ("oefening.css", "exitcard.css")
    same_at_first = frozenset({"student_view"})

    given: dict[str, str] = Dict(
        scope=Scope.user_state, default={}, private=True, help="{question: what was chosen, or SKIPPED}"
    )

    @classmethod
    def check(cls, data: Mapping[str, Any]) -> list[Problem]:
        return list(_problems(data))

    # --- posts

    @form_handler
    def answer(self, form: MultiDict) -> None:
        """All four at once. A second click, or an old tab, changes nothing."""
        if self.given:
            return
        answers = {question: form.get(question, "") for question in QUESTIONS}
        missing = self.gettext("Kies een antwoord, of ‘sla over’.")
        if errors := {name: missing for name, answer in answers.items() if answer not in (*CHOICES[name], SKIPPED)}:
            raise AnswerRefused(errors)
        if self.status == NOT_STARTED:
            self.begin()
        self.given = answers
        self.submit(answers, None)
        if self.status != DONE:
            self.finish()
        self.said = self.gettext("Dank je wel")

    @property
    def has_words(self) -> bool:
        return bool(self.given)

    def forget(self) -> None:
        self.given = {}

    # --- drawing

    def body_context(self) -> dict[str, Any]:
        return {
            "questions": [
                {
                    "name": name,
                    "asked": self.authored["vragen"][name],
                    "scale": self.ends.get(name),
                    "options": [(choice, self.words[name].get(choice, choice)) for choice in CHOICES[name]],
                    "chosen": self._in_words(name),
                }
                for name in QUESTIONS
            ],
            "skipped": SKIPPED,
        }

    def _in_words(self, name: str) -> str:
        return _said(self.words[name], self.given.get(name, SKIPPED), self.gettext)

    @cached_property
    def words(self) -> Mapping[str, Mapping[str, str]]:
        return words(self.gettext)

    @cached_property
    def ends(self) -> dict[str, str]:
        """What the first and the last of a row of numbers mean."""
        return {
            MARK: self.gettext("1 is slecht, 10 is uitstekend"),
            RECOMMENDATION: self.gettext("0 is zeker niet, 10 is zeker wel"),
        }

    # --- for a trainer

    @classmethod
    def figures(cls, data: Mapping[str, Any], attempts: Sequence[Any], say: Say) -> list[Table]:
        """Per question what the group chose."""
        known = words(say)
        chosen = {
            name: [_said(known[name], attempt.get(name, SKIPPED), say) for attempt in attempts] for name in QUESTIONS
        }
        return [replace(spread(data["vragen"], chosen, {}, say), our_parts=True)]


def words(say: Say) -> dict[str, dict[str, str]]:
    """{question: {choice: its words}}; a number is its own word."""
    _ = say
    return {
        MARK: {},
        RECOMMENDATION: {},
        USED: {"ja": _("ja"), "nee": _("nee"), "weet_niet": _("weet ik nog niet")},
        WEIGHT: {"licht": _("te licht"), "goed": _("precies goed"), "zwaar": _("te zwaar")},
    }


def _said(known: Mapping[str, str], choice: str, say: Say) -> str:
    _ = say
    return _("overgeslagen") if choice == SKIPPED else known.get(choice, choice)


# --- publish gates


def _problems(data: Mapping[str, Any]) -> Iterator[Problem]:
    yield from check_common(data)
    yield from check_optional(data, "inleiding", "let_op")
    yield from check_private(data)
    if data.get("competenties"):
        yield Problem(("competenties",), "een slotkaart is nooit bewijs voor een competentie")
    asked = data.get("vragen")
    if not isinstance(asked, Mapping):
        yield Problem(("vragen",), f"moet deze vier vragen hebben: {', '.join(QUESTIONS)}")
        return
    yield from check_texts(asked, ("vragen",), *QUESTIONS)
    for name in asked:
        if name not in QUESTIONS:
            yield Problem(("vragen", str(name)), f"hier horen alleen deze vier: {', '.join(QUESTIONS)}")
