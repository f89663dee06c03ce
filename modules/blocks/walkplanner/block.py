"""Wandeling voorbereiden (curriculum 3.m): a plan, a card for in one's pocket, and three lessons afterwards.

Class B, so private until there is somebody to hand it in to. A plan that is there counts with the share of its checks;
done only when the walk was walked and three lessons are written down.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xblock.fields import List, Scope

from modules.authoring import Problem
from modules.blocks import formfields as f
from modules.blocks.base import ATTENDED, HARVESTED
from modules.blocks.drafts import Checked, check_fields, check_optional, check_tips
from modules.blocks.formfields import Field, Part, Row, Value
from modules.blocks.gates import check_common
from modules.blocks.walkplanner import rules


class WalkPlanner(Checked):
    """Before the walk six parts, after it one."""

    block_type = "walkplanner"
    CHECKS = rules.CHECKS
    verbs = frozenset({ATTENDED, HARVESTED})
    card = "wandelkaart.html"

    told_of = List(scope=Scope.user_state, default=[], help="The verbs that were told: each is, once")

    @classmethod
    def check(cls, data: Mapping[str, Any]) -> list[Problem]:
        return [
            *check_common(data),
            *check_optional(data, "inleiding", "let_op"),
            *check_fields(data, rules.FIELDS),
            *check_tips(data, rules.CHECKS),
        ]

    def parts(self, values: Mapping[str, Value]) -> list[Part]:
        words, gettext = self.authored["velden"], self.gettext
        stops = f.repeated("haltes", values, self._stop, least=2, most=rules.STOP_ROWS)
        company = f.repeated("gezelschap", values, self._companion, least=4, most=rules.COMPANY_ROWS, spare=2)
        lessons = tuple(
            Field(name, gettext("Les %(n)s", n=n), f.LINES, rows=2, ours=True)
            for n, name in enumerate(rules.LESSONS, 1)
        )
        more = gettext("Bewaar en geef me meer regels")
        # The card must stay on one page.
        plain, whole = self.field, {"maximum": 300}
        return [
            Part("waar", gettext("Waar en waarom"), (
                plain("streek", f.TEXT, **whole), plain("vraag", rows=2, maximum=250), plain("km", f.NUMBER),
            ), ours=True),
            Part("contact", gettext("In het gebied"), (
                plain("contact", f.TEXT, **whole), plain("contact_datum", f.DATE),
            ), ours=True, beside=True),
            Part("haltes", words["haltes"]["vraag"], rows=stops, help=words["haltes"].get("hulp", ""), more=(
                self._another_stop(len(stops))
            )),
            Part("gezelschap", words["gezelschap"]["vraag"], rows=company, more=more,
                 help=words["gezelschap"].get("hulp", "")),
            Part("tijd", gettext("De tijd"), (
                plain("totaal_minuten", f.NUMBER), plain("gesprek_minuten", f.NUMBER),
                plain("afsluiting_minuten", f.NUMBER),
            ), ours=True, beside=True),
            Part("zorg", gettext("Voor iedereen"), (
                plain("rolverdeling", rows=2, maximum=450), plain("toegankelijk", rows=2, maximum=450),
                plain("plan_b", rows=2, maximum=450),
                plain("zonder_titels", f.CHECK),
            ), ours=True),
            Part("na", gettext("Na de wandeling"), (
                plain("gelopen", f.CHECK), *lessons,
            ), help=words["lessen"]["vraag"]),
        ]  # fmt: skip

    def _another_stop(self, drawn: int) -> str:
        return self.gettext("Bewaar en geef me nog een halte") if drawn < rules.STOP_ROWS else ""

    def _stop(self, n: int) -> Row:
        labels = {
            "plek": self.gettext("Plek"),
            "smaakmaker": self.gettext("Smaakmaker (rol, geen naam)"),
            "vraag": self.gettext("Vraag bij deze halte"),
            "minuten": self.gettext("Minuten"),
        }
        fields = tuple(
            Field(f"haltes-{n}-{key}", label, f.NUMBER if key == "minuten" else f.TEXT, maximum=300, ours=True)
            for key, label in labels.items()
        )
        return Row(self.gettext("Halte %(n)s", n=n + 1), fields)

    def _companion(self, n: int) -> Row:
        labels = {"functie": self.gettext("Functie"), "wereld": self.gettext("Uit welke wereld")}
        fields = tuple(
            Field(f"gezelschap-{n}-{key}", label, f.TEXT, maximum=120, ours=True) for key, label in labels.items()
        )
        return Row(self.gettext("Wandelaar %(n)s", n=n + 1), fields)

    # --- what is missing

    def _to_plan(self, values: Mapping[str, Value]) -> list[tuple[str, str]]:
        homes = {field.name: part.id for part in self.parts(values) for field in part.fields}
        words = self.authored["velden"]
        open_ = [(homes[name], words[name]["vraag"]) for name in rules.NEEDED if not values.get(name)]
        return open_ if rules.stops(values) else [*open_, ("haltes", words["haltes"]["vraag"])]

    def kept(self) -> None:
        super().kept()
        walked = bool(self.values.get("gelopen"))
        happened = {ATTENDED: walked, HARVESTED: walked and len(rules.lessons(self.values)) == len(rules.LESSONS)}
        for verb, is_so in happened.items():
            if is_so and verb not in self.told_of:
                self.told_of = [*self.told_of, verb]
                self.tell(verb)

    def filled_in(self, values: Mapping[str, Value]) -> bool:
        return not self._to_plan(values)

    def to_do(self, values: Mapping[str, Value]) -> list[tuple[str, str]]:
        open_ = self._to_plan(values)
        if not values.get("gelopen"):
            open_.append(("na", self.gettext("De wandeling zelf. Deze activiteit is pas rond als je hebt gelopen.")))
        if len(rules.lessons(values)) < len(rules.LESSONS):
            open_.append(("na", self.gettext("Drie lessen, na de wandeling")))
        return open_

    def outcome(self, values: Mapping[str, Value]) -> dict[str, str]:
        return rules.outcome(values)

    def card_context(self) -> dict[str, Any]:
        values = self.values
        return {
            "values": values,
            "stops": rules.stops(values),
            "company": rules.company(values),
            "words": self.authored["velden"],
        }
