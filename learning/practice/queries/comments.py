"""Remarks where they were made: in a text, paragraph by paragraph, and beside sound, second by second.

Which readings somebody may see is for the caller to say; what is found is only of those.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from learning.files.hearing import clock
from learning.people.models import Person
from learning.practice.models import Assessment, Comment
from learning.practice.passages import Piece, cut, sentences
from learning.practice.sealed import opened

LONGEST_CHOICE = 70


@dataclass(frozen=True)
class Remark:
    """`part`: of its reading. `field` with `start` and `end`, or `evidence` with `second`. `open`: its writer can still
    change it. `number`: as it is called on the page, from 1."""

    pk: int
    number: int
    by: Person | None
    part: str
    words: str
    quote: str
    field: str
    start: int
    end: int
    evidence: int | None
    second: float
    open: bool

    @property
    def clock(self) -> str:
        return clock(self.second)

    @property
    def anchor(self) -> str:
        return f"opmerking-{self.pk}"


@dataclass(frozen=True)
class Paragraph:
    """`start`: where it begins in its field. `pieces` joined are its text; `remarks` those whose passage ends in it."""

    start: int
    pieces: tuple[Piece, ...]
    remarks: tuple[Remark, ...]


@dataclass(frozen=True)
class Choice:
    """A sentence to choose, for who doesn't select with script. `value`: "start-end"."""

    value: str
    label: str


@dataclass(frozen=True)
class Text:
    """What stands in one field of a round."""

    field: str
    label: str
    text: str
    paragraphs: tuple[Paragraph, ...]

    @property
    def choices(self) -> Iterator[Choice]:
        for start, end in sentences(self.text):
            words = self.text[start:end]
            short = words if len(words) <= LONGEST_CHOICE else f"{words[: LONGEST_CHOICE - 1]}…"
            yield Choice(f"{start}-{end}", short)


@dataclass(frozen=True)
class Remarks:
    """`at`: by field of the round; `heard`: by number of the sound, in the order in which they are heard."""

    at: Mapping[str, list[Remark]]
    heard: Mapping[int, list[Remark]]

    def text(self, field: str, label: str, words: str) -> Text:
        words = plain(words)
        return Text(field, label, words, tuple(_paragraphs(words, self.at.get(field, []))))


def plain(text: str) -> str:
    """As a page shows it and a passage counts in it: one sign for each end of a line."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def remarks_of(assessments: Iterable[Assessment], *, writer: Person | None = None) -> Remarks:
    """All that stands with these readings; `writer` can still change those of theirs that aren't given. One query."""
    known = {each.pk: each for each in assessments}
    at, heard = defaultdict[str, list[Remark]](list), defaultdict[int, list[Remark]](list)
    if not known:
        return Remarks(at, heard)
    _gather(_comments_of(known), known, Remarks(at, heard), writer)
    return Remarks(at, heard)


def remarks_by_round(assessments: Iterable[Assessment], *, writer: Person | None = None) -> Mapping[int, Remarks]:
    """The same of several rounds: {number of its row: what stands with its readings}. One query."""
    known = {each.pk: each for each in assessments}
    found = defaultdict[int, list[Comment]](list)
    for comment in _comments_of(known) if known else ():
        found[known[comment.assessment_id].round_id].append(comment)
    by_round = defaultdict[int, Remarks](lambda: Remarks({}, {}))
    for kept, comments in found.items():
        by_round[kept] = Remarks(defaultdict(list), defaultdict(list))
        _gather(comments, known, by_round[kept], writer)
    return by_round


def _comments_of(known: Mapping[int, Assessment]) -> Iterable[Comment]:
    return Comment.objects.filter(assessment__in=known).order_by("field", "start", "evidence", "second", "pk")


def _gather(
    comments: Iterable[Comment], known: Mapping[int, Assessment], remarks: Remarks, writer: Person | None
) -> None:
    """Each at its place, numbered as they come."""
    for number, comment in enumerate(comments, start=1):
        remark = _remark(comment, known[comment.assessment_id], number, writer)
        if remark.evidence is None:
            remarks.at[remark.field].append(remark)
        else:
            remarks.heard[remark.evidence].append(remark)


def _remark(comment: Comment, of: Assessment, number: int, writer: Person | None) -> Remark:
    said = opened(comment.sealed, "comment", comment.pk)
    return Remark(
        pk=comment.pk, number=number, by=of.person, part=of.part, words=said["tekst"], quote=said["citaat"],
        field=comment.field, start=comment.start or 0, end=comment.end or 0,
        evidence=comment.evidence_id, second=comment.second or 0,
        open=writer is not None and of.person_id == writer.pk and of.stage in ("gevraagd", "bezig"),
    )  # fmt: skip


def _paragraphs(text: str, remarks: list[Remark]) -> Iterator[Paragraph]:
    by_number = {remark.number: remark for remark in remarks}
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        if line.strip():
            passages = [(each.number, each.start - start, each.end - start) for each in remarks]
            pieces = tuple(cut(line, passages))
            ending = [each for each in remarks if start < each.end <= end]
            yield Paragraph(start, pieces, tuple(by_number[each.number] for each in ending))
        start = end + 1
