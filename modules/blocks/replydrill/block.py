"""A drill in replying (curriculum 3.k, unit 1.3): choose one of three replies to a line, then type your own question.

What is typed is for the learner alone. Hints on it, and a model beside it, are never a score.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from webob.multidict import MultiDict
from xblock.fields import Dict, List, Scope

from modules.authoring import Path, Problem
from modules.blocks import figures
from modules.blocks.base import AnswerRefused, form_handler
from modules.blocks.gates import check_choice, check_common, check_texts, entries, is_number
from modules.blocks.itembyitem import ItemByItem
from modules.blocks.replydrill.rules import LONGEST_IS_BEST_AT_MOST, REPLIES, WORTH, longest_is_best, reply_points
from modules.blocks.taal import RULES
from modules.blocks.taal.woorden import looked_at

# Characters. One question, as one would ask it.
LONGEST_OWN = 300


class ReplyDrill(ItemByItem):
    """An answer is the position of a reply as authored. On the page a reply is called by its place there.

    An item is behind the learner when a reply is chosen and a question typed; only then does its model come.
    """

    block_type = "replydrill"
    stylesheets = ("oefening.css", "hints.css", "replydrill.css")

    # The learner's own words: private, also when the drill is done again (curriculum 3.k).
    texts = Dict(scope=Scope.user_state, default={}, private=True, help="{item id: own question, the newest}")
    written = List(scope=Scope.user_state, default=[], help="Items with an own question in this round")

    # --- authored

    @classmethod
    def check(cls, data: Mapping[str, Any]) -> list[Problem]:
        problems = [*check_common(data), *check_texts(data, (), "opdracht"), *_check_codes(data), *_check_hints(data)]
        items, wrong = entries(data, "items")
        problems += wrong
        codes = data["codes"] if isinstance(data.get("codes"), Mapping) else {}
        broken = [problem for path, item in items for problem in _check_item(path, item, codes)]
        problems += broken
        if not broken and longest_is_best([item for _, item in items]) > LONGEST_IS_BEST_AT_MOST:
            problems.append(Problem(("items",), "de beste reactie is te vaak de langste (in meer dan 60%)"))
        return problems

    @classmethod
    def assets(cls, data: Mapping[str, Any]) -> list[str]:
        return [
            item["audio"][form]
            for _, item in entries(data, "items")[0]
            if isinstance(item.get("audio"), Mapping)
            for form in ("opus", "mp3")
            if isinstance(item["audio"].get(form), str)
        ]

    @cached_property
    def items(self) -> dict[str, Mapping[str, Any]]:
        return {item["id"]: item for item in self.authored["items"]}

    # --- item by item

    def order(self) -> list[str]:
        return list(self.items)

    def given(self, item: str, answer: Any) -> list[Any]:
        """[position, code of that reply]"""
        return [answer, self.items[item]["reacties"][answer]["code"]]

    def points(self, item: str, answer: Any) -> float:
        return reply_points(self.items[item], answer)

    def complete_round(self) -> None:
        self._finish_when_complete()

    def start_round(self) -> None:
        self.written = []

    def _finish_when_complete(self) -> None:
        if all(item in self.answers and item in self.written for item in self.items):
            self.finish_once()

    @classmethod
    def answer_words(cls, data: Mapping[str, Any], item: Mapping[str, Any], given: list[Any], say: figures.Say) -> str:
        return str(item["reacties"][given[0]]["tekst"])

    # --- posts

    @form_handler
    def answer(self, form: MultiDict) -> None:
        item = self.turn(form)
        if not item:
            return
        shown = self.shown(item)
        if form.get("reactie", "") not in shown:
            raise AnswerRefused({"reactie": self.gettext("Kies een reactie.")})
        self.keep(item, shown[form["reactie"]])

    @form_handler
    def own(self, form: MultiDict) -> None:
        """The own question to the item whose feedback is on the page; may be changed there as often as one likes."""
        item = self.asked(form)
        if not self.same_round(form) or item != self.told:
            return
        text = form.get("tekst", "").replace("\r\n", "\n").strip()
        if not text:
            raise AnswerRefused({"tekst": self.gettext("Schrijf eerst zelf een vraag. Daarna zie je een voorbeeld.")})
        if len(text) > LONGEST_OWN:
            raise AnswerRefused(
                {"tekst": self.gettext("Maak je vraag korter: hij mag %(n)s tekens lang zijn.", n=LONGEST_OWN)}
            )
        self.texts = {**self.texts, item: text}
        if item not in self.written:
            self.written = [*self.written, item]
        self._finish_when_complete()

    @form_handler
    def proceed(self, form: MultiDict) -> None:
        """On to the next line, once there is an own question."""
        item = self.asked(form)
        if self.same_round(form) and item == self.told and item in self.written:
            self.open_item = ""

    # --- drawing

    def shown(self, item: str) -> dict[str, int]:
        """{place on the page: position as authored} of the replies, mixed for this learner and round."""
        positions = self.shuffled(list(range(len(self.items[item]["reacties"]))), f"{self.round_number}|{item}")
        return {str(place): position for place, position in enumerate(positions, 1)}

    def body_context(self) -> dict[str, Any]:
        current = self.current
        if not current:
            return {"screen": "result", "results": [self._result(item) for item in self.items]}
        order, item, shown = self.order(), self.items[current], self.shown(current)
        chosen = self.answers.get(current) if current == self.told else None
        written = current in self.written and chosen is not None
        own = self.texts.get(current, "")
        return {
            "screen": "line",
            "item": {name: item.get(name) for name in ("id", "spreker", "tekst", "audio")},
            # Without worth, code and why: those stay on the server until there is an answer.
            "replies": [(place, item["reacties"][at]["tekst"]) for place, at in shown.items()],
            "chosen": next((place for place, at in shown.items() if at == chosen), None),
            "feedback": self._feedback(current, shown, chosen) if chosen is not None else None,
            "own": own if chosen is not None else "",
            "looked": looked_at(own, self.authored.get("hints", []), self.language) if written else None,
            "model": item["voorbeeld"] if written else "",
            "number": order.index(current) + 1, "total": len(order), "longest": LONGEST_OWN,
            "last": len(self.written) == len(order),
        }  # fmt: skip

    def _feedback(self, item: str, shown: Mapping[str, int], chosen: int) -> list[dict[str, Any]]:
        """What each reply does, the chosen one first."""
        replies, codes = self.items[item]["reacties"], self.authored["codes"]
        told = [
            {
                "tekst": replies[at]["tekst"], "uitleg": replies[at]["uitleg"], "code": codes[replies[at]["code"]],
                "waarde": replies[at]["waarde"], "chosen": at == chosen,
            }
            for at in shown.values()
        ]  # fmt: skip
        return sorted(told, key=lambda reply: not reply["chosen"])

    def _result(self, item: str) -> dict[str, Any]:
        answer = self.answers[item]
        return {
            "spreker": self.items[item]["spreker"], "tekst": self.items[item]["tekst"],
            "points": self.points(item, answer), "own": self.texts.get(item, ""),
            "model": self.items[item]["voorbeeld"],
        }  # fmt: skip


def _check_codes(data: Mapping[str, Any]) -> Iterator[Problem]:
    codes = data.get("codes")
    if not (isinstance(codes, Mapping) and codes and all(isinstance(n, str) and n.strip() for n in codes.values())):
        yield Problem(("codes",) if "codes" in data else (), "geef elke code een naam: 'codes: {inhoud: Vat samen}'")


def _check_hints(data: Mapping[str, Any]) -> Iterator[Problem]:
    hints = data.get("hints", [])
    if not isinstance(hints, list):
        yield Problem(("hints",), "moet een lijst zijn")
        return
    for index, name in enumerate(hints):
        if not (isinstance(name, str) and name in RULES):
            yield Problem(("hints", index), f"moet een van deze zijn: {', '.join(RULES)}")


def _check_item(path: Path, item: Mapping[str, Any], codes: Mapping[str, Any]) -> Iterator[Problem]:
    yield from check_texts(item, path, "spreker", "tekst", "voorbeeld")
    yield from _check_audio(path, item)
    replies = item.get("reacties")
    if not (isinstance(replies, list) and len(replies) == REPLIES and all(isinstance(r, Mapping) for r in replies)):
        where = (*path, "reacties") if "reacties" in item else path
        yield Problem(where, f"er horen precies {REPLIES} reacties te staan")
        return
    for index, reply in enumerate(replies):
        at: Path = (*path, "reacties", index)
        yield from check_texts(reply, at, "tekst", "uitleg")
        yield from check_choice(reply, at, "code", [str(code) for code in codes])
        if not (is_number(reply.get("waarde")) and reply["waarde"] in WORTH):
            yield Problem((*at, "waarde") if "waarde" in reply else at, "de waarde moet 1, 0.5 of 0 zijn")
    if not any(is_number(reply.get("waarde")) and reply["waarde"] == 1 for reply in replies):
        yield Problem((*path, "reacties"), "minstens één reactie moet waarde 1 hebben")


def _check_audio(path: Path, item: Mapping[str, Any]) -> Iterator[Problem]:
    audio = item.get("audio")
    if audio is None:
        return
    if not isinstance(audio, Mapping):
        yield Problem((*path, "audio"), "noem het geluid als opus en mp3")
        return
    for form in ("opus", "mp3"):
        if not (isinstance(audio.get(form), str) and audio[form].endswith(f".{form}")):
            yield Problem((*path, "audio"), f"noem het geluid ook als .{form}")
