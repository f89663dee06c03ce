"""Ladder van gevolgtrekking (curriculum 3.e): from what was there to see to what one did, and down again.

A given incident (class A): cards on rungs, then one test question and another action. An own one (class C): seven rungs
in own words, a test question at a rung that wobbles, another action. Free text is private in both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from webob.multidict import MultiDict
from xblock.fields import Scope, String

from modules.authoring import Authored, Problem
from modules.blocks.allatonce import AllAtOnce
from modules.blocks.base import ANSWERED, COMPLETED, REFLECTED, AnswerRefused, form_handler
from modules.blocks.figures import Part, Say, Table, met, spread
from modules.blocks.inferenceladder import gates
from modules.blocks.inferenceladder.rules import DONE, RUNGS, SEEN, rung_points

# Of an own ladder, in this order: the rungs, down again, another action, all of it.
UP, DOWN, ACT, WHOLE = "omhoog", "omlaag", "handeling", "geheel"
STEPS = (UP, DOWN, ACT, WHOLE)


class InferenceLadder(AllAtOnce):
    """An answer is {card: rung}. In `written`: "wankel", "vraag" and "handeling" of a given ladder; "s1" to "s7", "v1"
    to "v7" (the test question at a rung) and "handeling" of an own one."""

    block_type = "inferenceladder"
    CARDS, FIELD = "kaartjes", "sport"
    verbs = frozenset({ANSWERED, COMPLETED, REFLECTED})
    stylesheets = ("oefening.css", "eigenwerk.css", "ladder.css")

    step = String(scope=Scope.user_state, default=UP, help="Where the learner is on an own ladder: one of STEPS")

    # --- authored

    @classmethod
    def read(cls, text: str) -> Authored:
        """YAML. The numbers of the rungs become text, as they are in JSON too."""
        authored = super().read(text)
        data = dict(authored.data)
        if isinstance(data.get("sporten"), dict):
            data["sporten"] = {str(number): rung for number, rung in data["sporten"].items()}
        return Authored(data, authored.lines)

    @classmethod
    def check(cls, data: Mapping[str, Any]) -> list[Problem]:
        return list(gates.problems(data))

    @property
    def rungs(self) -> dict[int, Mapping[str, Any]]:
        return {number: self.authored["sporten"][str(number)] for number in RUNGS}

    @classmethod
    def figures(cls, data: Mapping[str, Any], attempts: Sequence[Any], say: Say) -> list[Table]:
        """The rungs a card was laid on, beside its own (curriculum 3.e); of a given incident only."""
        _ = say
        names = {number: f"{number} {data['sporten'][str(number)]['naam']}" for number in RUNGS}
        labels = {card["id"]: card["tekst"] for card in data["kaartjes"]}
        own = {card["id"]: (Part(names[card["sport"]], None),) for card in data["kaartjes"]}
        chosen = {card: [names[record[0]] for record in met(card, attempts)] for card in labels}
        return [replace(spread(labels, chosen, own, say), beside=_("Bedoeld"))]

    # --- item by item

    def points(self, item: str, answer: Any) -> float:
        return rung_points(self.cards[item]["sport"], answer)

    def start_round(self) -> None:
        self.written = {}
        self.version += 1

    @property
    def places(self) -> Mapping[str, int]:
        return {str(rung): rung for rung in RUNGS}

    def lay_first(self, card: str, number: int) -> str:
        return self.gettext("Kies een sport voor kaartje %(letter)s.", letter=_letter(number - 1))

    def tell_laid(self, card: str, worth: float) -> None:
        self.tell_item(ANSWERED, card, score=worth, success=worth >= 1)

    # --- posts: a given incident

    @form_handler
    def question(self, form: MultiDict) -> None:
        """The rung that wobbles most, and a question that would test it."""
        if self.is_own or not self.laid or not self.same_round(form):
            return
        self.returned = DOWN
        rung = form.get("wankel", "")
        if rung not in map(str, RUNGS):
            raise AnswerRefused({"wankel": self.gettext("Kies de sport die het meest wankelt.")})
        new = self.texts(form, ["vraag"], {"vraag": self.gettext("Schrijf een vraag. Eén zin is genoeg.")})
        if not self.is_stale(form, {**new, "wankel": rung}):
            self.remember({**new, "wankel": rung})

    # --- posts: an own incident

    @form_handler
    def write(self, form: MultiDict) -> None:
        """The rungs. What was there to see and what one did are needed; the others may stay empty."""
        if not self.is_own:
            return
        self.returned = UP
        needed = {
            f"s{SEEN}": self.gettext("Begin hier: wat had een camera gezien?"),
            f"s{DONE}": self.gettext("Schrijf ook wat je deed. Van daaruit klim je weer naar beneden."),
        }
        new = self.texts(form, [f"s{rung}" for rung in RUNGS], needed)
        if not self.is_stale(form, new):
            # A question at a rung that is empty now has nothing left to ask about.
            self.remember({**new, **{f"v{rung}": "" for rung in RUNGS if not new[f"s{rung}"]}})
            self.step = DOWN

    @form_handler
    def descend(self, form: MultiDict) -> None:
        """Down again: at least one test question, at a rung that has words."""
        if not self.is_own or STEPS.index(self.step) < STEPS.index(DOWN):
            return
        self.returned = DOWN
        filled = self.filled_rungs
        new = self.texts(form, [f"v{rung}" for rung in filled], {})
        if not any(new.values()):
            first = f"v{filled[-1]}" if filled else "versie"
            raise AnswerRefused(
                {first: self.gettext("Schrijf bij minstens één sport een vraag die je zou kunnen stellen.")}
            )
        if not self.is_stale(form, new):
            self.remember(new)
            self.step = ACT

    @form_handler
    def act(self, form: MultiDict) -> None:
        """Another action, once one has climbed down: the last step of both kinds."""
        ready = self.step in (ACT, WHOLE) if self.is_own else bool(self.laid and self.written.get("vraag"))
        if not ready:
            return
        self.returned = ACT
        new = self.texts(form, ["handeling"], {"handeling": self.gettext("Schrijf wat je nu zou doen.")})
        if not self.is_stale(form, new):
            self.remember(new)
            self.step = WHOLE
            self.done()

    def finish(self) -> None:
        super().finish()
        self.tell(REFLECTED)

    @form_handler
    def back(self, form: MultiDict) -> None:
        """To an earlier step of an own ladder, to write it differently."""
        step = form.get("stap", "")
        if step not in STEPS:
            raise AnswerRefused({"stap": self.gettext("Dit formulier klopt niet meer. Laad de pagina opnieuw.")})
        if self.is_own and form.get("versie") == str(self.version) and STEPS.index(step) < STEPS.index(self.step):
            self.step = step

    def erased(self) -> None:
        self.step = UP

    @property
    def filled_rungs(self) -> list[int]:
        """The rungs of an own ladder that have words, from below."""
        return [rung for rung in RUNGS if self.written.get(f"s{rung}")]

    # --- drawing

    def is_same_at_first(self, view: str) -> bool:
        """An own ladder begins empty for everybody; the cards of a given one are mixed."""
        return self.is_own and view == "student_view"

    def body_context(self) -> dict[str, Any]:
        return self._own_context() if self.is_own else self._given_context()

    def _own_context(self) -> dict[str, Any]:
        step = self.returned or (self.step if self.written else UP)
        names = {UP: self.gettext("De ladder op"), DOWN: self.gettext("De ladder af"),
                 ACT: self.gettext("Een andere handeling"), WHOLE: self.gettext("Het geheel")}  # fmt: skip
        return {
            "screen": f"eigen_{step}", "step": step, "written": self.written, "filled": self.filled_rungs[::-1],
            "steps": [(name, names[name], STEPS.index(name) < STEPS.index(step)) for name in STEPS],
            "rungs": self.rungs, "down": RUNGS[::-1], "needed": (SEEN, DONE),
        }  # fmt: skip

    def _given_context(self) -> dict[str, Any]:
        order, laid = self.order(), self.laid
        letters = dict(zip(order, map(_letter, range(len(order))), strict=True))
        context: dict[str, Any] = {
            "rungs": self.rungs, "down": RUNGS[::-1], "screen": "oordeel" if laid else "leggen",
            "options": [(str(rung), f"{rung}. {self.rungs[rung]['naam']}") for rung in RUNGS],
            "cards": [{"id": id_, "tekst": self.cards[id_]["tekst"], "letter": letters[id_]} for id_ in order],
            "fields": [f"sport-{id_}" for id_ in order], "own": {}, "ours": {}, "written": self.written,
        }  # fmt: skip
        if laid:
            # The key stays on the server until the cards are laid.
            rows = [self._row(id_, letters[id_]) for id_ in sorted(order, key=lambda id_: self.cards[id_]["sport"])]
            context |= {
                "rows": rows, "exact": sum(row["earned"] == 1 for row in rows),
                "own": {rung: [row["letter"] for row in rows if row["own"] == rung != row["right"]] for rung in RUNGS},
                "ours": {rung: [row["letter"] for row in rows if row["right"] == rung] for rung in RUNGS},
                "model": self.rungs[int(self.written["wankel"])]["toetsvraag"] if self.written.get("wankel") else "",
                "stage": self.returned or self._stage(),
            }  # fmt: skip
        return context

    def _stage(self) -> str:
        """Where the learner is with a given incident, once the cards are laid."""
        return WHOLE if self.written.get("handeling") else ACT if self.written.get("vraag") else DOWN

    def _row(self, id_: str, letter: str) -> dict[str, Any]:
        card, own = self.cards[id_], self.answers[id_]
        return {
            "letter": letter, "tekst": card["tekst"], "uitleg": card["uitleg"], "own": own, "right": card["sport"],
            "naam": self.rungs[card["sport"]]["naam"], "earned": self.points(id_, own),
        }  # fmt: skip


def _letter(place: int) -> str:
    """A, B, … Z, AA: how a card is called in the drawing."""
    return chr(ord("A") + place % 26) * (place // 26 + 1)
