"""Lagenkaart ongenoegen (curriculum 3.o): what lies under behaviour, and to which layer one replies.

A case (class A): quotes on layers, then a reply with what each opens and closes. An own map (class C): three layers and
a reply in own words, for nobody else.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from webob.multidict import MultiDict
from xblock.fields import Boolean, Scope, String

from modules.authoring import Problem
from modules.blocks.allatonce import OWN, AllAtOnce
from modules.blocks.base import ANSWERED, PLACED, AnswerRefused, form_handler
from modules.blocks.figures import Say, Table, by_experts, met, spread
from modules.blocks.halfway import Halfway
from modules.blocks.layermap import gates
from modules.blocks.layermap.rules import LAYERS, quote_points
from modules.blocks.shares import ILLUSTRATIVE, MIN_GROUP, contested, ranked

FIELDS = (*LAYERS, "antwoord")


def _layer_names(say: Say) -> dict[str, str]:
    _ = say
    return {"gedrag": _("Gedrag"), "emotie": _("Emotie"), "behoefte": _("Behoefte")}


class LayerMap(Halfway, AllAtOnce):
    """An answer is {quote: layer}. `written` holds the four texts of an own map."""

    block_type = "layermap"
    CARDS, FIELD = "citaten", "laag"
    verbs = frozenset({PLACED, ANSWERED})
    own_page = True
    same_at_first = frozenset({"summary_view"})
    stylesheets = ("oefening.css", "eigenwerk.css", "halverwege.css", "layermap.css")
    scripts = ("drafts.js",)

    reply = String(scope=Scope.user_state, default="", help="The id of the reply that was chosen in this round")
    writing = Boolean(scope=Scope.user_state, default=True, help="An own map is being written, not looked at")

    # --- authored

    @classmethod
    def check(cls, data: Mapping[str, Any]) -> list[Problem]:
        return list(gates.problems(data))

    @cached_property
    def replies(self) -> dict[str, Mapping[str, Any]]:
        return {reply["id"]: reply for reply in self.authored.get("antwoorden", [])}

    @classmethod
    def figures(cls, data: Mapping[str, Any], attempts: Sequence[Any], say: Say) -> list[Table]:
        """The layers a quote was laid on, beside the experts (curriculum 3.o)."""
        names = _layer_names(say)
        labels = {quote["id"]: quote["tekst"] for quote in data["citaten"]}
        experts = {quote["id"]: by_experts(quote["sleutel"], names) for quote in data["citaten"]}
        chosen = {quote: [names[record[0]] for record in met(quote, attempts)] for quote in labels}
        return [replace(spread(labels, chosen, experts, say), our_parts=True)]

    # --- item by item

    def points(self, item: str, answer: Any) -> float:
        return quote_points(self.cards[item]["sleutel"], answer)

    def start_round(self) -> None:
        self.reply = ""

    @property
    def places(self) -> Mapping[str, str]:
        return {layer: layer for layer in LAYERS}

    def lay_first(self, card: str, number: int) -> str:
        return self.gettext("Kies een laag bij citaat %(n)s.", n=number)

    def tell_laid(self, card: str, worth: float) -> None:
        self.tell_item(PLACED, card, score=worth)

    # --- posts: a case

    @form_handler
    def answer(self, form: MultiDict) -> None:
        """Choose a reply. One may choose another afterwards: each shows what it opens and closes."""
        if self.is_own or not self.laid or not self.same_round(form):
            return
        if form.get("antwoord", "") not in self.replies:
            raise AnswerRefused({"antwoord": self.gettext("Kies wat jij zou zeggen.")})
        self.reply = form["antwoord"]
        self.tell_item(ANSWERED, "antwoord", response=self.reply)
        self.finish_once()

    # --- posts: an own map

    @form_handler
    def write(self, form: MultiDict) -> None:
        """Three layers and a reply, in own words."""
        if not self.is_own:
            return
        self.returned = OWN
        why = self.gettext("Schrijf hier iets. Een vermoeden is genoeg.")
        new = self.texts(form, FIELDS, dict.fromkeys(FIELDS, why))
        if not self.is_stale(form, new):
            self.remember(new)
            self.sent_whole(form)
            self.writing = False
            self.done()

    @form_handler
    def change(self, form: MultiDict) -> None:
        """Back to the form, with what is there."""
        if self.is_own and self.written and form.get("versie") == str(self.version):
            self.writing = True

    def erased(self) -> None:
        self.writing = True
        self.drop_halves()

    @property
    def is_written_now(self) -> bool:
        """Whether the form of an own map is on the page."""
        return self.is_own and bool(self.writing or self.returned or not self.written)

    def half_forms(self) -> Mapping[str, Collection[str]]:
        return {f"{OWN}-{self.version}": FIELDS} if self.is_written_now else {}

    # --- drawing

    def layer_names(self) -> dict[str, str]:
        return _layer_names(self.gettext)

    def layer_meanings(self) -> dict[str, str]:
        _ = self.gettext
        return {
            "gedrag": _("Wat iemand doet of zegt. Dat zie en hoor je."),
            "emotie": _("Wat iemand voelt. Dat hoor je erdoorheen."),
            "behoefte": _("Wat iemand nodig heeft. Dat zit het diepst."),
        }

    def body_context(self) -> dict[str, Any]:
        context: dict[str, Any] = {"names": self.layer_names(), "meanings": self.layer_meanings(), "layers": LAYERS}
        if self.is_own:
            screen = "eigen" if self.is_written_now else "eigen_kaart"
            half = f"{OWN}-{self.version}"
            return {**context, "screen": screen, "written": self.written, "fields": list(FIELDS), "half": half}
        return {**context, **(self._laid_context() if self.laid else self._to_lay())}

    def _numbers(self) -> dict[str, int]:
        return {id_: number for number, id_ in enumerate(self.order(), 1)}

    def _to_lay(self) -> dict[str, Any]:
        quotes = [
            {
                "id": id_,
                "nr": number,
                "tekst": self.cards[id_]["tekst"],
                "spreker": self.cards[id_].get("spreker", ""),
            }
            for id_, number in self._numbers().items()
        ]
        return {
            "screen": "leggen", "quotes": quotes, "fields": [f"laag-{quote['id']}" for quote in quotes],
            "options": list(self.layer_names().items()), "own": {}, "ours": {},
        }  # fmt: skip

    def _laid_context(self) -> dict[str, Any]:
        rows = [self._row(id_, number) for id_, number in self._numbers().items()]
        replies = self.shuffled(list(self.replies.values()), f"antwoorden {self.round_number}")
        return {
            "screen": "gelegd", "rows": rows, "reply": self.replies.get(self.reply),
            "same": sum(row["earned"] == 1 for row in rows),
            "ours": {layer: [row["nr"] for row in rows if layer in row["modal"]] for layer in LAYERS},
            "own": {layer: [row["nr"] for row in rows if row["own"] == layer not in row["modal"]] for layer in LAYERS},
            "illustrative": self.authored.get("aandelen") == ILLUSTRATIVE,
            "replies": sorted(self.replies.values(), key=lambda reply: LAYERS.index(reply["laag"])),
            "choices": [(reply["id"], reply["tekst"]) for reply in replies],
            "deepest": LAYERS[-1],
        }  # fmt: skip

    def _row(self, id_: str, number: int) -> dict[str, Any]:
        quote, own = self.cards[id_], self.answers[id_]
        shares = quote["sleutel"]
        experts = ranked(shares)
        return {
            "nr": number, "tekst": quote["tekst"], "spreker": quote.get("spreker", ""), "uitleg": quote["uitleg"],
            "own": own, "earned": self.points(id_, own), "experts": experts, "differ": contested(shares),
            "modal": [layer for layer, share in experts if share == experts[0][1]], "group": self._group(id_),
        }  # fmt: skip

    def _group(self, id_: str) -> list[tuple[str, int]]:
        """[(layer, people)] of at least five people who chose for this quote, most first."""
        figures = (self.cohort_figures() or {}).get("figures") or {}
        counts = figures.get(id_) or {}
        chosen = (counts.get("gekozen") or [{}])[0] if counts.get("n", 0) >= MIN_GROUP else {}
        return sorted(
            ((layer, n) for layer, n in chosen.items() if layer in LAYERS), key=lambda pair: (-pair[1], pair[0])
        )
