"""The framework goes out and comes in as a new version, and HR puts other frameworks beside it."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from learning.competences import framework, mapping
from learning.competences.framework import CantBeRead
from learning.competences.mapping import Pair
from learning.competences.models import Framework, FrameworkMapping
from learning.competences.queries import framework as queries
from learning.competences.rules import CODES
from learning.competences.services import frameworks
from learning.people.models import Organisation, Person, Role, RoleGrant
from tests.factories import OrganisationFactory, PersonFactory
from tests.learning.competences.test_deelkaart import browser_of
from tests.learning.competences.test_pages import html

pytestmark = pytest.mark.django_db

KADER, NAAST = "/groei/kader/", "/groei/kader/ernaast/"


def holder(*roles: Role, organisation: Organisation | None = None) -> Person:
    person = PersonFactory.create(**({"organisation": organisation} if organisation else {}))
    for role in roles:
        RoleGrant.objects.create(person=person, organisation=person.organisation, role=role)
    return person


@pytest.fixture
def hr() -> Client:
    return browser_of(holder(Role.HR))


@pytest.fixture
def redacteur() -> Client:
    return browser_of(holder(Role.REDACTEUR))


def file(text: str, name: str = "kader.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


def changed_csv() -> str:
    return framework.to_csv(framework.built_in()).replace("Luisteren en doorvragen", "Horen en doorvragen")


def sent(browser: Client, path: str, data: dict[str, Any]) -> tuple[int, str]:
    response = browser.post(path, data, headers={"Accept-Language": "nl"})
    return response.status_code, response.content.decode()


def token(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found
    return found[1]


def test_the_first_version_is_the_curriculums_and_is_made_once() -> None:
    for _time in range(2):
        frameworks.begin()
    assert [row.number for row in Framework.objects.all()] == [1]
    assert framework.read(Framework.objects.get().document) == framework.built_in()


def test_a_version_goes_out_as_csv_and_as_case(hr: Client) -> None:
    frameworks.begin()
    text = hr.get(f"{KADER}kader.csv").content.decode()
    assert framework.from_csv(text, known=CODES) == framework.built_in()
    response = hr.get(f"{KADER}kader.json?versie=1")
    assert framework.from_case(response.content.decode(), known=CODES) == framework.built_in()
    assert response["Content-Disposition"] == 'attachment; filename="competenties-1.json"'
    assert json.loads(response.content)["CFDocument"]["caseVersion"] == "1.1"


@pytest.mark.parametrize("path", ["kader.csv", "kader.json", ""])
def test_a_version_that_is_not_there_is_404(hr: Client, path: str) -> None:
    html(hr, f"{KADER}{path}?versie=9", status=404)


@pytest.mark.parametrize("kind", ["csv", "case"])
def test_what_comes_in_is_shown_first_and_then_is_the_version_that_counts(redacteur: Client, kind: str) -> None:
    frameworks.begin()
    text = changed_csv()
    if kind == "case":
        read = framework.from_csv(text, known=CODES)
        text = json.dumps(framework.to_case(read, base_url="https://x.example", changed="2026-11-30T00:00:00Z"))
    status, page = sent(redacteur, f"{KADER}inlezen/", {"file": file(text)})
    assert (status, Framework.objects.count()) == (200, 1)
    assert "Luisteren en doorvragen" in page
    assert "Horen en doorvragen" in page
    assert page.count("<tr>") == 2  # the heading, and the one thing that differs
    redacteur.post(f"{KADER}inlezen/bevestig/", {"kader": token(page, "kader")})
    assert Framework.objects.count() == 2
    assert "Horen en doorvragen" in html(redacteur, KADER)
    assert "Luisteren en doorvragen" in html(redacteur, f"{KADER}?versie=1")


def test_every_problem_is_said_by_row_and_nothing_changes(redacteur: Client) -> None:
    frameworks.begin()
    text = changed_csv().replace("C3,", "C33,").replace("C5,", "C4,")
    status, page = sent(redacteur, f"{KADER}inlezen/", {"file": file(text)})
    assert status == 422
    for row, reason in (("4", "C33 kennen we niet."), ("6", "C4 staat er al."), ("het bestand", "C3 ontbreekt.")):
        assert f'<th scope="row">{row}</th><td>{reason}</td>' in page
    assert Framework.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "In dit bestand staat niets."),
        ("{", "Dit is geen CASE-bestand dat we kunnen lezen."),
        ("naam\nC1\n", "De eerste regel moet zijn"),
        ("code,naam,N1,N2,N3,N4\nC1,a\x00b,c,d,e,f\n", "een teken dat we niet kunnen bewaren"),
    ],
)
def test_a_file_that_is_something_else_is_refused_with_a_word(redacteur: Client, text: str, said: str) -> None:
    status, page = sent(redacteur, f"{KADER}inlezen/", {"file": file(text)})
    assert (status, said in page) == (422, True)


def test_a_file_in_another_encoding_and_one_that_is_too_large_are_refused(redacteur: Client) -> None:
    latin = SimpleUploadedFile("kader.csv", "naam;é".encode("latin-1"))
    assert "UTF-8" in sent(redacteur, f"{KADER}inlezen/", {"file": latin})[1]
    assert sent(redacteur, f"{KADER}inlezen/", {"file": file("x" * (framework.LARGEST + 1))})[0] in (413, 422)
    assert sent(redacteur, f"{KADER}inlezen/", {})[0] == 422


def test_the_same_again_is_no_new_version(redacteur: Client) -> None:
    frameworks.begin()
    status, page = sent(redacteur, f"{KADER}inlezen/", {"file": file(framework.to_csv(framework.built_in()))})
    assert (status, "zegt hetzelfde als versie 1" in page) == (200, True)
    with pytest.raises(frameworks.AlreadyThere):
        frameworks.bring_in(framework.built_in(), after=1)


def bring_in(browser: Client, text: str) -> str:
    """What the page says before it is confirmed."""
    page = sent(browser, f"{KADER}inlezen/", {"file": file(text)})[1]
    assert browser.post(f"{KADER}inlezen/bevestig/", {"kader": token(page, "kader")})["Location"] == KADER
    return page


def test_a_text_that_was_there_before_comes_back_as_a_new_version_that_counts(redacteur: Client) -> None:
    frameworks.begin()
    bring_in(redacteur, changed_csv())
    page = bring_in(redacteur, framework.to_csv(framework.built_in()))
    assert "woord voor woord de tekst van versie 1" in page
    assert list(Framework.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3]
    shown = html(redacteur, KADER)
    assert "met weer de tekst van versie 1, geldt nu" in re.sub(r"\s+", " ", shown)
    assert "Luisteren en doorvragen" in shown
    assert "Horen en doorvragen" in html(redacteur, f"{KADER}?versie=2")


@given(order=st.lists(st.integers(0, 2), max_size=8))
def test_whatever_comes_in_the_newest_says_what_was_brought_in_last(order: list[int]) -> None:
    """Each that differs from the one that counts is a version, each that doesn't is none."""
    Framework.objects.all().delete()
    texts = [framework.built_in(), *(framework.from_csv(text, known=CODES) for text in (changed_csv(), other_csv()))]
    expected = [0]
    for at in order:
        number = queries.versions()[0].number
        if at == expected[-1]:
            with pytest.raises(frameworks.AlreadyThere):
                frameworks.bring_in(texts[at], after=number)
        else:
            frameworks.bring_in(texts[at], after=number)
            expected.append(at)
    found = queries.versions()[::-1]
    assert [texts.index(each.read) for each in found] == expected
    assert [each.number for each in found] == list(range(1, len(expected) + 1))
    for at, each in enumerate(found):
        first = expected.index(expected[at]) + 1
        assert each.again == (None if first == at + 1 else first)


