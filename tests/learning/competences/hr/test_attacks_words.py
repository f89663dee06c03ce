"""Names, files and parameters of somebody who means harm: nothing computes, nothing breaks, nothing takes long."""

from __future__ import annotations

import csv
import io
import json
import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from learning.competences import cells, framework, mapping
from learning.competences.framework import CantBeRead
from learning.competences.models import Framework, Look, ShownFigure
from learning.competences.rules import CODES
from learning.competences.services import hr
from learning.competences.views.hr import workbooks
from learning.people.models import Role, Team
from learning.tracks.models import Track
from tests.factories import OrganisationFactory
from tests.learning.competences.hr.conftest import House
from tests.learning.competences.hr.test_figures_pages import cells_of_ods, rows_of

COMPUTES = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # Excel takes the wide ones too
HARMFUL = [
    *(f"{sign}cmd|'/c calc'!A0" for sign in COMPUTES),
    *(f"Jan;{sign}cmd|'/c calc'!A0" for sign in COMPUTES),
    "Jan\t=1+1",
    "Jan\n=1+1",
]


# --- names


@pytest.mark.parametrize("said", HARMFUL)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_no_cell_of_a_csv_computes_in_whatever_way_a_spreadsheet_parts_it(said: str, separator: str) -> None:
    """A Dutch spreadsheet opens a CSV at its semicolons."""
    text = cells.written([["Naam", said, "x"], [said, "y", said]])
    parted = [cell.strip('"') for line in re.split("[\r\n]+", text) for cell in line.split(separator)]
    assert not [cell for cell in parted if cell.startswith(COMPUTES)]


@given(st.lists(st.text(st.sampled_from("=+-@';, a\"＝"), min_size=1).map(str.strip).filter(bool), min_size=2))
def test_what_goes_out_comes_back_as_it_was(said: list[str]) -> None:
    ((_number, line),) = cells.below_the_first(cells.lines_of(cells.written([["kop"] * len(said), said]), len(said)))
    assert line == said


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["csv", "xlsx", "ods"])
def test_a_team_a_leerlijn_and_a_competence_with_any_name_come_out_as_text(
    hr_browser: Client, arranged: House, form: str
) -> None:
    name = "=1+1;=2\x0b\x1f\ufffe <b>&\u202e" + "W" * 180
    Team.objects.filter(pk=arranged.teams["Klei"].pk).update(name=name)
    Track.objects.update(title=name)
    ShownFigure.objects.update(name=name)
    for page in ("leerlijn", "competenties", "vast"):
        data = hr_browser.get(f"/hr/{page}.{form}").getvalue()
        if form == "csv":
            assert not [
                cell
                for separator in ",;"
                for line in csv.reader(io.StringIO(data.decode()), delimiter=separator)
                for cell in line
                if cell.startswith(COMPUTES)
            ]
        elif form == "ods":
            assert cells_of_ods(data)
        else:
            assert not [cell for row in rows_of(data) for cell in row.cells if cell.text.startswith("\x0b")]
        assert "<b>&" not in hr_browser.get(f"/hr/{page}/").text


def test_a_text_that_looks_like_a_code_of_xlsx_comes_out_as_it_is() -> None:
    """ISO/IEC 29500-1, 22.9.2.19: _x0041_ is read as A."""
    assert "_x005F_x003D_1+1" in workbooks._xlsx_cell("_x003D_1+1")
    assert ">_x_1_xyz<" in workbooks._xlsx_cell("_x_1_xyz")


# --- what comes in


def test_a_long_chain_in_a_case_file_is_refused_in_no_time() -> None:
    """Found in rounds it took a minute of each worker that met it."""
    package = framework.to_case(framework.built_in(), base_url="http://x", changed="2026-01-01")
    package["CFAssociations"] += [
        {
            "associationType": "isChildOf",
            "originNodeURI": {"identifier": f"{n + 1}"},
            "destinationNodeURI": {"identifier": f"{n}"},
        }
        for n in range(15_000)
    ]
    text = json.dumps(package)
    assert len(text) < framework.LARGEST
    begun = time.process_time()
    assert framework.from_case(text, known=CODES) == framework.built_in()
    assert time.process_time() - begun < 2


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["", "C1", "isChildOf", "x"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([
        "identifier", "CFItemType", "humanCodingScheme", "fullStatement", "associationType", "originNodeURI",
        "destinationNodeURI", "CFItems", "CFAssociations",
    ]), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=300)
@given(junk, junk)
def test_a_case_file_of_other_things_is_refused_with_words(items: Any, associations: Any) -> None:
    for said in ({"CFItems": items, "CFAssociations": associations}, items):
        with pytest.raises(CantBeRead) as refused:
            framework.from_case(json.dumps(said), known=CODES)
        assert all(each.reason for each in refused.value.wrong)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"a":' * 100_000,
        "code,naam,N1,N2,N3,N4\n" + "C1,a,b,c,d,e\n" * 100_000,
        "code,naam,N1,N2,N3,N4\nC1,a\0,b,c,d,e\n",
        'code,naam,N1,N2,N3,N4\n"C1,a,b,c,d,e\n',
        "code,naam,N1,N2,N3,N4\n" + "x" * 200_000,
        "\n",
        '{"CFItems": [{"identifier": ' + "9" * 5_000 + "}]}",
    ],
)
def test_a_framework_that_is_made_to_break_something_is_refused(text: str) -> None:
    read: list[Callable[[], object]] = [
        lambda: framework.from_case(text, known=CODES),
        lambda: framework.from_csv(text, known=CODES),
        lambda: mapping.from_csv(text),
    ]
    for each in read:
        with pytest.raises(CantBeRead):
            each()


