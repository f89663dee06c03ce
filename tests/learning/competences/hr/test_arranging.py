"""HR's pages are shut until beheer records what was arranged; each look is written down; the works council reads it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from certificates.models import Certificate, Kind
from learning.competences import privacy
from learning.competences.models import HRBasis, Look, TrackForTeam
from learning.competences.queries.hr import processing
from learning.competences.services import hr, looking
from learning.people.models import Person, Role, Team
from learning.people.retention import LOOKS
from learning.tracks.services import set_track
from tests.factories import OrganisationFactory, PersonFactory
from tests.factories.nights import night
from tests.learning.competences.hr.conftest import FIGURES, FILES, LOCKED, House
from tests.learning.competences.test_figures import people_in
from tests.learning.competences.test_pages import html

pytestmark = pytest.mark.django_db

BASIS, ASSIGN = "/beheer/hr/", "/hr/toewijzen/"


def today() -> date:
    return timezone.localdate()


def day(days: int) -> str:
    return (today() + timedelta(days=days)).isoformat()


def sent(browser: Client, path: str, data: dict[str, str]) -> tuple[int, str]:
    response = browser.post(path, data, headers={"Accept-Language": "nl"})
    return response.status_code, response.content.decode()


ARRANGED = {"legal_basis": "Artikel 6, lid 1, onder e", "dpia_on": day(-30), "agreement_on": day(-2)}


# --- the lock


@pytest.mark.parametrize("path", LOCKED)
def test_every_page_is_shut_until_it_is_arranged_and_says_what_is_missing(
    house: House, browser: Callable[..., Client], path: str
) -> None:
    page = html(browser(Role.HR), path, status=403)
    for missing in ("grondslag", "DPIA", "ondernemingsraad"):
        assert missing in page
    assert not Look.objects.exists()


def test_beheer_opens_the_pages_and_shuts_them_again(house: House, browser: Callable[..., Client]) -> None:
    beheer, reader = browser(Role.BEHEER), browser(Role.HR)
    assert "WOR, artikel 27" in html(beheer, BASIS)
    assert beheer.post(BASIS, ARRANGED)["Location"] == BASIS
    html(reader, "/hr/")
    assert "zijn open" in html(beheer, BASIS)
    beheer.post(f"{BASIS}intrekken/")
    html(reader, "/hr/", status=403)
    assert "ingetrokken op" in html(beheer, BASIS)
    assert HRBasis.objects.count() == 1


def test_what_was_withdrawn_doesnt_revive_what_was_there_before(house: House) -> None:
    by = PersonFactory.create(organisation=house.organisation)
    for basis in ("Eerst", "Daarna"):
        hr.record_basis(by, legal_basis=basis, dpia_on=today(), agreement_on=today())
    assert hr.withdraw_basis(house.organisation.pk)
    assert not hr.withdraw_basis(house.organisation.pk)
    assert not HRBasis.objects.filter(withdrawn_at=None).exists()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("legal_basis", "  ", "Schrijf op welke grondslag er is."),
        ("legal_basis", "x" * 2_001, "2000"),
        ("dpia_on", "", "Vul in wanneer de DPIA is vastgesteld."),
        ("dpia_on", day(1), "Deze dag moet nog komen."),
        ("agreement_on", "ooit", "Dit is geen datum."),
        ("agreement_on", day(400), "Deze dag moet nog komen."),
    ],
)
def test_what_is_missing_is_said_beside_the_field_and_nothing_typed_is_lost(
    house: House, browser: Callable[..., Client], field: str, value: str, said: str
) -> None:
    given = {**ARRANGED, field: value}
    status, page = sent(browser(Role.BEHEER), BASIS, given)
    assert (status, said in page) == (422, True)
    assert all(kept in page for name, kept in given.items() if name != field)
    assert not HRBasis.objects.exists()


@pytest.mark.parametrize(("basis", "dpia", "agreement"), [(" ", 0, 0), ("x", 1, 0), ("x", 0, 1)])
def test_the_service_takes_no_promise_for_a_deed(house: House, basis: str, dpia: int, agreement: int) -> None:
    by = PersonFactory.create(organisation=house.organisation)
    dpia_on, agreement_on = (today() + timedelta(days=days) for days in (dpia, agreement))
    with pytest.raises(hr.NotArranged):
        hr.record_basis(by, legal_basis=basis, dpia_on=dpia_on, agreement_on=agreement_on)


@pytest.mark.parametrize("role", [None, Role.HR, Role.OR, Role.TRAINER, Role.REDACTEUR])
def test_only_beheer_records(house: House, browser: Callable[..., Client], role: Role | None) -> None:
    other = browser(*([role] if role else []))
    html(other, BASIS, status=404)
    assert other.post(BASIS, ARRANGED).status_code == 404
    assert other.post(f"{BASIS}intrekken/").status_code == 404
    assert not HRBasis.objects.exists()


def test_beheer_of_another_organisation_opens_nothing_here(arranged: House, browser: Callable[..., Client]) -> None:
    stranger = browser(Role.BEHEER, organisation=OrganisationFactory.create())
    assert "Artikel 6" not in html(stranger, BASIS)
    stranger.post(f"{BASIS}intrekken/")
    html(browser(Role.HR), "/hr/")


# --- the log


@pytest.mark.parametrize("path", [*FIGURES, *FILES])
def test_each_look_is_written_down_with_what_was_chosen(hr_browser: Client, arranged: House, path: str) -> None:
    response = hr_browser.get(f"{path}?team={arranged.teams['Directie'].pk}", headers={"Accept-Language": "nl"})
    assert response.status_code == 200
    look = Look.objects.get()
    assert (look.person.name if look.person else "", look.organisation) == ("Ruben Kuiper", arranged.organisation)
    assert look.choices["team"] == "Directie"
    hr_browser.get(path)
    assert Look.objects.count() == 2


def test_what_cant_be_written_down_isnt_shown(hr_browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError("full")

    monkeypatch.setattr(looking, "write_down", full)
    for path in (*FIGURES, *FILES):
        with pytest.raises(OSError, match="full"):
            hr_browser.get(path)


def test_hr_and_the_works_council_read_the_same_log_also_when_the_pages_are_shut(
    hr_browser: Client, arranged: House, browser: Callable[..., Client]
) -> None:
    html(hr_browser, "/hr/competenties/?competentie=C4")
    hr.withdraw_basis(arranged.organisation.pk)
    for reader in (hr_browser, browser(Role.OR)):
        page = html(reader, "/hr/logboek/")
        assert all(said in page for said in ("Ruben Kuiper", "Competenties", "competentie: C4"))
    assert Look.objects.count() == 1  # reading the log is no look at figures


@pytest.mark.parametrize("role", [None, Role.BEHEER, Role.TRAINER, Role.RAAD, Role.REDACTEUR])
def test_to_others_the_log_is_not_there(arranged: House, browser: Callable[..., Client], role: Role | None) -> None:
    html(browser(*([role] if role else [])), "/hr/logboek/", status=404)


def test_the_works_council_of_another_organisation_reads_its_own_log(
    hr_browser: Client, browser: Callable[..., Client]
) -> None:
    html(hr_browser, "/hr/")
    assert "Nog niemand keek" in html(browser(Role.OR, organisation=OrganisationFactory.create()), "/hr/logboek/")


def test_the_works_council_sees_no_figures(arranged: House, browser: Callable[..., Client]) -> None:
    council = browser(Role.OR)
    for path in LOCKED:
        html(council, path, status=404)


def test_a_look_is_forgotten_after_two_years(arranged: House) -> None:
    person = arranged.people["Zand"][0]
    for _time in range(2):
        looking.write_down(person, page="hr:tracks", choices={})
    old = Look.objects.earliest("pk")
    Look.objects.filter(pk=old.pk).update(at=timezone.now() - timedelta(days=731))
    for _time in range(2):
        night(LOOKS)
    assert [look.pk for look in Look.objects.all()] != [old.pk]
    assert Look.objects.count() == 1


# --- assigning


def given_to(house: House, **changed: str) -> dict[str, str]:
    return {"track": str(house.track.pk), "team": str(house.teams["Zand"].pk), "starts_on": day(0), **changed}


def test_a_team_gets_a_leerlijn_and_other_dates_later(hr_browser: Client, arranged: House) -> None:
    for ends_on in (day(30), day(60)):
        assert sent(hr_browser, ASSIGN, given_to(arranged, ends_on=ends_on))[0] == 302
    made = TrackForTeam.objects.get(team=arranged.teams["Zand"])
    assert made.ends_on == today() + timedelta(days=60)
    page = html(hr_browser, f"{ASSIGN}?wijzig={made.pk}")
    assert f'value="{day(60)}"' in page
    hr_browser.post(f"{ASSIGN}{made.pk}/weg/")
    assert not TrackForTeam.objects.filter(pk=made.pk).exists()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"track": "999"}, "Deze leerlijn is er niet."),
        ({"team": "999"}, "Dit team is er niet."),
        ({"team": ""}, "Kies een team."),
        ({"starts_on": ""}, "Kies vanaf wanneer."),
        ({"ends_on": day(-1)}, "Dit is vóór de eerste dag."),
        ({"required": "on"}, "Vul in wanneer mensen dit horen."),
        ({"required": "on", "announced_on": "ooit"}, "Dit is geen datum."),
    ],
)
def test_what_is_wrong_with_an_assignment_is_said_beside_the_field(
    hr_browser: Client, arranged: House, changed: dict[str, str], said: str
) -> None:
    status, page = sent(hr_browser, ASSIGN, given_to(arranged, **changed))
    assert (status, said in page) == (422, True)
    assert not TrackForTeam.objects.filter(team=arranged.teams["Zand"]).exists()


def test_a_leerlijn_or_team_of_others_cannot_be_assigned_nor_taken_away(hr_browser: Client, arranged: House) -> None:
    other = OrganisationFactory.create()
    track = set_track(other, slug="van-hen", title="Van hen", modules=[])
    team = Team.objects.create(organisation=other, name="Van hen")
    assert sent(hr_browser, ASSIGN, given_to(arranged, team=str(team.pk)))[0] == 422
    assert sent(hr_browser, ASSIGN, given_to(arranged, track=str(track.pk)))[0] == 422
    theirs = TrackForTeam.objects.create(track=track, team=team, starts_on=today())
    assert hr_browser.post(f"{ASSIGN}{theirs.pk}/weg/").status_code == 404
    assert "Van hen" not in html(hr_browser, ASSIGN)
    with pytest.raises(hr.NotTheirs):
        hr.assign(
            arranged.organisation.pk, track=track, team=team, starts_on=today(), ends_on=None, required=False,
            announced_on=None,
        )  # fmt: skip


# --- the register


def demanded(house: House, *, announced: int) -> TrackForTeam:
    return hr.assign(
        house.organisation.pk, track=house.track, team=house.teams["Directie"], starts_on=today(), ends_on=None,
        required=True, announced_on=today() + timedelta(days=announced),
    )  # fmt: skip


def certificate(person: Person, *, subject: str = "leerlijn", kind: Kind = Kind.TRACK, revoked: bool = False) -> None:
    Certificate.objects.create(
        code=f"AB-{person.pk}", kind=kind, person=person, subject=subject, facts={}, language="nl",
        issued_on=today(), revoked_at=timezone.now() if revoked else None, revoked_reason="x" if revoked else "",
    )  # fmt: skip


@pytest.mark.parametrize("announced", [None, 1])
def test_where_nothing_is_demanded_or_told_nobody_is_in_the_register(
    hr_browser: Client, arranged: House, announced: int | None
) -> None:
    if announced:
        demanded(arranged, announced=announced)
    page = html(hr_browser, "/hr/certificaten/")
    assert "Hier staat niemand" in page
    assert arranged.people["Zand"][0].name not in page


def test_what_is_demanded_and_told_shows_yes_or_not_yet_of_each_and_is_written_down(
    hr_browser: Client, arranged: House
) -> None:
    demanded(arranged, announced=0)
    first, second, third = arranged.people["Klein"]
    certificate(first)
    certificate(second, revoked=True)
    certificate(third, subject="proefmodule", kind=Kind.MODULE)
    outside = PersonFactory.create(organisation=arranged.organisation, name="Buiten Staander")
    page = html(hr_browser, "/hr/certificaten/")
    rows = {name: page[page.index(f">{name}<") :].split("</tr>")[0] for name in map(str, (first, second, third))}
    assert ["nog niet" in rows[str(each)] for each in (first, second, third)] == [False, True, True]
    assert outside.name not in page
    assert Look.objects.get().choices["team"] == "Directie"


@pytest.mark.parametrize("more", [0, 30])
def test_the_register_takes_as_many_queries_for_a_few_as_for_many(
    hr_browser: Client, arranged: House, more: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    demanded(arranged, announced=0)
    people_in(arranged.teams["Klein"], arranged.organisation, [0] * more)
    html(hr_browser, "/hr/certificaten/")
    with django_assert_num_queries(9):
        html(hr_browser, "/hr/certificaten/")


# --- the dossier


@pytest.mark.parametrize("role", [Role.HR, Role.OR, Role.BEHEER])
def test_the_dossier_is_there_before_anything_is_arranged(
    house: House, browser: Callable[..., Client], role: Role
) -> None:
    page = html(browser(role), "/hr/dossier/")
    assert "De pagina’s van HR zijn dicht." in page
    assert "HR ziet dus van niemand of er een certificaat is." in page


@pytest.mark.parametrize("role", [None, Role.TRAINER, Role.REDACTEUR])
def test_to_others_there_is_no_dossier(house: House, browser: Callable[..., Client], role: Role | None) -> None:
    html(browser(*([role] if role else [])), "/hr/dossier/", status=404)


def test_the_dossier_says_what_runs_here(
    arranged: House, browser: Callable[..., Client], settings: LazySettings
) -> None:
    council = browser(Role.OR)
    assert "Elk cijfer gaat over minstens 5 mensen." in html(council, "/hr/dossier/")
    settings.FIGURES_K = 12
    demanded(arranged, announced=0)
    page = html(council, "/hr/dossier/")
    assert "Elk cijfer gaat over minstens 12 mensen. Geen instelling komt onder de 5." in page
    assert "De leerlijn, voor Directie" in page
    assert "Artikel 6" in page
    assert "HR of leeradviseur, Ondernemingsraad, Beheer</td><td>nee" in page
    assert "24 maanden" in page


def test_no_setting_goes_below_five(settings: LazySettings) -> None:
    settings.FIGURES_K = 1
    assert privacy.least(settings.FIGURES_K) == 5


def test_every_table_of_the_house_says_what_it_holds_of_people_and_how_long() -> None:
    silent = [model._meta.label for model in processing.tables() if processing.said_by(model) is None]
    assert not silent
    register = {each.table: each for each in processing.register_of_processing()}
    assert register["learning.Look"].kept == "RETENTION_LOOKS_MONTHS."
    assert "learning.Track" not in register
