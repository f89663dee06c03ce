"""Rubric (curriculum 3.h), by oneself: a level per criterion, with a sentence that shows it.

Class B: private until the learner shares it with a trainer, and only where there is one. No score, no attempt: what one
thinks of oneself is shown beside a level, never counted into it (curriculum 4.3).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from webob.multidict import MultiDict
from xblock.fields import Boolean, Scope

from modules.authoring import Problem
from modules.blocks.base import AnswerRefused, form_handler
from modules.blocks.gates import check_choice, check_common, check_texts
from modules.blocks.handingin import HandsIn, Piece
from modules.blocks.ownwork import OwnWork, words
from modules.blocks.rubric.gates import check_criteria
from modules.blocks.rubric.rules import LEVELS, is_sentence

SELF = "zelf"
LONGEST = 1000


class Rubric(HandsIn, OwnWork):
    """`written`, and `handed_in` too, holds {criterion: {"niveau": 1 to 4, "bewijs": text}}."""

    block_type = "rubric"
    stylesheets = ("oefening.css", "eigenwerk.css", "rubric.css")

    writing = Boolean(scope=Scope.user_state, default=True, help="The form is on the page, not what was filled in")

    @classmethod
    def check(cls, data: Mapping[str, Any]) -> list[Problem]:
        return [
            *check_common(data), *check_choice(data, (), "vorm", (SELF,)), *check_texts(data, (), "bewijs"),
            *check_criteria(data, "criteria", least=1, most=5),
        ]  # fmt: skip

    @classmethod
    def pieces(cls, data: Mapping[str, Any], words: Mapping[str, Any]) -> list[Piece]:
        """Each criterion with the level somebody gave themselves, and what shows it."""
        return [_piece(criterion, words[criterion["id"]]) for criterion in data["criteria"] if criterion["id"] in words]

    @cached_property
    def criteria(self) -> dict[str, Mapping[str, Any]]:
        return {criterion["id"]: criterion for criterion in self.authored["criteria"]}

    @property
    def is_filled(self) -> bool:
        """Whether every criterion of this edition has a level."""
        return all(criterion in self.written for criterion in self.criteria)

    # --- posts

    @form_handler
    def assess(self, form: MultiDict) -> None:
        """A level and a sentence for each criterion. Changed, it is private again until it is shared again."""
        self.returned = SELF
        new, errors = {}, {}
        for criterion in self.criteria:
            level, proof = form.get(f"niveau-{criterion}", ""), words(form, f"bewijs-{criterion}")
            if level not in map(str, LEVELS):
                errors[f"niveau-{criterion}"] = self.gettext("Kies wat het meest op jou lijkt.")
            if len(proof) > LONGEST:
                errors[f"bewijs-{criterion}"] = self.gettext("Houd het bij %(n)s tekens.", n=LONGEST)
            elif not is_sentence(proof):
                errors[f"bewijs-{criterion}"] = self.gettext("Haal minstens één zin aan waaraan je dit ziet.")
            new[criterion] = {"niveau": level, "bewijs": proof}
        if errors:
            raise AnswerRefused(errors)
        answers = {id_: {**each, "niveau": int(each["niveau"])} for id_, each in new.items()}
        if not self.is_stale(form, answers):
            self.remember(answers)
            self.take_back()
            self.writing = False
            self.done()

    @form_handler
    def change(self, form: MultiDict) -> None:
        """Back to the form, with what is there."""
        if self.written and form.get("versie") == str(self.version):
            self.writing = True

    @form_handler
    def hand_in(self, form: MultiDict) -> None:
        """Let the trainer see it, or take it back (`inleveren` = "ja" or "nee")."""
        if form.get("versie") != str(self.version):
            return
        if form.get("inleveren") != "ja":
            self.take_back()
        elif self.has_trainer and self.is_filled:
            self.hand_over(self.written)

    def erased(self) -> None:
        self.take_back()
        self.writing = True

    # --- drawing

    def body_context(self) -> dict[str, Any]:
        criteria = [
            {**criterion, "levels": list(zip(LEVELS, criterion["niveaus"], strict=True)),
             "own": self.written.get(id_, {})}
            for id_, criterion in self.criteria.items()
        ]  # fmt: skip
        return {
            "screen": "invullen" if self.writing or self.returned or not self.is_filled else "ingevuld",
            "criteria": criteria, "longest": LONGEST,
            "fields": [f"{name}-{id_}" for id_ in self.criteria for name in ("niveau", "bewijs")],
        }  # fmt: skip


def _piece(criterion: Mapping[str, Any], own: Mapping[str, Any]) -> Piece:
    level = criterion["niveaus"][own["niveau"] - 1]
    return Piece(criterion["naam"], own["bewijs"], f"{own['niveau']}. {level['label']}: {level['gedrag']}")
