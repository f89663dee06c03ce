"""Sorting cards (curriculum 3.k): into bins, one card at a time, or into a sequence. Never by dragging alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from webob.multidict import MultiDict
from xblock.fields import List, Scope, String

from modules.authoring import Path, Problem
from modules.blocks import figures
from modules.blocks.base import ANSWERED, COMPLETED, PASSED, AnswerRefused, form_handler
from modules.blocks.cardsort.rules import bin_points, moved, place_points, sequence_score
from modules.blocks.gates import check_choice, check_common, check_texts, entries, is_number
from modules.blocks.itembyitem import ItemByItem

BINS, SEQUENCE = "bakken", "volgorde"
STEPS = {"omhoog": -1, "omlaag": 1}


class Cardsort(ItemByItem):
    """In bins an answer is the bin's id. A sequence is one answer for all cards: each card's place, from 1.

    Authored: `bakken` is a list of names, or a mapping from id to name; a card has `bak`, and may have `half`,
    {another bin: what it is worth}. In a sequence the cards stand in the right order.
    """

    block_type = "cardsort"
    verbs = frozenset({ANSWERED, PASSED, COMPLETED})
    stylesheets = ("oefening.css", "cardsort.css")

    draft = List(scope=Scope.user_state, default=[], help="A sequence under way: card ids in the order chosen so far")
    touched = String(scope=Scope.user_state, default="", help="card:step of the button pressed last, to go on from")

    # --- authored

    @classmethod
    def check(cls, data: Mapping[str, Any]) -> list[Problem]:
        problems = [*check_common(data), *check_choice({"vorm": BINS, **data}, (), "vorm", (BINS, SEQUENCE))]
        sequence = data.get("vorm") == SEQUENCE
        cards, wrong = entries(data, "items", at_least=3 if sequence else 2)
        problems += wrong
        for path, card in cards:
            problems += check_texts(card, path, "tekst", "uitleg")
        if not sequence:
            problems += _check_bins(data, cards)
        return problems

    @property
    def sequence(self) -> bool:
        return bool(self.authored.get("vorm") == SEQUENCE)

    @cached_property
    def cards(self) -> dict[str, Mapping[str, Any]]:
        return {card["id"]: card for card in self.authored["items"]}

    @cached_property
    def bins(self) -> dict[str, str]:
        return _bins(self.authored)

    # --- item by item

    def order(self) -> list[str]:
        return self.shuffled(list(self.cards), self.round_number)

    def given(self, item: str, answer: Any) -> list[Any]:
        return [answer]

    def points(self, item: str, answer: Any) -> float:
        if not self.sequence:
            return bin_points(self.cards[item], answer)
        return place_points(list(self.cards), sorted(self.answers, key=self.answers.__getitem__), item)

    def complete_round(self) -> None:
        if self.round_score >= self.threshold:
            self.finish_once()

    def start_round(self) -> None:
        self.draft, self.touched = [], ""

    @classmethod
    def answer_words(cls, data: Mapping[str, Any], item: Mapping[str, Any], given: list[Any], say: figures.Say) -> str:
        _ = say
        [chosen] = given
        return _("plek %(n)s", n=chosen) if data.get("vorm") == SEQUENCE else _bins(data)[chosen]

    # --- posts: bins

    @form_handler
    def answer(self, form: MultiDict) -> None:
        card = self.turn(form)
        if not card or self.sequence:
            return
        if form.get("bak", "") not in self.bins:
            raise AnswerRefused({"bak": self.gettext("Kies waar dit kaartje hoort.")})
        self.keep(card, form["bak"])

    # --- posts: a sequence

    @property
    def laid(self) -> bool:
        """Whether this round's sequence is given. One from other cards (an older edition) isn't."""
        return self.sequence and set(self.answers) == set(self.cards)

    @property
    def arranged(self) -> list[str]:
        """The cards as they lie now."""
        if self.laid:
            return sorted(self.answers, key=self.answers.__getitem__)
        return list(self.draft) if set(self.draft) == set(self.cards) else self.order()

    @form_handler
    def move(self, form: MultiDict) -> None:
        """One card one place up or down, after the places chosen in the lists."""
        if not self._sequence_open(form):
            return
        card, _, step = form.get("stap", "").rpartition(":")
        if card not in self.cards or step not in STEPS:
            raise AnswerRefused({"stap": self.gettext("Dit kaartje hoort niet bij deze oefening.")})
        places = self._places(form)
        self.touch()
        self.draft = moved(sorted(self.arranged, key=places.__getitem__), card, STEPS[step])
        self.touched = f"{card}:{step}"

    @form_handler
    def arrange(self, form: MultiDict) -> None:
        """This is my sequence."""
        if not self._sequence_open(form):
            return
        places = self._places(form)
        taken: dict[int, str] = {}
        errors = {}
        for card in self.arranged:
            if places[card] in taken:
                errors[f"plek-{card}"] = self.gettext("Plek %(n)s is twee keer gekozen.", n=places[card])
            taken[places[card]] = card
        if errors:
            raise AnswerRefused(errors)
        self._keep_sequence(places)

    def _keep_sequence(self, places: dict[str, int]) -> None:
        self.touch()
        self.answers = places
        ordered = sorted(places, key=places.__getitem__)
        record = {card: [places[card], place_points(list(self.cards), ordered, card)] for card in self.cards}
        for card, (_, worth) in record.items():
            self.tell_item(ANSWERED, card, score=worth, success=worth >= 1)
        self.submit(record, sequence_score(list(self.cards), ordered))
        self.complete_round()

    def _sequence_open(self, form: MultiDict) -> bool:
        return self.same_round(form) and self.sequence and not self.laid

    def _places(self, form: MultiDict) -> dict[str, int]:
        """{card: place from 1} as the lists say. Refuses a place there isn't."""
        allowed = {str(n): n for n in range(1, len(self.cards) + 1)}
        given = {card: form.get(f"plek-{card}", "") for card in self.cards}
        errors = {
            f"plek-{card}": self.gettext("Kies een plek voor elk kaartje.")
            for card, place in given.items()
            if place not in allowed
        }
        if errors:
            raise AnswerRefused(errors)
        return {card: allowed[place] for card, place in given.items()}

    # --- drawing

    def body_context(self) -> dict[str, Any]:
        order = self.order()
        screen = self._screen()
        context: dict[str, Any] = {"screen": screen, "total": len(order)}
        if screen == "card":
            context |= self._one_card(order)
        elif screen == "sequence":
            context |= {
                "cards": [{"id": id_, "tekst": self.cards[id_]["tekst"]} for id_ in self.arranged],
                "fields": [f"plek-{id_}" for id_ in self.arranged],
                "places": [(str(n), n) for n in range(1, len(order) + 1)],
            }
        else:
            context |= {"results": self._results(), "good_enough": self.round_score >= self.threshold}
        return context

    def _screen(self) -> str:
        if self.sequence:
            return "arranged" if self.laid else "sequence"
        return "card" if self.current else "sorted"

    def _one_card(self, order: list[str]) -> dict[str, Any]:
        current = self.current
        card = self.cards[current]
        shown = current == self.told
        chosen = self.answers.get(current, "")
        return {
            "card": {"id": card["id"], "tekst": card["tekst"]},
            # The key stays on the server until there is an answer.
            "key": {"bak": self.bins[card["bak"]], "uitleg": card["uitleg"]} if shown else None,
            "chosen": chosen, "earned": self.points(current, chosen) if shown else None,
            "number": order.index(current) + 1, "last": self.answered == len(order),
        }  # fmt: skip

    def _results(self) -> list[dict[str, Any]]:
        """Per card what was chosen, what fits and why. A sequence in the right order, bins in the order played."""
        ids = list(self.cards) if self.sequence else self.order()
        return [
            {
                "tekst": self.cards[id_]["tekst"], "uitleg": self.cards[id_]["uitleg"],
                "earned": self.points(id_, self.answers[id_]),
                "chosen": self.answers[id_] if self.sequence else self.bins.get(self.answers[id_], ""),
                "fits": place if self.sequence else self.bins[self.cards[id_]["bak"]],
            }
            for place, id_ in enumerate(ids, 1)
            if id_ in self.answers
        ]  # fmt: skip


