"""Situations with a few actions to choose from (curriculum 3.k; units 3.4, 4.3 and 4.4).

At a key situation the right action is needed to go on: after another one there is its explanation at once, and the
choice again. The first choice counts for the score.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from webob.multidict import MultiDict
from xblock.fields import Dict, Scope

from modules.authoring import Path, Problem
from modules.blocks import figures
from modules.blocks.base import ANSWERED, COMPLETED, PASSED, AnswerRefused, form_handler
from modules.blocks.decisioncards.rules import action_points, is_key, is_safe
from modules.blocks.gates import check_common, check_texts, entries, is_number
from modules.blocks.itembyitem import ItemByItem

# An action that is always the right one gives the exercise away.
SAME_ACTION_AT_MOST = 0.6
ENOUGH_ITEMS = 5


class DecisionCards(ItemByItem):
    """An answer is the id of the action chosen first. Done: all chosen, each key situation right in the end."""

    block_type = "decisioncards"
    verbs = frozenset({ANSWERED, PASSED, COMPLETED})
    stylesheets = ("oefening.css", "decisioncards.css")

    tried = Dict(scope=Scope.user_state, default={}, help="{key situation: actions chosen after the first, in order}")

    # --- authored

    @classmethod
    def check(cls, data: Mapping[str, Any]) -> list[Problem]:
        problems = list(check_common(data))
        if "acties" in data:
            problems += _check_actions((), data["acties"])
        items, wrong = entries(data, "items")
        problems += wrong
        for path, item in items:
            problems += _check_item(path, item, data)
        if not problems:
            problems += _check_spread([item for _, item in items], data)
        return problems

    @cached_property
    def items(self) -> dict[str, Mapping[str, Any]]:
        return {item["id"]: item for item in self.authored["items"]}

    def actions(self, item: str) -> dict[str, str]:
        """{id: words}, the item's own or those of all, as they stand on the page: own ones are mixed."""
        own = self.items[item].get("acties")
        if own is None:
            shared: dict[str, str] = self.authored["acties"]
            return shared
        return dict(self.shuffled(list(own.items()), f"{self.round_number}|{item}"))

    # --- item by item

    def order(self) -> list[str]:
        """As authored the first time; mixed after that, or the order is what one learns."""
        ids = list(self.items)
        return ids if self.round_number == 1 else self.shuffled(ids, self.round_number)

    def given(self, item: str, answer: Any) -> list[Any]:
        return [answer]

    def points(self, item: str, answer: Any) -> float:
        return action_points(self.items[item], answer)

    def complete_round(self) -> None:
        self._finish_when_complete()

    def start_round(self) -> None:
        self.tried = {}

    def chosen(self, item: str) -> list[str]:
        """All that was chosen at `item` in this round, first to last."""
        return [self.answers[item], *self.tried.get(item, [])] if item in self.answers else []

    def is_clear(self, item: str) -> bool:
        return item in self.answers and is_safe(self.items[item], self.chosen(item))

    def _finish_when_complete(self) -> None:
        if all(self.is_clear(item) for item in self.items):
            self.finish_once()

    @classmethod
    def answer_words(cls, data: Mapping[str, Any], item: Mapping[str, Any], given: list[Any], say: figures.Say) -> str:
        [chosen] = given
        return str(item.get("acties", data.get("acties"))[chosen])

    @classmethod
    def note(cls, item: Mapping[str, Any], records: Sequence[list[Any]], say: figures.Say) -> str:
        """Of a key situation how many still needed the key, in whole fives: below that no number is named."""
        _ = say
        if not is_key(item):
            return ""
        wrong = figures.in_fives([record for record in records if record[-1] < 1])
        if not wrong:
            return _("Sleutelsituatie")
        return _("Sleutelsituatie. Bij minstens %(n)s mensen ging het de eerste keer nog mis.", n=len(wrong))

    # --- posts

    @form_handler
    def answer(self, form: MultiDict) -> None:
        item = self.turn(form)
        if item:
            self.keep(item, self._action(item, form))

    @form_handler
    def retry(self, form: MultiDict) -> None:
        """Another choice at a key situation that isn't right yet."""
        item = self.asked(form)
        if not self.same_round(form) or item != self.told or self.is_clear(item):
            return
        action = self._action(item, form)
        if action not in self.chosen(item):
            self.tried = {**self.tried, item: [*self.tried.get(item, []), action]}
            self._finish_when_complete()

    @form_handler
    def proceed(self, form: MultiDict) -> None:
        """On to the next situation; at a key situation only after the right action."""
        item = self.asked(form)
        if self.same_round(form) and item == self.told and self.is_clear(item):
            self.open_item = ""

    def _action(self, item: str, form: MultiDict) -> str:
        if form.get("actie", "") not in self.actions(item):
            raise AnswerRefused({"actie": self.gettext("Kies wat jij zou doen.")})
        return str(form["actie"])

    # --- drawing

    def body_context(self) -> dict[str, Any]:
        current = self.current
        if not current:
            order = self.order()
            results = [self._result(item) for item in order]
            return {"screen": "result", "results": results, "right": sum(row["points"] == 1 for row in results)}
        order, item, actions = self.order(), self.items[current], self.actions(current)
        chosen = self.chosen(current) if current == self.told else []
        clear = bool(chosen) and self.is_clear(current)
        return {
            "screen": "situation",
            # Outside nobody says which situation is a key one either: so not before the first choice.
            "item": {
                "id": current, "tekst": item["tekst"], "thema": item.get("thema", ""),
                "key": bool(chosen) and is_key(item),
            },
            "actions": list(actions.items()),
            # Before a key situation is right, only what was chosen is explained: the rest would give it away.
            "feedback": self._feedback(current, chosen, list(actions) if clear else chosen[-1:]) if chosen else None,
            "chosen": chosen, "clear": clear, "first_right": bool(chosen) and self.points(current, chosen[0]) == 1,
            "earned": self.points(current, chosen[-1]) if chosen else None,
            "number": order.index(current) + 1, "total": len(order),
            "last": all(each in self.answers for each in order),
        }  # fmt: skip

    def _feedback(self, item: str, chosen: list[str], told: list[str]) -> list[dict[str, Any]]:
        """What each of the actions in `told` brings, the one chosen last first."""
        source, names = self.items[item], self.actions(item)
        rows = [
            {
                "naam": names[action], "uitleg": source["uitleg"][action], "chosen": action == chosen[-1],
                "points": action_points(source, action),
            }
            for action in told
        ]  # fmt: skip
        return sorted(rows, key=lambda row: not row["chosen"])

    def _result(self, item: str) -> dict[str, Any]:
        actions, source = self.actions(item), self.items[item]
        best = [actions[action] for action in actions if action_points(source, action) == 1]
        first = self.answers[item]
        return {
            "tekst": source["tekst"], "thema": source.get("thema", ""), "key": is_key(source),
            "chosen": actions.get(first, ""), "fits": best, "points": self.points(item, first),
        }  # fmt: skip


