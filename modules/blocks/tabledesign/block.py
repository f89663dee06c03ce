"""Een reflectietafel ontwerpen (curriculum 3.j, phase ontwerp; 4.2): who sits there, in which rounds, and is it mixed?

Class B, so private until there is somebody to hand it in to. Whom to invite is written as a function, never a name.
The score is the share of the mix that is met; done when all of it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modules.authoring import Problem
from modules.blocks import formfields as f
from modules.blocks.drafts import GOOD, Checked, check_fields, check_optional, check_tips
from modules.blocks.formfields import Field, Part, Row, Value
from modules.blocks.gates import check_common
from modules.blocks.tabledesign import rules


class TableDesign(Checked):
    """A theme, the roles, the guests and the rounds."""

    block_type = "tabledesign"
    CHECKS = rules.CHECKS
    card = "draaiboek.html"

    @classmethod
    def check(cls, data: Mapping[str, Any]) -> list[Problem]:
        return [
            *check_common(data),
            *check_optional(data, "inleiding", "let_op"),
            *check_fields(data, rules.FIELDS),
            *check_tips(data, rules.CHECKS),
        ]

    @property
    def layers(self) -> tuple[tuple[str, str], ...]:
        """Administrative layers and sectors that sit at such a table (curriculum 5.5)."""
        gettext = self.gettext
        return (
            ("rijk", gettext("Rijk")), ("provincie", gettext("provincie")), ("waterschap", gettext("waterschap")),
            ("gemeente", gettext("gemeente")), ("landbouw", gettext("landbouw")), ("natuur", gettext("natuur")),
            ("bedrijf", gettext("bedrijf of bank")), ("kennis", gettext("kennis en onderzoek")),
            ("inwoners", gettext("inwoners")), ("anders", gettext("anders")),
        )  # fmt: skip

    def parts(self, values: Mapping[str, Value]) -> list[Part]:
        words, gettext, plain = self.authored["velden"], self.gettext, self.field
        guests = f.repeated("deelnemers", values, self._guest, least=rules.LEAST_GUESTS, most=rules.GUEST_ROWS, spare=2)
        rounds = f.repeated("rondes", values, self._round, least=4, most=rules.ROUND_ROWS, spare=2)
        yes_no = ((f.YES, gettext("ja")), (rules.NO, gettext("nee")))
        pair = plain("leidinggevende_paar", f.ONE, options=yes_no, options_ours=True)
        more = gettext("Bewaar en geef me meer regels")
        roles = tuple(
            plain(name, f.TEXT, maximum=300) for name in ("gastheer", "keynote", "casusinbrenger", "schrijver")
        )
        return [
            Part("thema", gettext("Waarover"), (
                plain("thema", f.TEXT, maximum=300), plain("leidvraag", rows=2),
            ), ours=True),
            Part("rollen", gettext("De rollen"), (*roles, plain("keynote_minuten", f.NUMBER)), ours=True),
            Part("deelnemers", words["deelnemers"]["vraag"], rows=guests, more=more,
                 help=words["deelnemers"].get("hulp", "")),
            Part("paar", gettext("Vrij spreken"), (pair,), ours=True),
            Part("rondes", words["rondes"]["vraag"], rows=rounds, more=more, help=words["rondes"].get("hulp", "")),
        ]  # fmt: skip

    def _guest(self, n: int) -> Row:
        return Row(self.gettext("Stoel %(n)s", n=n + 1), (
            Field(f"deelnemers-{n}-functie", self.gettext("Functie (geen naam)"), f.TEXT, maximum=120, ours=True),
            Field(f"deelnemers-{n}-laag", self.gettext("Laag of sector"), f.SELECT, options=self.layers, ours=True,
                  options_ours=True),
            Field(f"deelnemers-{n}-praktijk", self.gettext("Komt uit de praktijk"), f.CHECK, ours=True),
        ))  # fmt: skip

    def _round(self, n: int) -> Row:
        return Row(self.gettext("Ronde %(n)s", n=n + 1), (
            Field(f"rondes-{n}-naam", self.gettext("Naam van de ronde"), f.TEXT, maximum=120, ours=True),
            Field(f"rondes-{n}-minuten", self.gettext("Minuten"), f.NUMBER, ours=True),
            Field(f"rondes-{n}-open", self.gettext("Open ronde: iedereen kan spreken"), f.CHECK, ours=True),
        ))  # fmt: skip

    def _to_fill(self, values: Mapping[str, Value]) -> list[tuple[str, str]]:
        homes = {field.name: part.id for part in self.parts(values) for field in part.fields}
        words = self.authored["velden"]
        open_ = [(homes[name], words[name]["vraag"]) for name in rules.NEEDED if not values.get(name)]
        lists = {"deelnemers": rules.guests(values), "rondes": rules.rounds(values)}
        return [*open_, *((name, words[name]["vraag"]) for name, rows in lists.items() if not rows)]

    def filled_in(self, values: Mapping[str, Value]) -> bool:
        return not self._to_fill(values)

    def to_do(self, values: Mapping[str, Value]) -> list[tuple[str, str]]:
        homes = {
            "lagen": "deelnemers", "praktijk": "deelnemers", "aantal": "deelnemers",
            "geen_leidinggevende": "paar", "keynote": "rollen", "open_rondes": "rondes",
        }  # fmt: skip
        filled = self._to_fill(values)
        parts = {part for part, _ in filled}
        # What is empty is asked for once; the rest is what the mix still needs.
        return [
            *filled,
            *(
                (homes[check], self.tips[check][verdict])
                for check, verdict in self.outcome(values).items()
                if verdict != GOOD and homes[check] not in parts
            ),
        ]

    def outcome(self, values: Mapping[str, Value]) -> dict[str, str]:
        return rules.outcome(values)

    def card_context(self) -> dict[str, Any]:
        values = self.values
        return {
            "values": values,
            "guests": [{**row, "laag": dict(self.layers).get(row["laag"], "")} for row in rules.guests(values)],
            "rounds": rules.rounds(values),
            "words": self.authored["velden"],
        }
