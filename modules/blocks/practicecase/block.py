"""Praktijkcase (curriculum 3.g): a conversation outside, to read, to prepare and to print.

Its flow (handing in, reading along, giving back) is elsewhere, and starts when a trainer gives it to somebody; the page
is the door to it, where a service `cases` knows how it stands. What one writes here is to prepare, for nobody else
(class C). It is never done by itself: the case is done outside, and `judged` says that it was.

`cases` has `standing()`: {"href": where it is done, "" while it wasn't given; "line": how it stands, a sentence;
"takes_notes": notes may still go along; "can_begin": its learner may begin it themselves}; `begin()`: whether it could;
and `take_over({question: note})`: how many went along.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from webob.multidict import MultiDict
from xblock.core import XBlock

from modules.authoring import Problem
from modules.blocks.base import form_handler
from modules.blocks.gates import check_common
from modules.blocks.ownwork import OwnWork
from modules.blocks.practicecase.examples import check_examples
from modules.blocks.practicecase.gates import check_case
from modules.blocks.rubric.rules import LEVELS

LONGEST = 2000
# As `standing()` is where nobody gives cases out.
NO_DOOR = {"href": "", "line": "", "takes_notes": False, "can_begin": False}
# The parts whose questions have a field.
ASKED = ("voorbereiding", "na")


@XBlock.wants("cases")
class PracticeCase(OwnWork):
    """`written` holds {question, as it was put: note}: a note stays with its question when an author adds one."""

    block_type = "practicecase"
    own_page = True
    same_at_first = frozenset({"summary_view"})
    stylesheets = ("oefening.css", "eigenwerk.css", "practicecase.css")

    @classmethod
    def check(cls, data: Mapping[str, Any]) -> list[Problem]:
        return [*check_common(data), *check_case(data), *check_examples(data)]

    @property
    def questions(self) -> dict[str, str]:
        """{name of the field: question}"""
        return {
            f"{part}-{index}": question
            for part in ASKED
            for index, question in enumerate(self.authored[part]["vragen"])
        }

    def judged(self, score: float | None) -> None:
        """A trainer found the case voldoende. `score`: the mean level / 4 (curriculum 3.g)."""
        self.score = score
        self.done()

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

    @form_handler
    def begin_case(self, form: MultiDict) -> None:
        """Without waiting for a trainer to give it, where one will read it."""
        if self._cases is not None and self._cases.begin():
            self.said = self.gettext("De case is nu van jou.")

    @form_handler
    def take_over(self, form: MultiDict) -> None:
        """The notes go into the draft of the case, where nothing stands yet."""
        if self._cases is None:
            return
        taken = self._cases.take_over(dict(self.written))
        self.said = (
            self.ngettext("Eén aantekening staat nu in je case.", "%(n)s aantekeningen staan nu in je case.", taken)
            if taken
            else self.gettext("Alles wat je hier schreef staat al in je case.")
        )

    @property
    def _cases(self) -> Any:
        """None where this is shown without trainers."""
        return self.runtime.service(self, "cases")

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
            "door": self._cases.standing() if self._cases is not None else NO_DOOR,
            # A note at a question that isn't asked any more (an older edition) is still the learner's.
            "older": [(asked, note) for asked, note in self.written.items() if asked not in questions.values()],
            "forms": [self._forms.get(form, form) for form in self.authored["bewijsvormen"]],
            "criteria": [{**each, "levels": list(zip(LEVELS, each["niveaus"], strict=True))}
                         for each in self.authored["rubric"]],
        }  # fmt: skip

    @property
    def _forms(self) -> dict[str, str]:
        """An older edition has sentences for these already."""
        return {
            "tekst": self.gettext("reflectie in tekst"),
            "gesproken": self.gettext("ingesproken reflectie"),
            "observatie": self.gettext("observatie door een collega"),
            "opname": self.gettext("opname met toestemming van iedereen"),
        }
