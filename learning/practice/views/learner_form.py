"""The form of a draft: its fields as a page draws them, and what came back of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from learning.practice import checks, learning_levels
from learning.practice.checks import SAFE
from learning.practice.documents import Criterion, Document
from learning.practice.drafts import EXPERIENCED, LEARNING_LEVEL
from learning.practice.models import Form
from learning.practice.queries.learner import Whole
from learning.practice.views import learner_words as words

MINE, OTHER = "hier", "ander"


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    note: str = ""
    chosen: bool = False


@dataclass(frozen=True)
class Box:
    """One field. `there`: what stands in the draft, where another window changed it too; None where nothing clashes."""

    name: str
    label: str
    text: str = ""
    wrong: str = ""
    there: str | None = None
    choices: Sequence[Choice] = ()

    @property
    def id(self) -> str:
        return f"veld-{self.name}"

    @property
    def at(self) -> str:
        """Where a link to what is wrong leads: the first of its choices, or the field."""
        return f"{self.id}-0" if self.choices else self.id


@dataclass(frozen=True)
class Yardstick:
    """A criterion of the own rubric: its level, and a sentence that shows it."""

    criterion: Criterion
    level: Box
    proof: Box


@dataclass(frozen=True)
class Sent:
    """What was typed: over what the draft holds, with what is wrong with it ({field: reason}) and what clashes."""

    typed: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)
    clashes: Mapping[str, tuple[str, str]] = field(default_factory=dict)


class DraftForm:
    """Draws the fields of a draft, with what was sent over it."""

    def __init__(self, whole: Whole, sent: Sent) -> None:
        self._whole, self._sent = whole, sent

    @property
    def version(self) -> int:
        return self._whole.draft.version

    @property
    def errors(self) -> list[Box]:
        """All that needs attention, in the order of the page."""
        order = [*checks.fields_of(self._whole.document), "toestemming"]
        names = {*self._sent.wrong, *self._sent.clashes}
        boxes = [self._box(name, words.label_of(self._whole, name)) for name in order if name in names]
        return [box if not self._has_choices(box.name) else _first_choice(box) for box in boxes]

    @property
    def preparation(self) -> list[Box]:
        return self._boxes("voorbereiding", self._whole.document.preparation.lines)

    @property
    def report(self) -> list[Box]:
        return self._boxes("verslag", self._whole.document.after.lines)

    @property
    def safety(self) -> list[Box]:
        options = {"ja": _("Ja"), "overlegd": _("Ik twijfelde, en heb overlegd")}
        return [
            self._box(f"veilig-{index}", line, {name: (options[name], "") for name in SAFE})
            for index, line in enumerate(self._whole.document.safety)
        ]

    @property
    def held(self) -> Box:
        return self._box("gevoerd", _("Wanneer was het gesprek?"))

    @property
    def forms(self) -> list[Choice]:
        """As ticks; without any the text counts."""
        chosen = checks.forms_chosen(self._whole.document, self._whole.draft)
        return [
            Choice(form, *words.FORMS[Form(form)](), chosen=self._text(f"vorm-{form}", form in chosen))
            for form in self._whole.document.forms
        ]

    @property
    def learning_level(self) -> Box:
        """What they propose; the round before filled it in already."""
        said = learning_levels.to_maker()
        choices = {str(level): (capfirst(each.name), each.what) for level, each in said.items()}
        return self._box(LEARNING_LEVEL, words.learning_level(), choices)

    @property
    def experienced(self) -> bool:
        """Whether they ask that it counts for who did it before (curriculum 4.3)."""
        return self._text(EXPERIENCED, self._whole.draft.fields.get(EXPERIENCED) == "ja")

    @property
    def form_errors(self) -> dict[str, str]:
        """{form: what is missing of it}"""
        found = {name[5:]: why for name, why in self._sent.wrong.items() if name.startswith("vorm-")}
        return {form: words.wrong(f"vorm-{form}", why) for form, why in found.items()}

    @property
    def consent_error(self) -> str:
        why = self._sent.wrong.get("toestemming")
        return words.wrong("toestemming", why) if why else ""

    @property
    def rubric(self) -> list[Yardstick]:
        return [
            Yardstick(
                criterion,
                self._box(f"niveau-{criterion.id}", criterion.name, _levels(criterion)),
                self._box(f"bewijs-{criterion.id}", _("Waaraan zie je dat? Haal een zin of moment aan.")),
            )
            for criterion in self._whole.document.rubric
        ]

    def _boxes(self, start: str, lines: Sequence[str]) -> list[Box]:
        return [self._box(f"{start}-{index}", line) for index, line in enumerate(lines)]

    def _box(self, name: str, label: str, choices: Mapping[str, tuple[str, str]] | None = None) -> Box:
        text = self._sent.typed.get(name, self._whole.draft.fields.get(name, ""))
        why = self._sent.wrong.get(name)
        there = self._sent.clashes[name][0] if name in self._sent.clashes else None
        said = choices or {}
        return Box(
            name=name,
            label=label,
            text=text,
            wrong=words.wrong(name, why) if why else _clash_words() if there is not None else "",
            there=said[there][0] if there is not None and there in said else there,
            choices=[Choice(value, *each, chosen=text == value) for value, each in said.items()],
        )

    def _text(self, name: str, otherwise: bool) -> bool:
        return self._sent.typed[name] == "ja" if name in self._sent.typed else otherwise

    def _has_choices(self, name: str) -> bool:
        return name == LEARNING_LEVEL or name.startswith(("veilig-", "niveau-"))


def _first_choice(box: Box) -> Box:
    return Box(box.name, box.label, box.text, box.wrong, box.there, choices=[Choice("", "")])


def _levels(criterion: Criterion) -> dict[str, tuple[str, str]]:
    return {str(n): (level.label, level.behaviour) for n, level in enumerate(criterion.levels, start=1)}


def _clash_words() -> str:
    return _("Dit is ook in een ander venster veranderd. Kies welke tekst je houdt.")


def read(request: HttpRequest, document: Document) -> dict[str, str]:
    """The fields that came along, as text. A tick that isn't set doesn't come: `vormen` says that they were there."""
    known = checks.fields_of(document)
    sent = {name: _clean(request.POST[name]) for name in known if name in request.POST}
    if "vormen" in request.POST:
        ticks = [*(f"vorm-{form}" for form in document.forms), EXPERIENCED]
        sent |= {name: "ja" if name in request.POST else "" for name in ticks}
    return sent


def _clean(text: str) -> str:
    """A line end is one character; only spaces is nothing."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return text if text.strip() else ""


def decided(request: HttpRequest, sent: Mapping[str, str]) -> tuple[dict[str, str], set[str]]:
    """(what is sent after the learner chose between two texts, fields at which they still must choose)"""
    kept, waiting = dict(sent), set()
    for name in request.POST.getlist("botst"):
        choice = request.POST.get(f"kies-{name}", "")
        if name in kept and choice != MINE:
            del kept[name]
            if choice != OTHER:
                waiting.add(name)
    return kept, waiting