def other_csv() -> str:
    return framework.to_csv(framework.built_in()).replace("Achtjes draaien", "Rondjes draaien")


def test_who_confirms_what_was_compared_with_an_older_version_looks_again(redacteur: Client) -> None:
    frameworks.begin()
    mine = sent(redacteur, f"{KADER}inlezen/", {"file": file(changed_csv())})[1]
    bring_in(redacteur, other_csv())
    response = redacteur.post(f"{KADER}inlezen/bevestig/", {"kader": token(mine, "kader")}, follow=True)
    assert response.redirect_chain[0][0] == f"{KADER}inlezen/"
    assert "intussen een andere versie" in response.content.decode()
    assert [each.number for each in queries.versions()] == [2, 1]


def test_two_at_the_same_moment_are_one_version_and_one_who_looks_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other came in after we looked which is the newest."""
    frameworks.begin()
    mine, theirs = (framework.from_csv(text, known=CODES) for text in (changed_csv(), other_csv()))
    keep = frameworks._keep

    def late(number: int, read: framework.Framework) -> Framework:
        keep(number, theirs)
        return keep(number, read)

    monkeypatch.setattr(frameworks, "_keep", late)
    with pytest.raises(frameworks.Overtaken):
        frameworks.bring_in(mine, after=1)
    assert mine not in [each.read for each in queries.versions()]


def test_a_case_file_in_a_circle_and_one_with_a_competence_nobody_knows_say_so_on_the_page(redacteur: Client) -> None:
    frameworks.begin()
    package = framework.to_case(framework.built_in(), base_url="https://x.example", changed="2026-11-30T00:00:00Z")
    there = package["CFAssociations"][1]
    back = {**there, "originNodeURI": there["destinationNodeURI"], "destinationNodeURI": there["originNodeURI"]}
    round_trip = {**package, "CFAssociations": [*package["CFAssociations"], back]}
    status, page = sent(redacteur, f"{KADER}inlezen/", {"file": file(json.dumps(round_trip), "kader.json")})
    assert (status, "hoort een onderdeel bij zichzelf" in page) == (422, True)
    unknown = json.dumps(package).replace('"C9"', '"C99"')
    status, page = sent(redacteur, f"{KADER}inlezen/", {"file": file(unknown, "kader.json")})
    assert (status, '<th scope="row">C99</th><td>C99 kennen we niet.</td>' in page) == (422, True)
    assert Framework.objects.count() == 1


def test_what_was_not_shown_here_is_not_confirmed(redacteur: Client) -> None:
    frameworks.begin()
    for made_up in ("", "abc", "e30:1tmade:up"):
        assert redacteur.post(f"{KADER}inlezen/bevestig/", {"kader": made_up})["Location"] == f"{KADER}inlezen/"
    assert Framework.objects.count() == 1


WRITES = [f"{KADER}inlezen/", f"{KADER}inlezen/bevestig/", f"{NAAST}inlezen/", f"{NAAST}inlezen/bevestig/", NAAST]
READS = [KADER, f"{KADER}kader.csv", f"{KADER}kader.json", NAAST, f"{NAAST}tabel.csv"]


@pytest.mark.parametrize("role", [None, Role.DEELNEMER, Role.TRAINER, Role.BEHEER, Role.RAAD])
def test_to_who_is_neither_hr_nor_redacteur_it_is_not_there(role: Role | None) -> None:
    browser = browser_of(holder(*([role] if role else [])))
    for path in READS:
        assert browser.get(path).status_code == 404, path
    for path in WRITES:
        assert browser.post(path).status_code == 404, path


def test_a_new_version_is_a_redacteurs_and_what_lies_beside_it_hrs(hr: Client, redacteur: Client) -> None:
    for path in READS:
        assert hr.get(path).status_code == redacteur.get(path).status_code == 200, path
    for path in WRITES[:2]:
        assert hr.post(path).status_code == 404, path
    for path in WRITES[2:]:
        assert redacteur.post(path).status_code == 404, path
    assert f"{KADER}inlezen/" not in html(hr, KADER)
    assert "Zet er een regel bij" not in html(redacteur, NAAST)


# --- beside other frameworks

LINE = {"competentie": "C1", "kader": "Competentietaal Rijk", "code": "K7", "naam": "Luisteren"}


def test_hr_puts_a_line_beside_and_takes_it_away(hr: Client) -> None:
    assert hr.post(NAAST, LINE).status_code == 302
    page = html(hr, NAAST)
    assert "Competentietaal Rijk" in page
    hr.post(NAAST, {**LINE, "code": "K8"})
    assert [row.code for row in FrameworkMapping.objects.all()] == ["K8"]
    number = FrameworkMapping.objects.get().pk
    assert hr.post(f"{NAAST}{number}/weg/").status_code == 302
    assert not FrameworkMapping.objects.exists()
    assert hr.post(f"{NAAST}{number}/weg/").status_code == 404


@pytest.mark.parametrize(
    "wrong", [{"kader": ""}, {"naam": ""}, {"competentie": "C77"}, {"code": "x" * 61}, {"naam": "a\x07b"}]
)
def test_a_line_that_is_not_right_is_said_beside_its_field(hr: Client, wrong: dict[str, str]) -> None:
    status, page = sent(hr, NAAST, {**LINE, **wrong})
    assert status == 422
    assert "foutregel" in page
    assert "Competentietaal Rijk" in page or "kader" in wrong
    assert not FrameworkMapping.objects.exists()


def test_another_organisation_sees_and_changes_nothing_of_it(hr: Client) -> None:
    other = OrganisationFactory.create()
    frameworks.put_beside(other, Pair("C1", "Geheim kader", "", "Iets"))
    row = FrameworkMapping.objects.get()
    assert "Geheim kader" not in html(hr, NAAST) + hr.get(f"{NAAST}tabel.csv").content.decode()
    assert hr.post(f"{NAAST}{row.pk}/weg/").status_code == 404
    assert FrameworkMapping.objects.exists()


def test_a_table_comes_in_place_of_the_old_one_after_it_was_shown(hr: Client) -> None:
    hr.post(NAAST, LINE)
    text = "competentie;kader;code;naam\r\nC2;Eigen kader;;Openheid\r\nC10;'=1+1;;x\r\n"
    status, page = sent(hr, f"{NAAST}inlezen/", {"file": file(text)})
    assert status == 200
    assert "Eén regel gaat weg." in page
    assert FrameworkMapping.objects.count() == 1
    hr.post(f"{NAAST}inlezen/bevestig/", {"tabel": token(page, "tabel")})
    assert {(row.competence, row.framework) for row in FrameworkMapping.objects.all()} == {
        ("C2", "Eigen kader"), ("C10", "=1+1"),
    }  # fmt: skip
    assert "'=1+1" in hr.get(f"{NAAST}tabel.csv").content.decode()


def test_what_one_saw_another_cannot_confirm(hr: Client) -> None:
    page = sent(hr, f"{NAAST}inlezen/", {"file": file("competentie,kader,code,naam\nC2,Eigen,,x\n")})[1]
    browser_of(holder(Role.HR)).post(f"{NAAST}inlezen/bevestig/", {"tabel": token(page, "tabel")})
    assert not FrameworkMapping.objects.exists()


def test_every_problem_of_a_table_is_said_by_row(hr: Client) -> None:
    text = "competentie,kader,code,naam\nC1,a,,b\nC99,a,,b\nC2,,,b\nC1,a,,b\nC3,a\n"
    status, page = sent(hr, f"{NAAST}inlezen/", {"file": file(text)})
    assert status == 422
    assert [f'<th scope="row">{row}</th>' in page for row in (2, 3, 4, 5, 6)] == [False, True, True, True, True]


cells = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=30)
pairs = st.lists(
    st.builds(Pair, competence=st.sampled_from(CODES), framework=cells, code=cells | st.just(""), label=cells),
    unique_by=lambda pair: (pair.competence, pair.framework, pair.label),
    max_size=20,
).filter(
    lambda some: not any(text.startswith("'") for pair in some for text in (pair.framework, pair.code, pair.label))
)


@given(pairs)
def test_a_table_out_and_in_again_is_the_same(some: list[Pair]) -> None:
    assert mapping.from_csv(mapping.to_csv(some)) == some


@given(st.text(max_size=300))
def test_whatever_comes_in_as_a_table_is_read_or_refused(text: str) -> None:
    with suppress(CantBeRead):
        mapping.from_csv(text)


def test_an_apostrophe_of_its_own_stays() -> None:
    some = framework.built_in()
    text = framework.to_csv(some).replace("Merkt eigen aannames", "'s Avonds merkt eigen aannames")
    read = framework.from_csv(text, known=CODES).of("C2")
    assert read
    assert read.levels[0].startswith("'s Avonds")
