"""Kwaliteitsdialoog-planner (curriculum 3.r): five steps, who is in them, and where the area stands now.

Class B, so private until there is somebody to hand it in to. Done when it says where the area stands and what is
missing there (curriculum 2.6); the steps may come later. A plan of all five counts with the share of its checks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from modules.authoring import Problem
from modules.blocks import formfields as f
from modules.blocks.base import COMPLETED, RETURNED
from modules.blocks.drafts import GOOD, Checked, check_fields, check_optional, check_tips
from modules.blocks.formfields import Field, Part, Value
from modules.blocks.gates import check_common, check_texts, entries
from modules.blocks.qualityplanner import rules

_KINDS = {"vraag": f.LINES, "wie": f.LINES, "praktijk": f.CHECK, "datum": f.DATE}


class QualityPlanner(Checked):
    """A part for each step, and one for where the area stands."""

    block_type = "qualityplanner"
    verbs = frozenset({COMPLETED, RETURNED})
    CHECKS = rules.CHECKS

    @classmethod
    def check(cls, data: Mapping[str, Any]) -> list[Problem]:
        return list(_problems(data))

    @property
    def steps(self) -> dict[str, str]:
        """{id: name}, in order."""
        return {step["id"]: step["naam"] for step in self.authored["stappen"]}

    def parts(self, values: Mapping[str, Value]) -> list[Part]:
        where = self.field("staat_nu", f.ONE, options=tuple(self.steps.items()))
        here = f.text(values, "staat_nu") or next(iter(self.steps))
        now = Part("nu", self.gettext("Waar staat het gebied?"), (where, self.field("mist")), ours=True)
        return [
            now,
            *(
                Part(
                    step,
                    f"{n}. {title}",
                    tuple(self._step_field(step, name) for name in rules.STEP_FIELDS),
                    folded=step != here,
                )
                for n, (step, title) in enumerate(self.steps.items(), 1)
            ),
        ]

    def _step_field(self, step: str, name: str) -> Field:
        words = self.authored["velden"][name]
        kind = _KINDS.get(name, f.TEXT)
        maximum = 300 if kind == f.TEXT else 2000
        return Field(rules.name(step, name), words["vraag"], kind, help=words.get("hulp", ""), rows=2, maximum=maximum)

    def to_do(self, values: Mapping[str, Value]) -> list[tuple[str, str]]:
        """Where the area stands and what is missing there (curriculum 2.6)."""
        fields = self.authored["velden"]
        return [("nu", fields[name]["vraag"]) for name in ("staat_nu", "mist") if not values.get(name)]

    def kept(self) -> None:
        before = self.last_outcome.get("terug")
        super().kept()
        if self.last_outcome.get("terug") == GOOD != before:
            self.tell(RETURNED)

    def filled_in(self, values: Mapping[str, Value]) -> bool:
        return not self.to_do(values) and rules.is_plan(values, list(self.steps))

    def panel(self) -> Any:
        """Nothing is judged of steps that aren't begun."""
        return super().panel() if rules.is_begun(self.values, list(self.steps)) else ""

    def outcome(self, values: Mapping[str, Value]) -> dict[str, str]:
        return rules.outcome(values, list(self.steps))


def _problems(data: Mapping[str, Any]) -> Iterator[Problem]:
    yield from check_common(data)
    yield from check_optional(data, "inleiding", "let_op")
    steps, problems = entries(data, "stappen", at_least=rules.STEPS)
    yield from problems
    if len(steps) > rules.STEPS:
        yield Problem(("stappen",), f"de Kwaliteitsdialoog heeft er precies {rules.STEPS}")
    for path, step in steps:
        yield from check_texts(step, path, "naam")
    yield from check_fields(data, rules.FIELDS)
    yield from check_tips(data, rules.CHECKS)
