"""What a page of figures says, as tables: the page draws them and a file holds them, so that neither says more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.http.response import HttpResponseBase
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from learning.competences.queries.hr.figures import Figure, Part
from learning.competences.views.hr import files, words
from learning.competences.views.hr.workbooks import Line


@dataclass(frozen=True)
class Cell:
    """`words`: what it is a share of, where it stands for more than one column."""

    words: str
    share: int
    span: int

    @property
    def percent(self) -> str:
        return f"{self.share}%"


@dataclass(frozen=True)
class Row:
    """`n` people; None where there are too few to show. `cells`: [] where they are too few to part."""

    label: str
    n: int | None = None
    parts: Sequence[Part] = ()
    cells: Sequence[Cell] = ()
    href: str = ""
    language: str = ""

    @property
    def picture(self) -> SafeString:
        """Its parts beside each other, in SVG: numbers of our own. A page of a large organisation has thousands, over
        which a template takes ten times as long."""
        return mark_safe("".join(map(_drawn, self.parts)))  # noqa: S308


def _drawn(part: Part) -> str:
    return f'<rect class="hr__vak hr__vak--{part.shade}" x="{part.x}" y="1" width="{part.w}" height="14"/>'


@dataclass(frozen=True)
class Sheet:
    """A table: `first` is what stands in front of each row, `heads` are the values people can have. `note`: how to
    read it."""

    key: str
    title: str
    first: str
    heads: Sequence[str]
    rows: Sequence[Row]
    note: str = ""

    @property
    def width(self) -> int:
        """Of a row that says nothing: the picture and all values."""
        return 1 + len(self.heads)


def row_of(figure: Figure | None, label: str, names: Sequence[str], *, href: str = "", language: str = "") -> Row:
    if figure is None:
        return Row(label, href=href, language=language)
    if not figure.is_parted:
        return Row(label, figure.n, href=href, language=language)
    cells = [Cell(words.together(names, part.values), part.share, len(part.values)) for part in figure.parts]
    return Row(label, figure.n, figure.parts, cells, href, language)


def as_file(sheets: Iterable[Sheet], name: str, form: str) -> HttpResponseBase:
    """A line for each share that is shown. `form`: one of `files.FORMS`."""
    return files.as_file(_lines(sheets), name, form)


def _lines(sheets: Iterable[Sheet]) -> Iterator[Line]:
    yield [_("Tabel"), _("Rij"), _("Mensen"), _("Groep"), _("Procent")]
    few = _("te weinig mensen om te tonen")
    for sheet in sheets:
        for row in sheet.rows:
            start = [sheet.title, row.label, "" if row.n is None else row.n]
            for cell in row.cells:
                yield [*start, cell.words, cell.share]
            if not row.cells:
                yield [*start, few, ""]