def _bins(data: Mapping[str, Any]) -> dict[str, str]:
    bins = data.get("bakken", [])
    pairs = bins.items() if isinstance(bins, Mapping) else ((name, name) for name in bins)
    return {id_: name for id_, name in pairs if isinstance(id_, str) and isinstance(name, str) and name.strip()}


def _check_bins(data: Mapping[str, Any], cards: list[tuple[Path, Mapping[str, Any]]]) -> Iterator[Problem]:
    if not isinstance(data.get("bakken"), list | Mapping):
        yield Problem(("bakken",), "moet een lijst met namen zijn")
        return
    bins = _bins(data)
    if len(bins) < 2 or len(bins) < len(data["bakken"]):
        yield Problem(("bakken",), "er horen minstens twee bakken te staan, elk met een eigen naam")
    for path, card in cards:
        yield from check_choice(card, path, "bak", bins)
        half = card.get("half", {})
        if not isinstance(half, Mapping):
            yield Problem((*path, "half"), "moet uit bakken en getallen bestaan")
            continue
        for bin_, worth in half.items():
            if bin_ not in bins or bin_ == card.get("bak"):
                yield Problem((*path, "half", bin_), "moet een andere bak van deze oefening zijn")
            if not (is_number(worth) and 0 < worth < 1):
                yield Problem((*path, "half", bin_), "moet tussen 0 en 1 liggen")
    unused = set(bins) - {card.get("bak") for _, card in cards if isinstance(card.get("bak"), str)}
    for bin_ in sorted(unused):
        yield Problem(("bakken",), f"in '{bin_}' hoort geen enkel kaartje")
