"""Belofte-check (curriculum 3.l): what can you promise from your role? Then say a promise of your own so that it holds.

Class A; the own sentence is C: for the learner alone, never needed to be done.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from webob.multidict import MultiDict
from xblock.fields import Integer, Scope, String

from modules.authoring import Path, Problem
from modules.blocks import figures
from modules.blocks.base import AnswerRefused, form_handler
from modules.blocks.gates import check_choice, check_common, check_texts, entries
from modules.blocks.itembyitem import ItemByItem
from modules.blocks.promisecheck.rules import promise_points

# Characters: a promise as it was said, or as it could be.
LONGEST_OWN = 500
MODELS = 2


class PromiseCheck(ItemByItem):
    """An answer is [role, bin]: the key is another one for each role. Done: all promises of a round judged."""

    block_type = "promisecheck"
    stylesheets = ("oefening.css", "hints.css", "promisecheck.css")
    same_at_first = frozenset({"student_view"})

    role = String(scope=Scope.user_state, default="", help="Chosen at the start of a round")
    own = String(scope=Scope.user_state, default="", private=True, help="The learner's own promise, said anew")

    version = Integer(scope=Scope.user_state, default=0, help="How often the own promise changed")

    # --- authored

    @classmethod
    def check(cls, data: Mapping[str, Any]) -> list[Problem]:
        problems = [*check_common(data), *_check_names(data, "rollen", 1), *_check_names(data, "bakken", 2)]
        roles, bins = _names(data, "rollen"), _names(data, "bakken")
        items, wrong = entries(data, "items", at_least=2)
        problems += wrong
        for path, item in items:
            problems += _check_item(path, item, roles, bins)
        problems += _check_own(data)
        return problems

    @cached_property
    def items(self) -> dict[str, Mapping[str, Any]]:
        return {item["id"]: item for item in self.authored["items"]}

    @property
    def bins(self) -> dict[str, str]:
        bins: dict[str, str] = self.authored["bakken"]
        return bins

    @property
    def roles(self) -> dict[str, str]:
        roles: dict[str, str] = self.authored["rollen"]
        return roles

    # --- item by item

    def order(self) -> list[str]:
        """As authored the first time; mixed after that, or the order is what one learns."""
        ids = list(self.items)
        return ids if self.round_number == 1 else self.shuffled(ids, self.round_number)

    def given(self, item: str, answer: Any) -> list[Any]:
        """[role, bin]"""
        return list(answer)

    def points(self, item: str, answer: Any) -> float:
        role, chosen = answer
        return promise_points(list(self.bins), self.items[item]["sleutel"].get(role, ""), chosen)

    def complete_round(self) -> None:
        self.finish_once()

    def start_round(self) -> None:
        self.role = ""

    @property
    def playing(self) -> str:
        """The role of this round, "" while none is chosen. One role there is needs no choosing."""
        if self.role in self.roles:
            return str(self.role)
        return next(iter(self.roles)) if len(self.roles) == 1 else ""

    @classmethod
    def answer_words(cls, data: Mapping[str, Any], item: Mapping[str, Any], given: list[Any], say: figures.Say) -> str:
        role, bin_ = given
        return f"{data['rollen'][role]}: {data['bakken'][bin_]}"

    # --- posts

    @form_handler
    def choose_role(self, form: MultiDict) -> None:
        if not self.same_round(form) or self.playing:
            return
        if form.get("rol", "") not in self.roles:
            raise AnswerRefused({"rol": self.gettext("Kies de rol van waaruit je kijkt.")})
        self.touch()
        self.role = form["rol"]

    @form_handler
    def answer(self, form: MultiDict) -> None:
        item = self.turn(form)
        if not item or not self.playing:
            return
        if form.get("bak", "") not in self.bins:
            raise AnswerRefused({"bak": self.gettext("Kies wat je met deze belofte kunt.")})
        self.keep(item, [self.playing, form["bak"]])

    @form_handler
    def rewrite(self, form: MultiDict) -> None:
        """The own promise, after the last item. An empty one wipes it."""
        if not self.same_round(form) or self.current or not self.authored.get("eigen"):
            return
        text = form.get("tekst", "").replace("\r\n", "\n").strip()
        if text == self.own and text:
            return
        if not text and not self.own:
            raise AnswerRefused({"tekst": self.gettext("Schrijf eerst je eigen zin. Daarna zie je twee voorbeelden.")})
        if len(text) > LONGEST_OWN:
            raise AnswerRefused(
                {"tekst": self.gettext("Maak je zin korter: hij mag %(n)s tekens lang zijn.", n=LONGEST_OWN)}
            )
        if form.get("versie") != str(self.version):
            raise AnswerRefused(
                {
                    "tekst": self.gettext(
                        "In een ander venster is deze zin intussen veranderd. Dit is wat je hier schreef. "
                        "Bewaar opnieuw als dit jouw zin is."
                    )
                }
            )
        self.own = text
        self.version += 1

    # --- drawing

    def body_context(self) -> dict[str, Any]:
        if not self.playing and self.current:
            return {"screen": "role", "roles": list(self.roles.items())}
        current, order = self.current, self.order()
        if not current:
            results = [self._result(item) for item in order]
            return {
                "screen": "result", "results": results, "right": sum(row["points"] == 1 for row in results),
                "role": self.roles.get(self.answers[order[0]][0], ""), "longest": LONGEST_OWN,
                "models": self.authored["voorbeelden"] if self.own else [],
            }  # fmt: skip
        item, shown = self.items[current], current == self.told
        role, chosen = self.answers.get(current, [self.playing, ""])
        return {
            "screen": "promise",
            "item": {"id": current, "tekst": item["tekst"]}, "role": self.roles[self.playing],
            # The key stays on the server until there is an answer.
            "key": {"bak": self.bins[item["sleutel"][role]], "reden": item["reden"]} if shown else None,
            "chosen": chosen, "earned": self.points(current, [role, chosen]) if shown else None,
            "number": order.index(current) + 1, "total": len(order), "last": self.answered == len(order),
        }  # fmt: skip

    def _result(self, item: str) -> dict[str, Any]:
        role, chosen = self.answers[item]
        source = self.items[item]
        return {
            "tekst": source["tekst"], "chosen": self.bins.get(chosen, ""),
            "fits": self.bins.get(source["sleutel"].get(role, ""), ""), "points": self.points(item, [role, chosen]),
        }  # fmt: skip


def _names(data: Mapping[str, Any], name: str) -> list[str]:
    named = data.get(name)
    return [id_ for id_ in named if isinstance(id_, str)] if isinstance(named, Mapping) else []


def _check_names(data: Mapping[str, Any], name: str, at_least: int) -> Iterator[Problem]:
    named = data.get(name)
    if not isinstance(named, Mapping) or len(named) < at_least:
        yield Problem((name,) if name in data else (), f"'{name}' moet er minstens {at_least} noemen, als id: naam")
        return
    for id_, words in named.items():
        if not (isinstance(id_, str) and isinstance(words, str) and words.strip()):
            yield Problem((name, str(id_)), "geef dit een naam in woorden")


def _check_item(path: Path, item: Mapping[str, Any], roles: list[str], bins: list[str]) -> Iterator[Problem]:
    yield from check_texts(item, path, "tekst", "reden")
    key = item.get("sleutel")
    if not isinstance(key, Mapping):
        yield Problem((*path, "sleutel") if "sleutel" in item else path, "geef per rol de bak: {adviseur: doen}")
        return
    for role in roles:
        yield from check_choice(key, (*path, "sleutel"), role, bins)
    for role in key:
        if role not in roles:
            yield Problem((*path, "sleutel", str(role)), "er is geen rol met dit id")


def _check_own(data: Mapping[str, Any]) -> Iterator[Problem]:
    if "eigen" not in data:
        return
    yield from check_texts(data, (), "eigen")
    models = data.get("voorbeelden")
    if not (
        isinstance(models, list) and len(models) == MODELS and all(isinstance(m, str) and m.strip() for m in models)
    ):
        yield Problem(("voorbeelden",) if "voorbeelden" in data else (), "er horen twee voorbeelden bij de eigen zin")
