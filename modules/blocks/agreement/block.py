"""Een afspraak voor aan tafel (curriculum 3.j, phase afspraak; 4.3), with the Chatham House Rule and its source.

Class B, so private until there is somebody to hand it in to. The score is the share of the checks that is met; done
when something is chosen and the own sentence is there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from modules.authoring import Problem
from modules.blocks import formfields as f
from modules.blocks.agreement import rules
from modules.blocks.drafts import Checked, check_fields, check_optional, check_tips
from modules.blocks.formfields import Field, Part, Value
from modules.blocks.gates import check_common, check_texts, entries


class Agreement(Checked):
    """A part for each group of blocks, and one for the own sentence."""

    block_type = "agreement"
    CHECKS = rules.CHECKS
    card = "afspraak.html"

    @classmethod
    def check(cls, data: Mapping[str, Any]) -> list[Problem]:
        return list(_problems(data))

    def parts(self, values: Mapping[str, Value]) -> list[Part]:
        groups = [
            Part(f"groep{n}", name, tuple(_box(block) for block in blocks))
            for n, (name, blocks) in enumerate(rules.groups(self.authored).items())
        ]
        own = Part("eigen", self.gettext("In je eigen woorden"), (self.field(rules.OWN, rows=3),), ours=True)
        return [*groups, own]

    def to_do(self, values: Mapping[str, Value]) -> list[tuple[str, str]]:
        open_ = []
        if not rules.chosen(self.authored, values):
            open_.append(("groep0", self.gettext("Kies minstens één regel")))
        if not values.get(rules.OWN):
            open_.append(("eigen", self.authored["velden"][rules.OWN]["vraag"]))
        return open_

    def outcome(self, values: Mapping[str, Value]) -> dict[str, str]:
        return rules.outcome(self.authored, values)

    def card_context(self) -> dict[str, Any]:
        return {"chosen": rules.chosen(self.authored, self.values), "own": f.text(self.values, rules.OWN)}


def _box(block: Mapping[str, Any]) -> Field:
    return Field(rules.box(block["id"]), block["tekst"], f.CHECK, help=block.get("toelichting", ""))


def _problems(data: Mapping[str, Any]) -> Iterator[Problem]:
    yield from check_common(data)
    yield from check_optional(data, "inleiding", "let_op")
    blocks, problems = entries(data, "blokken", at_least=2)
    yield from problems
    for path, block in blocks:
        yield from check_texts(block, path, "groep", "tekst", *(n for n in ("toelichting",) if n in block))
    ids = {block.get("id") for _, block in blocks if isinstance(block.get("id"), str)}
    needed = data.get("moet", [])
    if not isinstance(needed, list) or any(not isinstance(id_, str) or id_ not in ids for id_ in needed):
        yield Problem(("moet",), "noem hier de id's van blokken uit deze afspraak")
    if "chathamhouse" in data:
        rule = data["chathamhouse"]
        if isinstance(rule, Mapping):
            yield from check_texts(rule, ("chathamhouse",), "tekst", "bron")
        else:
            yield Problem(("chathamhouse",), "moet een 'tekst' en een 'bron' hebben")
    yield from check_fields(data, rules.FIELDS)
    yield from check_tips(data, rules.CHECKS)
