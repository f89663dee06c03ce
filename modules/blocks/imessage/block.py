"""Ik-boodschap (curriculum 3.k, unit 1.6): what did you see, what did you feel, what do you need, what do you ask?

Class C: the four sentences are the learner's alone. Hints are something to look at; there is no score and no attempt.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from webob.multidict import MultiDict
from xblock.fields import Dict, Integer, Scope

from modules.authoring import Problem
from modules.blocks.base import COMPLETED, DONE, ActivityBlock, AnswerRefused, form_handler
from modules.blocks.gates import check_common, check_texts
from modules.blocks.imessage.rules import HINTS, STEPS, message
from modules.blocks.taal.woorden import looked_at

# Characters, each of the four.
LONGEST = 400


class IMessage(ActivityBlock):
    """Four fields that become one message. Done as soon as all four are written once."""

    block_type = "imessage"
    verbs = frozenset({COMPLETED})
    privacy = "C"
    stylesheets = ("oefening.css", "hints.css", "imessage.css")
    same_at_first = frozenset({"student_view"})

    texts = Dict(scope=Scope.user_state, default={}, private=True, help="{step: sentence}, all four or none")
    version = Integer(scope=Scope.user_state, default=0, help="How often the four changed: what a form is drawn from")

    # --- authored

    @classmethod
    def check(cls, data: Mapping[str, Any]) -> list[Problem]:
        problems = [*check_common(data), *check_texts(data, (), "situatie")]
        if "mandaat" in data:
            problems += check_texts(data, (), "mandaat")
        return problems + list(_check_fields(data))

    # --- posts

    @form_handler
    def write(self, form: MultiDict) -> None:
        """All four sentences, new or changed."""
        texts = {step: form.get(step, "").replace("\r\n", "\n").strip() for step in STEPS}
        # What was wiped but for these words is done again by leaving them as they are.
        if texts == self.texts and self.status == DONE:
            return
        errors = {}
        for step, text in texts.items():
            if not text:
                errors[step] = self.gettext("Schrijf hier een zin. Een paar woorden is genoeg.")
            elif len(text) > LONGEST:
                errors[step] = self.gettext("Houd het bij %(n)s tekens.", n=LONGEST)
        if not errors and form.get("versie") != str(self.version):
            errors["waarneming"] = self.gettext(
                "In een ander venster is je boodschap intussen veranderd. Dit is wat je hier schreef. "
                "Bewaar opnieuw als je deze wilt houden."
            )
        if errors:
            raise AnswerRefused(errors)
        self.texts = texts
        self.version += 1
        if self.status != DONE:
            self.begin()
            self.finish()

    @form_handler
    def erase(self, form: MultiDict) -> None:
        """All four gone at once. What was done stays done."""
        if self.texts and form.get("versie") == str(self.version):
            self.texts = {}
            self.version += 1
            self.said = self.gettext("Gewist")

    # --- drawing

    def body_context(self) -> dict[str, Any]:
        fields, texts = self.authored["velden"], self.texts
        names = self._names()
        return {
            "steps": [
                {
                    "id": step, "naam": names[step], "vraag": fields[step]["vraag"], "tekst": texts.get(step, ""),
                    "looked": looked_at(texts[step], HINTS[step], self.language) if step in texts else None,
                }
                for step in STEPS
            ],
            "message": message(texts),
            # The model stays on the server until there is a message of one's own.
            "model": message({step: fields[step]["voorbeeld"] for step in STEPS}) if texts else "",
            "names": list(STEPS), "longest": LONGEST, "said": self.said,
        }  # fmt: skip

    def _names(self) -> dict[str, str]:
        _ = self.gettext
        return {
            "waarneming": _("Waarneming"), "gevoel": _("Gevoel"), "behoefte": _("Behoefte"), "verzoek": _("Verzoek"),
        }  # fmt: skip


def _check_fields(data: Mapping[str, Any]) -> Iterator[Problem]:
    fields = data.get("velden")
    if not isinstance(fields, Mapping):
        yield Problem(("velden",) if "velden" in data else (), f"'velden' moet deze vier bevatten: {', '.join(STEPS)}")
        return
    for step in STEPS:
        field = fields.get(step)
        if isinstance(field, Mapping):
            yield from check_texts(field, ("velden", step), "vraag", "voorbeeld")
            example = field.get("voorbeeld")
            if isinstance(example, str) and looked_at(example, HINTS[step], "nl")["groups"]:
                yield Problem(("velden", step, "voorbeeld"), "in dit voorbeeld staat wat de hints juist aanwijzen")
        else:
            yield Problem(
                ("velden", step) if step in fields else ("velden",), f"'{step}' heeft een vraag en een voorbeeld"
            )
    for step in fields:
        if step not in STEPS:
            yield Problem(("velden", str(step)), f"hier horen alleen deze vier: {', '.join(STEPS)}")
