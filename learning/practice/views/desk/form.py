"""The form of a reading: what stands in it, what came back of it, and what is wrong with that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.http import QueryDict
from django.utils.text import capfirst

from learning.people.models import Person
from learning.practice import learning_levels
from learning.practice.documents import Criterion, Document
from learning.practice.drafts import LEARNING_LEVEL
from learning.practice.feedback import Words
from learning.practice.models import Assessment, Verdict
from learning.practice.queries.comments import plain
from learning.practice.queries.rounds import Line
from learning.practice.rules import LEVELS
from learning.practice.services.reading import words_of
from learning.practice.views.desk import words

LEVEL_TEXTS = {str(level): level for level in LEVELS}


@dataclass(frozen=True)
class Row:
    """A criterion as it is drawn; `saw` and `asks`: what is said of it apart."""

    line: Line
    level: int | None
    saw: str
    asks: str
    wrong: str
    too_long: str

    @property
    def said(self) -> bool:
        return bool(self.saw or self.asks or self.too_long)

    @property
    def criterion(self) -> Criterion:
        return self.line.criterion


@dataclass(frozen=True)
class Reach:
    """A learning level as it is drawn. `proposed`: by who did it."""

    value: str
    name: str
    what: str
    chosen: bool
    proposed: bool


@dataclass(frozen=True)
class ReadingForm:
    """`version`: that the page was drawn with. `errors`: {field: reason}, `there`: what another window made of it."""

    levels: Mapping[str, int] = field(default_factory=dict)
    said: Words = field(default_factory=Words)
    learning_level: str = ""
    verdict: str = ""
    reader: str = ""
    version: int = 0
    errors: Mapping[str, str] = field(default_factory=dict)
    there: Words | None = None

    @property
    def is_blank(self) -> bool:
        return not self.levels and not self.learning_level and self.said.longest() == 0

    def with_errors(self, errors: Mapping[str, str]) -> ReadingForm:
        return replace(self, errors={name: words.wrong(name, why) for name, why in errors.items()})

    def after_another(self, assessment: Assessment) -> ReadingForm:
        """What was typed stays; beside it what another window kept. Sent once more it is meant."""
        return replace(self, there=words_of(assessment), version=assessment.version)

    def rows(self, lines: Sequence[Line]) -> list[Row]:
        return [self._row(line) for line in lines]

    def _row(self, line: Line) -> Row:
        id_ = line.criterion.id
        saw, asks = self.said.criteria.get(id_, ("", ""))
        long = self.errors.get(f"zag-{id_}") or self.errors.get(f"vraag-{id_}") or ""
        return Row(line, self.levels.get(id_), saw, asks, self.errors.get(f"niveau-{id_}", ""), long)

    def learning_levels(self, proposed: str) -> list[Reach]:
        """What its maker proposed is marked and not chosen: who confirms it does so themselves (curriculum 4.2)."""
        return [
            Reach(level, capfirst(said.name), said.what, level == self.learning_level, level == proposed)
            for level, said in learning_levels.to_reader().items()
        ]

    def chosen_reader(self, readers: Sequence[Person]) -> Person | None:
        return next((each for each in readers if str(each.pk) == self.reader), None)


def of(assessment: Assessment | None) -> ReadingForm:
    """As it was kept."""
    if assessment is None:
        return ReadingForm()
    return ReadingForm(
        levels=assessment.levels,
        said=words_of(assessment),
        learning_level=assessment.learning_level,
        verdict=assessment.verdict,
        version=assessment.version,
    )


def sent(post: QueryDict, document: Document) -> ReadingForm:
    """As it came in: what can't be isn't there."""
    criteria = [criterion.id for criterion in document.rubric]
    levels = {id_: LEVEL_TEXTS[text] for id_ in criteria if (text := post.get(f"niveau-{id_}", "")) in LEVEL_TEXTS}
    said = Words(
        saw=plain(post.get("zag", "")),
        asks=plain(post.get("vraag", "")),
        criteria={
            id_: pair
            for id_ in criteria
            if any(pair := (plain(post.get(f"zag-{id_}", "")), plain(post.get(f"vraag-{id_}", ""))))
        },
    )
    return ReadingForm(
        levels=levels,
        said=said,
        learning_level=post.get(LEARNING_LEVEL, ""),
        verdict=post.get("verdict", ""),
        reader=post.get("lezer", ""),
        version=number(post.get("versie", "")),
    )


def verdict_of(form: ReadingForm) -> Verdict | None:
    return Verdict(form.verdict) if form.verdict in Verdict.values else None


def number(text: str) -> int:
    """A number that a form carries; 0 for what isn't one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