def test_a_competence_that_is_there_twice_in_a_case_file_is_refused() -> None:
    package = framework.to_case(framework.built_in(), base_url="http://x", changed="2026-01-01")
    twice = next(item for item in package["CFItems"] if item["humanCodingScheme"] == "C2")
    package["CFItems"].append({**twice, "humanCodingScheme": "C1"})
    with pytest.raises(CantBeRead):
        framework.from_case(json.dumps(package), known=CODES)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "status"), [(b"x" * 10_000_000, 413), (b"\xff\xfe\x00", 422), (b"\x00" * 100, 422), (b"", 422)]
)
def test_a_file_that_is_too_large_or_no_text_changes_nothing(
    house: House, browser: Callable[..., Client], data: bytes, status: int
) -> None:
    someone = browser(Role.REDACTEUR, Role.HR)
    before = Framework.objects.count()
    for path in ("/groei/kader/inlezen/", "/groei/kader/ernaast/inlezen/"):
        answer = someone.post(path, {"file": SimpleUploadedFile("kader.csv", data)})
        assert answer.status_code == status
    assert Framework.objects.count() == before


# --- parameters


def read(answer: Any) -> bytes:
    return bytes(answer.getvalue() if answer.streaming else answer.content)


VALUES = (
    "", "-1", "0", "999999999999999999999999", "2020H1", "2026H3", "HH", "\x00", "½", "١", "C11", "x" * 5_000,
    "' OR 1=1 --", "[]", "None", "true",
)  # fmt: skip
PAGES = {
    "/hr/": ("leerlijn", "periode", "team"),
    "/hr/competenties/": ("leerlijn", "periode", "team", "maat", "competentie"),
    "/hr/vast/": ("module", "periode", "team"),
    "/hr/effect/": ("periode",),
    "/hr/certificaten/": ("lijst", "page"),
    "/hr/toewijzen/": ("wijzig",),
    "/hr/logboek/": ("page",),
    "/hr/dossier/": ("x",),
    "/groei/kader/": ("versie",),
    "/groei/kader/kader.csv": ("versie",),
    "/groei/kader/kader.json": ("versie",),
    "/groei/kader/ernaast/": ("x",),
    "/hr/leerlijn.csv": ("leerlijn", "periode", "team"),
    "/hr/competenties.xlsx": ("competentie",),
    "/hr/vast.ods": ("module",),
    "/hr/effect.csv": ("periode",),
    "/hr/certificaten.csv": ("lijst",),
}


@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES)
def test_whatever_is_asked_of_a_page_it_answers_or_isnt_there(hr_browser: Client, page: str) -> None:
    for name in PAGES[page]:
        for value in VALUES:
            answer = hr_browser.get(f"{page}?{urlencode([(name, '1'), (name, value)])}")
            assert answer.status_code in {200, 404}, (name, value)
            read(answer)


@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES)
def test_a_page_that_shows_takes_no_other_method_and_writes_down_a_head_too(hr_browser: Client, page: str) -> None:
    for method in ("put", "delete", "patch", "options", "trace", "post"):
        answer = getattr(hr_browser, method)(page)
        assert answer.status_code in {405, 422, 404}, method
    before = Look.objects.count()
    read(hr_browser.get(page))
    looks = Look.objects.count() - before
    read(hr_browser.head(page))
    assert Look.objects.count() - before == 2 * looks


@pytest.mark.django_db
def test_what_is_of_another_organisation_cant_be_asked_for(
    hr_browser: Client, arranged: House, browser: Callable[..., Client]
) -> None:
    other = OrganisationFactory.create()
    team = Team.objects.create(organisation=other, name="Verborgen team")
    track = Track.objects.create(organisation=other, slug="verborgen", title="Verborgen leerlijn")
    for page in PAGES:
        for query in (f"leerlijn={track.pk}", f"team={team.pk}", f"team=-{team.pk}", f"lijst={track.pk}"):
            answer = hr_browser.get(f"{page}?{query}")
            assert "Verborgen" not in (b"".join(answer) if answer.streaming else answer.content).decode(
                errors="replace"
            )


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["csv", "xlsx", "ods"])
def test_no_file_comes_of_a_half_year_before_the_lock_was_opened_or_while_it_is_shut(
    hr_browser: Client, arranged: House, form: str
) -> None:
    for page in ("leerlijn", "competenties", "vast"):
        assert hr_browser.get(f"/hr/{page}.{form}?periode=2020H1").status_code == 404
    hr.withdraw_basis(arranged.organisation.pk)
    for page in ("leerlijn", "competenties", "vast", "effect", "certificaten"):
        assert hr_browser.get(f"/hr/{page}.{form}").status_code == 403
