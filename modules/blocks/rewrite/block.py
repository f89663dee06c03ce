"""Rewriting (curriculum 3.k; units 2.3 and 3.5): say it anew in up to three rounds, with hints; models after the first.

Class B: what is written stays with the learner until it is handed in to the trainer, who alone scores it (0 to 3).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from webob.multidict import MultiDict
from xblock.fields import Dict, List, Scope, String

from modules.authoring import Path, Problem
from modules.blocks.base import ANSWERED, COMPLETED, DONE, NOT_STARTED, AnswerRefused, form_handler
from modules.blocks.gates import check_common, check_texts, entries
from modules.blocks.handingin import RATINGS, HandsIn, Piece
from modules.blocks.rewrite.rules import MOST_ROUNDS, needed, rounds_left
from modules.blocks.taal import RULES
from modules.blocks.taal.woorden import looked_at

# Characters. The longest thing to write anew is a letter of one page.
LONGEST = 4000
MODELS = (2, 3)


class Rewrite(HandsIn):
    """One item a page; after the last the overview, from where each can be opened again.

    `handed_in` holds {item id: text}.
    A form carries the item and `versie`, how many versions there were when it was drawn.
    """

    block_type = "rewrite"
    verbs = frozenset({ANSWERED, COMPLETED})
    is_rated = True
    stylesheets = ("oefening.css", "hints.css", "rewrite.css")
    same_at_first = frozenset({"student_view"})

    versions = Dict(scope=Scope.user_state, default={}, private=True, help="{item id: [text of each round]}")
    open_item = String(scope=Scope.user_state, default="", help="The item on the page, where it was asked for")
    passed = List(scope=Scope.user_state, default=[], help="Items left for later")

    # --- authored

    @classmethod
    def check(cls, data: Mapping[str, Any]) -> list[Problem]:
        problems = list(check_common(data))
        items, wrong = entries(data, "items")
        problems += wrong
        for path, item in items:
            problems += _check_item(path, item)
        least = data.get("minstens")
        if least is not None and not (type(least) is int and 0 < least <= len(items)):
            problems.append(Problem(("minstens",), "moet een aantal zijn, niet meer dan er teksten zijn"))
        return problems

    @classmethod
    def pieces(cls, data: Mapping[str, Any], words: Mapping[str, Any]) -> list[Piece]:
        """Each text beside the one it was made of, in their order."""
        asked = {item["id"]: item["tekst"] for item in data["items"]}
        order = [*asked, *(item for item in words if item not in asked)]
        return [Piece(asked.get(item, ""), words[item]) for item in order if item in words]

    @cached_property
    def items(self) -> dict[str, Mapping[str, Any]]:
        return {item["id"]: item for item in self.authored["items"]}

    # --- where the learner is

    @property
    def current(self) -> str:
        """The item on the page, "" for the overview. Of what was wiped but for the texts, the first is there again."""
        if self.open_item in self.items:
            return str(self.open_item)
        if self.status == NOT_STARTED:
            return next(iter(self.items))
        return next((item for item in self.items if item not in self.versions and item not in self.passed), "")

    def newest(self) -> dict[str, str]:
        """{item id: the text as it is now}, of what has been written."""
        return {item: self.versions[item][-1] for item in self.items if self.versions.get(item)}

    # --- posts

    @form_handler
    def write(self, form: MultiDict) -> None:
        """A next version of the item on the page."""
        item = self._asked(form)
        versions = self.versions.get(item, [])
        text = form.get("tekst", "").replace("\r\n", "\n").strip()
        if item != self.current or text in versions[-1:]:
            return
        if form.get("versie") != str(len(versions)):
            raise AnswerRefused(
                {
                    "tekst": self.gettext(
                        "In een ander venster is deze tekst intussen veranderd. Dit is wat je hier schreef. "
                        "Bewaar opnieuw als je deze wilt houden."
                    )
                }
            )
        if not rounds_left(self.items[item], versions):
            return
        if not text:
            raise AnswerRefused({"tekst": self.gettext("Schrijf eerst je eigen versie. Daarna zie je voorbeelden.")})
        if len(text) > LONGEST:
            raise AnswerRefused({"tekst": self.gettext("Houd het bij %(n)s tekens.", n=LONGEST)})
        self._touch()
        self.versions = {**self.versions, item: [*versions, text]}
        self.tell_item(ANSWERED, item)
        self.open_item = item
        self._finish_when_complete()

    @form_handler
    def onward(self, form: MultiDict) -> None:
        """Away from the item on the page: seen, or left for later."""
        item = self._asked(form)
        if item != self.current:
            return
        self._touch()
        self.open_item = ""
        if item not in self.versions and item not in self.passed:
            self.passed = [*self.passed, item]
        self._finish_when_complete()

    @form_handler
    def open(self, form: MultiDict) -> None:
        """From the overview to an item."""
        item = self._asked(form)
        if not self.current:
            self.open_item = item

    @form_handler
    def hand_in(self, form: MultiDict) -> None:
        """Let the trainer see all that is written, or take it back (`inleveren` = "ja" or "nee")."""
        if self.current:
            return
        if form.get("inleveren") == "nee":
            self.take_back()
        elif form.get("inleveren") == "ja" and self.has_trainer:
            self.hand_over(self.newest())

    @form_handler
    def erase(self, form: MultiDict) -> None:
        """Wipe what was written to one item, everywhere. What was done stays done."""
        item = self._asked(form)
        if item in self.versions and form.get("versie") == str(len(self.versions[item])):
            self.versions = {each: texts for each, texts in self.versions.items() if each != item}
            left = {each: text for each, text in self.handed_in.items() if each != item}
            if left:
                self.hand_over(left)
            else:
                self.take_back()
            self.passed = [*self.passed, item]
            self.open_item = ""
            self.said = self.gettext("Gewist")

    def score_with(self, rating: int | None) -> float | None:
        return None if rating is None else rating / RATINGS[-1]

    def _asked(self, form: MultiDict) -> str:
        item = form.get("item", "")
        if item not in self.items:
            raise AnswerRefused({"item": self.gettext("Deze tekst hoort niet bij deze oefening.")})
        return str(item)

    def _touch(self) -> None:
        if self.status == NOT_STARTED:
            self.begin()

    def _finish_when_complete(self) -> None:
        """Enough first versions. The attempt says how often each was written, and nothing of the words."""
        if self.status != DONE and len(self.newest()) >= needed(self.authored):
            self.submit({item: len(texts) for item, texts in self.versions.items() if item in self.items}, None)
            self.finish()

    # --- drawing

    def body_context(self) -> dict[str, Any]:
        current = self.current
        if not current:
            return {"screen": "overview", **self._overview()}
        item, versions = self.items[current], self.versions.get(current, [])
        return {
            "screen": "item",
            "item": {name: item.get(name, "") for name in ("id", "van", "tekst", "opdracht")},
            "versions": versions, "left": rounds_left(item, versions), "longest": LONGEST,
            "rows": max(3, min(12, len(item["tekst"]) // 60)),
            "looked": looked_at(versions[-1], item.get("hints", []), self.language) if versions else None,
            # The models stay on the server until there is a version of one's own.
            "models": item["modellen"] if versions else [], "thought": item.get("let_op", "") if versions else "",
            "number": list(self.items).index(current) + 1, "total": len(self.items),
        }  # fmt: skip

    def _overview(self) -> dict[str, Any]:
        newest = self.newest()
        return {
            "rows": [
                {
                    "id": id_, "van": item.get("van", ""), "tekst": item["tekst"], "own": newest.get(id_, ""),
                    "left": rounds_left(item, self.versions.get(id_, [])),
                    "versie": len(self.versions.get(id_, [])),
                    "models": item["modellen"] if id_ in newest else [],
                }
                for id_, item in self.items.items()
            ],
            "missing": max(0, needed(self.authored) - len(newest)),
            "changed": bool(self.handed_in) and self.handed_in != newest,
        }  # fmt: skip


def _check_item(path: Path, item: Mapping[str, Any]) -> Iterator[Problem]:
    yield from check_texts(item, path, "tekst", "opdracht")
    for name in ("van", "let_op"):
        if name in item:
            yield from check_texts(item, path, name)
    hints = item.get("hints", [])
    if not isinstance(hints, list):
        yield Problem((*path, "hints"), "moet een lijst zijn")
    else:
        for index, name in enumerate(hints):
            if not (isinstance(name, str) and name in RULES):
                yield Problem((*path, "hints", index), f"moet een van deze zijn: {', '.join(RULES)}")
    turns = item.get("rondes", MOST_ROUNDS)
    if not (type(turns) is int and 1 <= turns <= MOST_ROUNDS):
        yield Problem((*path, "rondes"), f"moet 1 tot en met {MOST_ROUNDS} zijn")
    yield from _check_models(path, item.get("modellen"), "modellen" in item)


def _check_models(path: Path, models: object, there: bool) -> Iterator[Problem]:
    few, many = MODELS
    if not (isinstance(models, list) and few <= len(models) <= many):
        yield Problem((*path, "modellen") if there else path, f"er horen {few} of {many} modellen bij")
        return
    for index, model in enumerate(models):
        if isinstance(model, Mapping):
            yield from check_texts(model, (*path, "modellen", index), "naam", "tekst")
        else:
            yield Problem((*path, "modellen", index), "geef het model een naam en een tekst")
