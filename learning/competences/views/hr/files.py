"""Lines of cells as a file to take along: the same lines whatever the form, and never all of them in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import batched

from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from learning.competences import cells
from learning.competences.views.hr import workbooks
from learning.competences.views.hr.workbooks import Line

FORMS = ("csv", "xlsx", "ods")
_AT_ONCE = 1_000


def offered(page: str, choices: str) -> list[tuple[str, str]]:
    """[(what it is called, its address)] of a page of HR by name, with what was chosen there as it stands in the
    address."""
    return [(form.upper(), f"{reverse(f'{page}-{form}')}?{choices}") for form in FORMS]


def as_file(lines: Iterable[Line], name: str, form: str) -> HttpResponseBase:
    """`form`: one of FORMS. A CSV goes out as its lines are read; of a workbook, a zip with its directory at the end,
    the lines are read first. A spreadsheet takes none of it for a formula."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    match form:
        case "xlsx":
            return FileResponse(workbooks.xlsx(lines), content_type=workbooks.XLSX, headers=headers)
        case "ods":
            return FileResponse(workbooks.ods(lines), content_type=workbooks.ODS, headers=headers)
    return StreamingHttpResponse(_csv(lines), content_type="text/csv; charset=utf-8", headers=headers)


def _csv(lines: Iterable[Line]) -> Iterator[str]:
    """Many lines at a time: a piece of an answer costs more than a line."""
    return map(cells.written, batched(lines, _AT_ONCE))
