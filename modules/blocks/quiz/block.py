"""A quiz (curriculum 3.k): one question at a time, feedback on each option; as a knowledge check with draws of a pool.

A pool serves several places: each learner has it in an order of their own, spread over its goals. The Eindpunt draws
from the front of it, round after round, the Herhaalmoment from the back (`vanaf: eind`). So nobody meets an item again
before the pool is used up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any, ClassVar

from webob.multidict import MultiDict
from xblock.fields import Dict, List, Scope

from modules.authoring import Path, Problem
from modules.blocks import figures
from modules.blocks.base import ANSWERED, COMPLETED, PASSED, AnswerRefused, form_handler
from modules.blocks.gates import Entry, check_choice, check_common, check_texts, entries
from modules.blocks.itembyitem import ItemByItem
from modules.blocks.quiz.rules import (
    KINDS,
    LONGEST_IS_RIGHT_AT_MOST,
    MULTIPLE,
    ORDERING,
    SHORT,
    SINGLE,
    drawn,
    longest_is_right,
    matched,
    multiple_points,
    ordering_points,
    single_points,
    spread,
)

# Characters: "kort" is a word or a few.
LONGEST_SHORT = 200
# Curriculum 3.k, and 2.5 for a pool that is drawn from.
ITEMS_PER_GOAL = 3
ITEMS_IN_POOL = 25
FRONT, BACK = "begin", "eind"


class Quiz(ItemByItem):
    """Answers are positions in the authored options: one (enkel; kort, -1 for none), or a list (meer, volgorde).

    On the page an option is called by its place there, so that the form says nothing about the authored order.
    In an item of kind `volgorde` the options stand in the right order; in `kort` they are the answers the author
    foresaw, right and wrong, and the item's own `feedback` is for all others.
    """

    block_type = "quiz"
    verbs = frozenset({ANSWERED, PASSED, COMPLETED})
    stylesheets = ("oefening.css", "quiz.css")
    attributes: ClassVar[Mapping[str, Callable[[str], Any]]] = {"trekking": int, "vanaf": str, "drempel": float}

    drawn = List(scope=Scope.user_state, default=[], help="This round's items, fixed at its first answer")
    # Free text, so private, also here: an attempt only says which foreseen answer it was.
    texts = Dict(scope=Scope.user_state, default={}, private=True, help="{item id: short answer as typed}")

    # --- authored

    @classmethod
    def check(cls, data: Mapping[str, Any]) -> list[Problem]:
        problems = list(check_common(data))
        items, wrong = entries(data, "items")
        problems += wrong
        broken = [problem for path, item in items for problem in _check_item(path, item)]
        problems += broken
        if not broken and longest_is_right([item for _, item in items]) > LONGEST_IS_RIGHT_AT_MOST:
            problems.append(Problem(("items",), "het goede antwoord is te vaak het langste (in meer dan 60%)"))
        problems += _check_pool(data, items)
        problems += _check_goals(data, items)
        return problems

    @cached_property
    def items(self) -> dict[str, Mapping[str, Any]]:
        return {item["id"]: item for item in self.authored["items"]}

    # --- item by item

    def known(self) -> set[str]:
        return set(self.items)

    def order(self) -> list[str]:
        """As authored, or this round's draw. A draw is this learner's and stays until the next round."""
        items = self.items
        if self.drawn and all(item in items for item in self.drawn):
            return list(self.drawn)
        return drawn(self._pool(), self.draw, self.round_number) if self.draw else list(items)

    @property
    def draw(self) -> int:
        """How many of the pool are drawn; 0 where all are asked."""
        return self.authored.get("trekking") or 0

    def _pool(self) -> list[str]:
        """The same wherever this learner meets this pool."""
        pool = str(self.authored["id"])
        goals: dict[Any, list[str]] = {}
        for key, item in self.items.items():
            goals.setdefault(item.get("doel"), []).append(key)
        order = spread(self.shuffled([self.shuffled(keys, goal, of=pool) for goal, keys in goals.items()], of=pool))
        return order[::-1] if self.authored.get("vanaf") == BACK else order

    def given(self, item: str, answer: Any) -> list[Any]:
        return [answer]

    def points(self, item: str, answer: Any) -> float:
        question = self.items[item]
        match _kind(question):
            case "meer":
                return multiple_points(question["opties"], answer)
            case "volgorde":
                return ordering_points(answer)
            case "kort" if answer < 0:
                return 0.0
        return single_points(question["opties"], answer)

    def submit(self, answers: Any, score: float | None) -> None:
        """Of draws from a pool the best counts (curriculum 3.0, "for knowledge items")."""
        best = max(self.score or 0.0, score or 0.0) if self.draw else score
        super().submit(answers, score)
        self.score = best

    def fits(self, item: str, answer: Any) -> bool:
        question = self.items.get(item, {})
        kind, places = _kind(question), range(-1 if _kind(question) == SHORT else 0, len(question.get("opties", ())))
        if kind == ORDERING:
            return isinstance(answer, list) and sorted(answer) == list(places)
        several = kind == MULTIPLE
        return isinstance(answer, list) == several and set(answer if several else [answer]) <= set(places)

    @classmethod
    def answer_words(cls, data: Mapping[str, Any], item: Mapping[str, Any], given: list[Any], say: figures.Say) -> str:
        _ = say
        [chosen], options = given, item["opties"]
        match _kind(item):
            case "meer":
                return " + ".join(options[place]["tekst"] for place in sorted(chosen))
            case "volgorde":
                return ""
            case "kort" if chosen < 0:
                return _("een ander antwoord")
        return str(options[chosen]["tekst"])

    def complete_round(self) -> None:
        if self.round_score >= self.threshold:
            self.finish_once()

    def start_round(self) -> None:
        self.drawn, self.texts = [], {}

    # --- posts

    @form_handler
    def answer(self, form: MultiDict) -> None:
        item = self.turn(form)
        if not item:
            return
        answer = self._read(item, form)
        self.drawn = self.order()
        self.keep(item, answer)

    def _read(self, item: str, form: MultiDict) -> Any:
        """The answer in the form. Refuses what doesn't fit the question."""
        question, shown = self.items[item], self.shown(item)
        match _kind(question):
            case "kort":
                return self._read_short(item, form.get("antwoord", "").strip())
            case "volgorde":
                return self._read_ordering(shown, form)
            case "meer":
                chosen = form.getall("antwoord")
                if not chosen or not set(chosen) <= set(shown):
                    raise AnswerRefused({"antwoord": self.gettext("Kies één of meer antwoorden.")})
                return sorted({shown[place] for place in chosen})
        if form.get("antwoord", "") not in shown:
            raise AnswerRefused({"antwoord": self.gettext("Kies een antwoord.")})
        return shown[form["antwoord"]]

    def _read_short(self, item: str, text: str) -> int:
        if not text:
            raise AnswerRefused({"antwoord": self.gettext("Schrijf een kort antwoord.")})
        if len(text) > LONGEST_SHORT:
            raise AnswerRefused(
                {"antwoord": self.gettext("Maak je antwoord korter: het mag %(n)s tekens lang zijn.", n=LONGEST_SHORT)}
            )
        self.texts = {**self.texts, item: text}
        return matched(self.items[item]["opties"], text)

    def _read_ordering(self, shown: Mapping[str, int], form: MultiDict) -> list[int]:
        """A number for each option shown; together 1 to n, each once."""
        wanted = {str(n) for n in range(1, len(shown) + 1)}
        places = {place: form.get(f"plek-{place}", "") for place in shown}
        count = Counter(places.values())
        errors = {}
        for place, number in places.items():
            if number not in wanted:
                errors[f"plek-{place}"] = self.gettext("Kies een plek voor elke regel.")
            elif count[number] > 1:
                errors[f"plek-{place}"] = self.gettext("Plek %(n)s is twee keer gekozen.", n=number)
        if errors:
            raise AnswerRefused(errors)
        return [shown[place] for place in sorted(places, key=lambda place: int(places[place]))]

    # --- drawing

    def shown(self, item: str) -> dict[str, int]:
        """{place on the page: position as authored} of an item's options, mixed for this learner and round."""
        positions = self.shuffled(list(range(len(self.items[item]["opties"]))), f"{self.round_number}|{item}")
        return {str(place): position for place, position in enumerate(positions, 1)}

    def body_context(self) -> dict[str, Any]:
        order, current = self.order(), self.current
        if current:
            return {"screen": "question", **self._question(current, order)}
        right = sum(self.points(item, self.answers[item]) == 1 for item in order)
        return {
            "screen": "result", "right": right, "total": len(order), "good_enough": self.round_score >= self.threshold,
            "pool": bool(self.draw),
            "results": [
                {"vraag": self.items[item]["vraag"], "points": self.points(item, self.answers[item])} for item in order
            ],
        }  # fmt: skip

    def _question(self, current: str, order: list[str]) -> dict[str, Any]:
        item, shown = self.items[current], self.shown(current)
        options = item["opties"]
        done = current == self.told
        kind = _kind(item)
        return {
            "item": {"id": current, "vraag": item["vraag"], "soort": kind},
            # Without what is right and why: that stays on the server until there is an answer.
            "options": [] if kind == SHORT else [(place, options[at]["tekst"]) for place, at in shown.items()],
            "places": [(str(n), n) for n in range(1, len(shown) + 1)],
            "number": order.index(current) + 1, "total": len(order), "last": self.answered == len(order),
            "feedback": self._feedback(current, shown) if done else None,
            "earned": self.points(current, self.answers[current]) if done else None,
            "chosen": self._chosen(current, shown) if done else [],
            "longest": LONGEST_SHORT, "text": self.texts.get(current, "") if done else "",
        }  # fmt: skip

    def _chosen(self, item: str, shown: Mapping[str, int]) -> list[str]:
        """The answer as places on the page."""
        answer = self.answers[item]
        positions = answer if isinstance(answer, list) else [answer]
        place_of = {position: place for place, position in shown.items()}
        return [place_of[position] for position in positions if position in place_of]

    def _feedback(self, item: str, shown: Mapping[str, int]) -> list[dict[str, Any]]:
        """What to say to this answer: on what was chosen first, then on the others. An ordering: in the right order."""
        question, answer = self.items[item], self.answers[item]
        options = question["opties"]
        if _kind(question) == ORDERING:
            return [{**_said(option), "chosen": answer.index(at) == at} for at, option in enumerate(options)]
        if _kind(question) == SHORT:
            right = next(option for option in options if option.get("goed"))
            mine = options[answer] if answer >= 0 else {"tekst": "", "goed": False, "feedback": question["feedback"]}
            return [{**_said(mine), "chosen": True}] + ([] if mine.get("goed") else [{**_said(right), "chosen": False}])
        chosen = set(answer) if isinstance(answer, list) else {answer}
        told = [{**_said(options[at]), "chosen": at in chosen} for at in shown.values()]
        return sorted(told, key=lambda option: not option["chosen"])


