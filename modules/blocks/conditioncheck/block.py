"""Judge settings on the conditions of a space in between, then make one better (curriculum 3.k, unit 4.1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from webob.multidict import MultiDict
from xblock.fields import Scope, String

from modules.authoring import Path, Problem
from modules.blocks import figures
from modules.blocks.base import AnswerRefused, form_handler
from modules.blocks.conditioncheck.rules import item_points, judged
from modules.blocks.gates import check_common, check_texts, entries
from modules.blocks.itembyitem import ItemByItem

# Characters: a few sentences.
LONGEST = 1000


class ConditionCheck(ItemByItem):
    """An answer is {condition: word of the scale}. The improvement in own words is private (class C)."""

    block_type = "conditioncheck"
    stylesheets = ("oefening.css", "eigenwerk.css", "conditioncheck.css")
    same_at_first = frozenset({"student_view"})

    choice = String(scope=Scope.user_state, default="", help="The setting that was made better")
    improvement = String(scope=Scope.user_state, default="", private=True, help="How, in the learner's own words")

    # --- authored

    @classmethod
    def check(cls, data: Mapping[str, Any]) -> list[Problem]:
        problems = [*check_common(data), *check_texts(data, (), "verbeter"), *_check_conditions(data)]
        items, wrong = entries(data, "items", at_least=2)
        problems += wrong
        for path, item in items:
            problems += check_texts(item, path, "tekst", "uitleg", "verbetering")
            problems += _check_key(item, path, _conditions(data), _scale(data))
        return problems

    @property
    def conditions(self) -> dict[str, str]:
        return _conditions(self.authored)

    @property
    def scale(self) -> list[str]:
        return _scale(self.authored)

    @property
    def items(self) -> dict[str, Mapping[str, Any]]:
        return {item["id"]: item for item in self.authored["items"]}

    # --- item by item

    def order(self) -> list[str]:
        """As written the first time, mixed after that."""
        ids = list(self.items)
        return ids if self.round_number == 1 else self.shuffled(ids, self.round_number)

    def given(self, item: str, answer: Any) -> list[Any]:
        return [answer.get(name, "") for name in self.conditions]

    def points(self, item: str, answer: Any) -> float:
        return item_points(self.scale, self.items[item]["sleutel"], answer)

    def complete_round(self) -> None:
        self._finish_when_improved()

    def _finish_when_improved(self) -> None:
        """All settings judged, and one of them made better."""
        if self.attempts and self.improvement:
            self.finish_once()

    @classmethod
    def mistakes(
        cls, data: Mapping[str, Any], item: Mapping[str, Any], record: list[Any], say: figures.Say
    ) -> Iterable[str]:
        """Each condition that was judged otherwise."""
        names = _conditions(data)
        judged = zip(names, record[:-1], strict=False)
        return [f"{names[name]}: {word}" for name, word in judged if word and word != item["sleutel"].get(name)]

    # --- posts

    @form_handler
    def answer(self, form: MultiDict) -> None:
        item = self.turn(form)
        if not item:
            return
        chosen = {name: form.get(f"oordeel-{name}", "") for name in self.conditions}
        errors = {
            f"oordeel-{name}": self.gettext("Kies wat het dichtst bij deze plek past.")
            for name, word in chosen.items()
            if word not in self.scale
        }
        if errors:
            raise AnswerRefused(errors)
        self.keep(item, chosen)

    @form_handler
    def improve(self, form: MultiDict) -> None:
        """One setting, in own words. May be written anew: the newest is kept."""
        if not self.same_round(form) or self.current:
            return
        item, text = form.get("plek", ""), form.get("tekst", "").strip()
        errors = {}
        if item not in self.items:
            errors["plek"] = self.gettext("Kies de plek die jij beter maakt.")
        if not text:
            errors["tekst"] = self.gettext("Schrijf wat jij zou veranderen. Eén zin is genoeg.")
        elif len(text.replace("\r\n", "\n")) > LONGEST:
            errors["tekst"] = self.gettext("Houd het bij %(n)s tekens.", n=LONGEST)
        if errors:
            raise AnswerRefused(errors)
        self.choice, self.improvement = item, text
        self._finish_when_improved()

    # --- drawing

    def body_context(self) -> dict[str, Any]:
        order, current = self.order(), self.current
        context: dict[str, Any] = {"total": len(order), "scale": [(word, word) for word in self.scale]}
        if current:
            return {"screen": "plek", **context, **self._one_setting(order, current)}
        improved = self.items.get(self.choice)
        return {
            "screen": "geheel", **context, "rows": self._rows(), "longest": LONGEST,
            "places": [(id_, item["tekst"]) for id_, item in self.items.items()],
            "improved": improved if self.improvement else None,
        }  # fmt: skip

    def _one_setting(self, order: list[str], current: str) -> dict[str, Any]:
        item, shown = self.items[current], current == self.told
        chosen = self.answers.get(current, {})
        verdicts = {
            name: (item["sleutel"][name], judged(self.scale, item["sleutel"][name], chosen.get(name, "")))
            for name in (self.conditions if shown else ())
        }
        return {
            "item": {"id": current, "tekst": item["tekst"]},
            "fields": [(f"oordeel-{name}", name, words) for name, words in self.conditions.items()],
            # The key stays on the server until there is an answer.
            "verdicts": verdicts, "uitleg": item["uitleg"] if shown else "",
            "chosen": chosen, "shown": shown,
            "number": order.index(current) + 1, "last": self.answered == len(order),
        }  # fmt: skip

    def _rows(self) -> list[dict[str, Any]]:
        """Per setting how it was judged, condition by condition, and what we chose."""
        rows = []
        for id_ in self.order():
            item, own = self.items[id_], self.answers.get(id_, {})
            pairs = [(own.get(name, ""), item["sleutel"][name]) for name in self.conditions]
            rows.append({"tekst": item["tekst"], "pairs": pairs})
        return rows


def _conditions(data: Mapping[str, Any]) -> dict[str, str]:
    found = data.get("voorwaarden")
    pairs = found.items() if isinstance(found, Mapping) else ()
    return {str(name): words for name, words in pairs if isinstance(words, str) and words.strip()}


def _scale(data: Mapping[str, Any]) -> list[str]:
    found = data.get("schaal")
    return [word for word in found if isinstance(word, str) and word.strip()] if isinstance(found, list) else []


def _check_conditions(data: Mapping[str, Any]) -> Iterator[Problem]:
    found, scale = data.get("voorwaarden"), data.get("schaal")
    if not isinstance(found, Mapping) or not found or len(_conditions(data)) < len(found):
        yield Problem(("voorwaarden",), "geef elke voorwaarde een naam en een zin")
    words = _scale(data)
    if not isinstance(scale, list) or len(words) < len(scale) or len(set(words)) < max(2, len(words)):
        yield Problem(("schaal",), "geef minstens twee verschillende woorden, op volgorde, zoals [ja, deels, nee]")


def _check_key(
    item: Mapping[str, Any], path: Path, conditions: Mapping[str, str], scale: list[str]
) -> Iterator[Problem]:
    key = item.get("sleutel")
    if not isinstance(key, Mapping):
        yield Problem(
            (*path, "sleutel") if "sleutel" in item else path, "geef bij elke voorwaarde een woord van de schaal"
        )
        return
    for name in conditions:
        if key.get(name) not in scale:
            where = (*path, "sleutel", name) if name in key else (*path, "sleutel")
            yield Problem(where, f"'{name}' moet een van deze zijn: {', '.join(scale)}")
    for name in key:
        if name not in conditions:
            yield Problem((*path, "sleutel", str(name)), "deze voorwaarde staat niet bij 'voorwaarden'")
