"""Lange lijn (curriculum 3.q): how one thing that already works can be shown to others in 1, 3 and 7 to 10 years.

Class B, so private until there is somebody to hand it in to. No score; done when every field is filled in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modules.authoring import Problem
from modules.blocks import formfields as f
from modules.blocks.drafts import Checked, check_fields, check_optional, check_tips
from modules.blocks.formfields import Part, Value
from modules.blocks.gates import check_common
from modules.blocks.longline import rules


class LongLine(Checked):
    """A sketch in four parts."""

    block_type = "longline"
    CHECKS = rules.CHECKS
    scored = False

    @classmethod
    def check(cls, data: Mapping[str, Any]) -> list[Problem]:
        return [
            *check_common(data),
            *check_optional(data, "inleiding", "let_op"),
            *check_fields(data, rules.FIELDS),
            *check_tips(data, rules.CHECKS),
        ]

    def parts(self, values: Mapping[str, Value]) -> list[Part]:
        names = {
            "nu": (self.gettext("Wat er al werkt"), ("werkt_al",)),
            "jaren": (self.gettext("Laten zien"), rules.YEARS),
            "mensen": (self.gettext("Voor wie en met wie"), ("voor_wie", "met_wie", "blijft")),
            "begin": (self.gettext("Beginnen"), ("eerste_stap", "wie_pakt_de_bal_op")),
        }
        return [
            Part(id_, title, tuple(self.field(name, f.LINES, rows=3) for name in fields), ours=True)
            for id_, (title, fields) in names.items()
        ]

    def to_do(self, values: Mapping[str, Value]) -> list[tuple[str, str]]:
        return [
            (part.id, field.label)
            for part in self.parts(values)
            for field in part.fields
            if not values.get(field.name)
        ]  # fmt: skip

    def outcome(self, values: Mapping[str, Value]) -> dict[str, str]:
        return rules.outcome(values)