def _check_actions(path: Path, actions: object) -> Iterator[Problem]:
    if not isinstance(actions, Mapping) or len(actions) < 2:
        yield Problem((*path, "acties"), "er horen minstens twee acties te staan: 'acties: {luisteren: Doorgaan}'")
        return
    for action, words in actions.items():
        if not (isinstance(action, str) and isinstance(words, str) and words.strip()):
            yield Problem((*path, "acties", str(action)), "geef de actie een naam in woorden")


def _check_item(path: Path, item: Mapping[str, Any], data: Mapping[str, Any]) -> Iterator[Problem]:
    yield from check_texts(item, path, "tekst")
    if "thema" in item:
        yield from check_texts(item, path, "thema")
    if not isinstance(item.get("sleutelsituatie", False), bool):
        yield Problem((*path, "sleutelsituatie"), "moet true of false zijn")
    if "acties" in item:
        yield from _check_actions(path, item["acties"])
    elif "acties" not in data:
        yield Problem(path, "noem de acties, hier of bovenaan voor alle situaties")
    actions = _actions(item, data)
    yield from _check_key(path, item, actions)
    told = item.get("uitleg")
    if not isinstance(told, Mapping):
        yield Problem((*path, "uitleg") if "uitleg" in item else path, "leg elke actie uit")
        return
    yield from check_texts(told, (*path, "uitleg"), *actions)
    for action in told:
        if action not in actions:
            yield Problem((*path, "uitleg", str(action)), "er is geen actie met dit id")


def _check_key(path: Path, item: Mapping[str, Any], actions: list[str]) -> Iterator[Problem]:
    key = item.get("sleutel")
    if not isinstance(key, Mapping) or not key:
        yield Problem((*path, "sleutel") if "sleutel" in item else path, "geef de sleutel als {actie: punten}")
        return
    for action, worth in key.items():
        if action not in actions:
            yield Problem((*path, "sleutel", str(action)), "er is geen actie met dit id")
        if not (is_number(worth) and 0 <= worth <= 1):
            yield Problem((*path, "sleutel", str(action)), "moet tussen 0 en 1 liggen")
    if not any(is_number(worth) and worth == 1 for worth in key.values()):
        yield Problem((*path, "sleutel"), "minstens één actie moet 1 punt waard zijn")


def _check_spread(items: list[Mapping[str, Any]], data: Mapping[str, Any]) -> Iterator[Problem]:
    """Among items with the same actions: not always the same one right; among those with their own: not the longest."""
    shared = [item for item in items if "acties" not in item]
    best = Counter(action for item in shared for action, worth in item["sleutel"].items() if worth == 1)
    if len(shared) >= ENOUGH_ITEMS:
        for action, often in best.items():
            if often / len(shared) > SAME_ACTION_AT_MOST:
                yield Problem(("items",), f"'{action}' is te vaak de juiste actie (in meer dan 60%)")
    own = [longer for item in items if "acties" in item if (longer := _longest_is_right(item)) is not None]
    if len(own) >= ENOUGH_ITEMS and sum(own) / len(own) > SAME_ACTION_AT_MOST:
        yield Problem(("items",), "de juiste actie is te vaak de langste (in meer dan 60%)")


def _longest_is_right(item: Mapping[str, Any]) -> bool | None:
    """None where several actions are right."""
    right = [action for action, worth in item["sleutel"].items() if worth == 1]
    others = [len(words) for action, words in item["acties"].items() if action not in right]
    return len(item["acties"][right[0]]) > max(others) if len(right) == 1 and others else None


def _actions(item: Mapping[str, Any], data: Mapping[str, Any]) -> list[str]:
    actions = item.get("acties", data.get("acties"))
    return [action for action in actions if isinstance(action, str)] if isinstance(actions, Mapping) else []
