"""Lines of cells as a file to take along: the same lines whatever the form, and never all of them in memory."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import batched

from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from learning.competences.framework import harmless
from learning.competences.views.hr import workbooks
from learning.competences.views.hr.workbooks import Line

FORMS = ("csv", "xlsx", "ods")
_AT_ONCE = 1_000


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
    for some in batched(lines, _AT_ONCE):
        piece = io.StringIO(newline="")
        csv.writer(piece).writerows(
            [harmless(cell) if isinstance(cell, str) else cell for cell in line] for line in some
        )
        yield piece.getvalue()