def _kind(item: Mapping[str, Any]) -> str:
    return str(item.get("soort", SINGLE))


def _said(option: Mapping[str, Any]) -> dict[str, Any]:
    return {"tekst": option["tekst"], "goed": bool(option.get("goed")), "feedback": option["feedback"]}


def _check_item(path: Path, item: Mapping[str, Any]) -> Iterator[Problem]:
    yield from check_texts(item, path, "vraag")
    yield from check_choice({"soort": SINGLE, **item}, path, "soort", KINDS)
    kind, options = item.get("soort", SINGLE), item.get("opties")
    at_least = 1 if kind == SHORT else 2
    if not isinstance(options, list) or len(options) < at_least or not all(isinstance(o, Mapping) for o in options):
        yield Problem((*path, "opties") if "opties" in item else path, f"er horen minstens {at_least} opties te staan")
        return
    for index, option in enumerate(options):
        yield from check_texts(option, (*path, "opties", index), "tekst", "feedback")
        if kind != ORDERING and not isinstance(option.get("goed"), bool):
            yield Problem((*path, "opties", index), "'goed' moet true of false zijn")
    yield from _check_key(path, item, kind, sum(option.get("goed") is True for option in options))


def _check_key(path: Path, item: Mapping[str, Any], kind: object, right: int) -> Iterator[Problem]:
    if kind == SINGLE and right != 1:
        yield Problem((*path, "opties"), f"er moet precies één goed antwoord zijn, er zijn er {right}")
    if kind in (MULTIPLE, SHORT) and right < 1:
        yield Problem((*path, "opties"), "er moet minstens één goed antwoord zijn")
    if kind == SHORT:
        yield from check_texts(item, path, "feedback")


