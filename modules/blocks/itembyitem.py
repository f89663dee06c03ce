"""An activity that puts one item at a time in front of the learner, gives its feedback, and goes on.

Every form carries where it was drawn: `ronde` (which time through) and `item`. A post from any other place, a
second click or a forgotten tab, changes nothing and gets the activity as it is now.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from webob.multidict import MultiDict
from xblock.fields import Dict, Integer, Scope, String

from modules.blocks.base import ANSWERED, COMPLETED, DONE, NOT_STARTED, ActivityBlock, AnswerRefused, form_handler
from modules.blocks.figures import Say, Table, items

# Curriculum 3.0
THRESHOLD = 0.6


class ItemByItem(ActivityBlock):
    """A subclass gives `order`, `given` and `points`, and a handler `answer` that calls `turn` and `keep`.

    An attempt is published as {item: [given, …, points]}; `tally` reads that back.
    """

    verbs = frozenset({ANSWERED, COMPLETED})

    round_number = Integer(scope=Scope.user_state, default=1, help="Which time through the items")
    answers = Dict(scope=Scope.user_state, default={}, help="{item id: answer} of this round")
    open_item = String(scope=Scope.user_state, default="", help="The item whose feedback is on the page")

    # --- what a subclass gives

    def order(self) -> list[str]:
        """The ids of this round's items, in the order in which this learner gets them."""
        raise NotImplementedError

    def known(self) -> set[str]:
        """The ids of all items there are, in this round or another."""
        return set(self.order())

    def given(self, item: str, answer: Any) -> list[Any]:
        """An answer as it goes into the record of the attempt: without free text."""
        raise NotImplementedError

    def points(self, item: str, answer: Any) -> float:
        """0..1"""
        raise NotImplementedError

    def about(self, item: str) -> dict[str, Any]:
        """What else an author says of an item that a learning record store may hear."""
        return {}

    def complete_round(self) -> None:
        """All items of this round are answered and the attempt is recorded."""
        raise NotImplementedError

    def fits(self, item: str, answer: Any) -> bool:
        """Whether this can be an answer to `item` as it is now: in an older edition it may have asked otherwise."""
        try:
            self.points(item, answer)
        except (LookupError, StopIteration, TypeError, ValueError):
            return False
        return True

    # --- where the learner is

    @property
    def current(self) -> str:
        """The item on the page: the one with its feedback, else the first without an answer; "" after the last."""
        order, told = self.order(), self.told
        if told in order:
            return told
        answers = self.standing
        return next((item for item in order if item not in answers), "")

    @property
    def standing(self) -> dict[str, Any]:
        """The answers that are still answers; whoever gave another is asked again."""
        return {item: answer for item, answer in self.answers.items() if self._stands(item, answer)}

    def _stands(self, item: str, answer: Any) -> bool:
        """Whether it fits, looked at once: a block lives as long as a request, in which a page asks many times."""
        known: dict[tuple[str, str], bool] = self.__dict__.setdefault("_stood", {})
        answered = item, repr(answer)
        if answered not in known:
            known[answered] = self.fits(item, answer)
        return known[answered]

    @property
    def told(self) -> str:
        """The item whose feedback is on the page, or ""."""
        item, answers = str(self.open_item), self.answers
        return item if item not in answers or self._stands(item, answers[item]) else ""

    @property
    def answered(self) -> int:
        answers = self.standing
        return sum(item in answers for item in self.order())

    @property
    def round_score(self) -> float:
        """The mean over the items of this round; what has no answer counts as 0."""
        order, answers = self.order(), self.standing
        total = sum(self.points(item, answers[item]) for item in order if item in answers)
        return round(total / len(order), 4) if order else 0.0

    @property
    def threshold(self) -> float:
        return float(self.authored.get("drempel", THRESHOLD))

    # --- posts

    def same_round(self, form: MultiDict) -> bool:
        """Whether the form was drawn in this round. Refuses what can't be a round."""
        number = form.get("ronde", "")
        if not (number.isdecimal() and len(number) < 6):
            raise AnswerRefused({"ronde": self.gettext("Dit formulier klopt niet meer. Laad de pagina opnieuw.")})
        return bool(int(number) == self.round_number)

    def asked(self, form: MultiDict) -> str:
        """The id in the form. Refuses one that isn't in this activity."""
        item = form.get("item", "")
        if item not in self.known():
            raise AnswerRefused({"item": self.gettext("Deze vraag hoort niet bij deze oefening.")})
        return str(item)

    def turn(self, form: MultiDict) -> str:
        """The item this form answers; "" when it isn't that item's turn (any more)."""
        item = self.asked(form)
        due = self.same_round(form) and not self.told and item == self.current
        return item if due else ""

    def keep(self, item: str, answer: Any) -> None:
        """Record the answer to `item` and show its feedback; after the last one the attempt is complete."""
        self.touch()
        self.answers = {**self.answers, item: answer}
        self.open_item = item
        worth = self.points(item, answer)
        self.tell_item(ANSWERED, item, score=worth, success=worth >= 1, **self.about(item))
        order, standing = self.order(), self.standing
        if all(each in standing for each in order):
            given = {each: self.answers[each] for each in order}
            record = {each: [*self.given(each, answer), self.points(each, answer)] for each, answer in given.items()}
            self.submit(record, self.round_score)
            self.complete_round()

    def touch(self) -> None:
        if self.status == NOT_STARTED:
            self.begin()
        elif not self.begun_at:
            self.start_clock()

    def finish_once(self) -> None:
        if self.status != DONE:
            self.finish()

    @form_handler
    def proceed(self, form: MultiDict) -> None:
        """Feedback read: on to the next item."""
        item = self.asked(form)
        if self.same_round(form) and item == self.open_item:
            self.open_item = ""

    @form_handler
    def again(self, form: MultiDict) -> None:
        """Once more from the start. What is done stays done."""
        if self.same_round(form) and not self.current:
            self.round_number += 1
            self.answers = {}
            self.start_round()

    def start_round(self) -> None:
        """What else a new round wipes."""

    # --- the group

    @classmethod
    def tally(cls, answers: list[Any]) -> dict[str, dict[str, Any]]:
        """Per item {"n", "p": mean points, "gekozen": [{answer: how often}, …] per part of the answer}.

        An item with p < 0.3 or > 0.95 belongs on the editor's list (curriculum 3.a, 6.2).
        """
        per_item: dict[str, list[list[Any]]] = {}
        for attempt in answers:
            if isinstance(attempt, Mapping):
                for item, record in attempt.items():
                    per_item.setdefault(item, []).append(record)
        return {item: _figures(records) for item, records in per_item.items()}

    # --- the group, for its trainer

    @classmethod
    def figures(cls, data: Mapping[str, Any], attempts: Sequence[Any], say: Say) -> list[Table]:
        """Per item how well it went (curriculum 3.a, 3.k, 3.l)."""
        asked = {item["id"]: item for item in data["items"]}

        def mistakes(item: str, record: list[Any]) -> Iterable[str]:
            return cls.mistakes(data, asked[item], record, say)

        def note(item: str, records: Sequence[list[Any]]) -> str:
            return cls.note(asked[item], records, say)

        labels = {id_: str(item.get("vraag") or item["tekst"]) for id_, item in asked.items()}
        return [items(labels, attempts, mistakes, say, note)]

    @classmethod
    def mistakes(cls, data: Mapping[str, Any], item: Mapping[str, Any], record: list[Any], say: Say) -> Iterable[str]:
        """What isn't wholly right in one answer, in the words of the page. `record`: [given, …, points]."""
        return [] if record[-1] >= 1 else [cls.answer_words(data, item, record[:-1], say)]

    @classmethod
    def answer_words(cls, data: Mapping[str, Any], item: Mapping[str, Any], given: list[Any], say: Say) -> str:
        """An answer in the words of the page; "" for one that takes too many to be told."""
        return ""

    @classmethod
    def note(cls, item: Mapping[str, Any], records: Sequence[list[Any]], say: Say) -> str:
        """What else a trainer should know of this item, or ""."""
        return ""


def _figures(records: list[list[Any]]) -> dict[str, Any]:
    parts = zip(*(record[:-1] for record in records), strict=False)
    return {
        "n": len(records),
        "p": round(sum(record[-1] for record in records) / len(records), 4),
        "gekozen": [dict(Counter(str(value) for value in part)) for part in parts],
    }
