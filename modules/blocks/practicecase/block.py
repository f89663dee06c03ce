"""Praktijkcase (curriculum 3.g): a conversation outside, to read, to prepare and to print.

Its flow (handing in, reading along, giving back) starts when a trainer gives it to somebody; until then the page says
so.
What one writes here is to prepare, for nobody else (class C). It is never done by itself: the case is done outside.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from webob.multidict import MultiDict

from modules.authoring import Path, Problem
from modules.blocks.base import form_handler
from modules.blocks.gates import check_common, check_texts, is_number
from modules.blocks.ownwork import OwnWork
from modules.blocks.rubric.gates import check_criteria
from modules.blocks.rubric.rules import LEVELS

CRITERIA = 4
LONGEST = 2000
# The three parts of the case, each with what it is a list of.
PARTS = {"voorbereiding": "vragen", "gesprek": "stappen", "na": "vragen"}
# The parts whose questions have a field.
ASKED = ("voorbereiding", "na")


class PracticeCase(OwnWork):
    """`written` holds {question, as it was put: note}: a note stays with its question when an author adds one."""

    block_type = "practicecase"
    own_page = True
    same_at_first = frozenset({"summary_view"})
    stylesheets = ("oefening.css", "eigenwerk.css", "practicecase.css")

    @classmethod
    def check(cls, data: Mapping[str, Any]) -> list[Problem]:
        return list(_problems(data))

    @property
    def questions(self) -> dict[str, str]:
        """{name of the field: question}"""
        return {
            f"{part}-{index}": question
            for part in ASKED
            for index, question in enumerate(self.authored[part]["vragen"])
        }

    # --- posts

    @form_handler
    def note(self, form: MultiDict) -> None:
        """Keep the notes. All may stay empty; an emptied one is gone."""
        self.returned = "aantekeningen"
        questions = self.questions
        found = self.texts(form, questions, {}, LONGEST)
        new = {questions[name]: text for name, text in found.items() if name in form}
        if all(self.written.get(question, "") == text for question, text in new.items()):
            self.said = self._kept_words
            return
        if not self.is_stale(form, new):
            self.remember(new)
            self.said = self._kept_words

    @property
    def _kept_words(self) -> str:
        if self.written:
            return self.gettext("Je aantekeningen zijn bewaard.")
        return self.gettext("Er staat nog niets om te bewaren")

    # --- drawing

    def summary_context(self) -> dict[str, Any]:
        return {"noted": bool(self.written)}

    def body_context(self) -> dict[str, Any]:
        questions = self.questions
        asked = {part: [(name, question, self.written.get(question, "")) for name, question in questions.items()
                        if name.startswith(f"{part}-")] for part in ASKED}  # fmt: skip
        return {
            "asked": asked, "fields": list(questions), "longest": LONGEST, "said": self.said,
            # A note at a question that isn't asked any more (an older edition) is still the learner's.
            "older": [(asked, note) for asked, note in self.written.items() if asked not in questions.values()],
            "criteria": [{**each, "levels": list(zip(LEVELS, each["niveaus"], strict=True))}
                         for each in self.authored["rubric"]],
        }  # fmt: skip


def _problems(data: Mapping[str, Any]) -> Iterator[Problem]:
    yield from check_common(data)
    yield from check_texts(data, (), "opdracht", "doel", "inleveren", "voldoende")
    for part, name in PARTS.items():
        value = data.get(part)
        if not isinstance(value, Mapping):
            yield Problem((part,) if part in data else (), f"'{part}' moet minuten en {name} hebben")
            continue
        if not (is_number(value.get("minuten")) and value["minuten"] > 0):
            yield Problem((part, "minuten"), "moet een aantal minuten zijn")
        yield from _list(value, (part,), name)
    for name in ("veiligheidscheck", "bewijsvormen"):
        yield from _list(data, (), name)
    questions = [question for part in ASKED for question in _questions(data.get(part))]
    if len(set(questions)) < len(questions):
        yield Problem(("na", "vragen"), "dezelfde vraag staat er twee keer")
    yield from check_criteria(data, "rubric", least=CRITERIA, most=CRITERIA)


def _list(data: Mapping[str, Any], path: Path, name: str) -> Iterator[Problem]:
    value = data.get(name)
    if not (isinstance(value, list) and value and all(isinstance(each, str) and each.strip() for each in value)):
        yield Problem((*path, name), "moet een lijst met minstens één zin zijn")


def _questions(part: object) -> list[str]:
    value = part.get("vragen") if isinstance(part, Mapping) else None
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