def _check_pool(data: Mapping[str, Any], items: list[Entry]) -> Iterator[Problem]:
    """A pool that is drawn from is large enough to draw from again, and says its goals so that a draw has them all."""
    draw = data.get("trekking")
    if data.get("vanaf", FRONT) not in (FRONT, BACK):
        yield Problem(("vanaf",), f"moet een van deze zijn: {FRONT}, {BACK}")
    if draw is None:
        return
    if not (type(draw) is int and 0 < draw <= len(items)):
        yield Problem(("trekking",), "moet een aantal zijn, niet meer dan er vragen zijn")
    if len(items) < ITEMS_IN_POOL:
        yield Problem(("items",), f"er zijn {len(items)} vragen om uit te trekken; het moeten er minstens 25 zijn")
    if "doelen" not in data:
        yield Problem(("trekking",), "vragen om uit te trekken horen bij 'doelen'")


def _check_goals(data: Mapping[str, Any], items: list[Entry]) -> Iterator[Problem]:
    """Three items a goal, for a pool that names its goals."""
    goals = data.get("doelen")
    if goals is None:
        return
    if not isinstance(goals, Mapping):
        yield Problem(("doelen",), "moet uit doelen met een naam bestaan")
        return
    for path, item in items:
        yield from check_choice(item, path, "doel", [str(goal) for goal in goals])
    count = Counter(item.get("doel") for _, item in items if isinstance(item.get("doel"), str))
    for goal in goals:
        if count[goal] < ITEMS_PER_GOAL:
            yield Problem(("doelen", goal), f"er zijn {count[goal]} vragen bij dit doel; het moeten er minstens 3 zijn")
