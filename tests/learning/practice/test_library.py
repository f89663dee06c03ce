"""The library: the cases of the modules follow what is published, an organisation's own are written by its trainers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from jobs.models import Job
from learning.people.models import Organisation, Person, Role, RoleGrant
from learning.practice import documents
from learning.practice.models import Case, CaseVersion, Form
from learning.practice.queries import library as queries
from learning.practice.services import library
from learning.runtime.publishing import publish_folder
from tests.factories import OrganisationFactory, PersonFactory, module_folder
from tests.factories.practice import DOCUMENT, case_of, trainer_in

PIECE = {
    "id": "praktijkcase-m9", "minuten": 20, "herkomst": "geconstrueerd", "privacyklasse": "B", "versie": 1,
    "taal": "nl", "leerniveaus": ["individueel"], "competenties": [{"code": "C1", "gewicht": 1}],
}  # fmt: skip
LEAF = '<practicecase url_name="praktijkcase-m9" src="praktijkcase.yaml"/>'


def publish(folder: Path, *, case: bool = True, **changed: Any) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "praktijkcase.yaml").write_text(
        json.dumps({"praktijkcase": {**PIECE, **DOCUMENT, **changed}}, ensure_ascii=False, indent=1)
    )
    publish_folder(module_folder(folder, extra=LEAF if case else ""))


@pytest.fixture
def organisation(db: None) -> Organisation:
    return OrganisationFactory.create()


@pytest.fixture
def trainer(organisation: Organisation) -> Person:
    return trainer_in(organisation, name="Trui")


def browser(person: Person) -> Client:
    """Signed in, and seen here before."""
    client = Client()
    client.force_login(person)
    client.get("/leren/")
    return client


def words(person: Person, path: str) -> str:
    response = browser(person).get(path)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.django_db
def test_a_module_with_a_case_brings_it_and_a_new_text_is_a_new_version(tmp_path: Path) -> None:
    publish(tmp_path / "proefmodule")
    library.follow_modules()
    library.follow_modules()
    case = Case.objects.get()
    assert (case.organisation, case.usage, case.title) == (None, "proefmodule/praktijkcase-m9", DOCUMENT["titel"])
    publish(tmp_path / "proefmodule", titel="Een ander gesprek")
    library.follow_modules()
    assert [(each.number, each.document["titel"]) for each in case.versions.order_by("number")] == [
        (1, DOCUMENT["titel"]), (2, "Een ander gesprek"),
    ]  # fmt: skip
    case.refresh_from_db()
    assert case.title == "Een ander gesprek"


@pytest.mark.django_db
def test_who_comes_back_to_an_earlier_text_has_that_version_as_the_newest(tmp_path: Path) -> None:
    for title in ("Eerst", "Toen", "Eerst"):
        # Something else changed in the module too, or it would be the same edition.
        publish(tmp_path / "proefmodule", titel=title, minuten=20 + CaseVersion.objects.count())
        library.follow_modules()
    case = Case.objects.get()
    newest = queries.newest_version(case)
    assert newest
    assert newest.document["titel"] == "Eerst"
    assert case.versions.count() == 2


@pytest.mark.django_db
def test_a_case_that_left_its_module_goes_to_the_archive_and_comes_back(tmp_path: Path) -> None:
    publish(tmp_path / "proefmodule")
    library.follow_modules()
    publish(tmp_path / "proefmodule", case=False)
    library.follow_modules()
    assert Case.objects.get().archived_at is not None
    publish(tmp_path / "proefmodule", titel="Terug")
    library.follow_modules()
    assert Case.objects.get().archived_at is None


@pytest.mark.django_db
def test_publishing_says_so_and_only_where_there_is_a_case(tmp_path: Path) -> None:
    publish(tmp_path / "proefmodule", case=False)
    assert not Job.objects.filter(kind=library.KIND).exists()
    publish(tmp_path / "proefmodule")
    job = Job.objects.get(kind=library.KIND)
    assert job.payload == '{"module":"proefmodule"}'


@pytest.mark.django_db
def test_publishing_a_module_that_lost_its_case_says_so_too(tmp_path: Path) -> None:
    publish(tmp_path / "proefmodule")
    library.follow_modules()
    Job.objects.all().delete()
    publish(tmp_path / "proefmodule", case=False)
    assert Job.objects.filter(kind=library.KIND).exists()


@pytest.mark.django_db
def test_starting_the_house_brings_the_four_cases(settings: Any) -> None:
    settings.DEMO = False
    call_command("prepare")
    assert Case.objects.filter(organisation=None).count() == 4
    assert CaseVersion.objects.count() == 4


def test_a_copy_is_of_the_organisation_counts_for_the_same_and_records_no_talk(trainer: Person) -> None:
    version = case_of(usage="dialoogprincipes/praktijkcase-m1")
    made = library.copy(version.case, by=trainer)
    assert (made.organisation, made.usage, made.copied_from) == (trainer.organisation, version.case.usage, version.case)
    assert Form.RECORDED not in made.draft["bewijsvormen"]
    assert Form.RECORDED in version.document["bewijsvormen"]
    assert not made.versions.exists()


def test_a_version_never_changes_and_the_next_has_the_next_number(trainer: Person) -> None:
    case = library.copy(case_of().case, by=trainer)
    first = library.make_version(case.pk, by=trainer)
    library.keep(case.pk, {"doel": "Iets anders."}, drawn={"doel": library.mark(DOCUMENT["doel"])})
    second = library.make_version(case.pk, by=trainer)
    first.refresh_from_db()
    assert (first.number, first.document["doel"], first.made_by) == (1, DOCUMENT["doel"], trainer)
    assert (second.number, second.document["doel"]) == (2, "Iets anders.")
    case.refresh_from_db()
    assert case.draft is None


def test_what_isn_t_finished_is_no_version(trainer: Person) -> None:
    case = library.copy(case_of().case, by=trainer)
    library.keep(case.pk, {"doel": ""}, drawn={"doel": library.mark(DOCUMENT["doel"])})
    with pytest.raises(library.Unfinished) as unfinished:
        library.make_version(case.pk, by=trainer)
    assert [problem.path for problem in unfinished.value.problems] == [("doel",)]
    assert not CaseVersion.objects.filter(case=case).exists()


def test_what_two_pages_change_of_different_things_is_both_kept(trainer: Person) -> None:
    case = library.copy(case_of().case, by=trainer)
    drawn = {name: library.mark(DOCUMENT[name]) for name in ("doel", "opdracht")}
    library.keep(case.pk, {"doel": "Van de een.", "opdracht": DOCUMENT["opdracht"]}, drawn=drawn)
    kept = library.keep(case.pk, {"doel": DOCUMENT["doel"], "opdracht": "Van de ander."}, drawn=drawn)
    assert kept.clashes == {}
    assert (kept.text["doel"], kept.text["opdracht"]) == ("Van de een.", "Van de ander.")


def test_what_two_pages_change_of_one_thing_is_asked(trainer: Person) -> None:
    case = library.copy(case_of().case, by=trainer)
    drawn = {"doel": library.mark(DOCUMENT["doel"])}
    library.keep(case.pk, {"doel": "Van de een."}, drawn=drawn)
    kept = library.keep(case.pk, {"doel": "Van de ander."}, drawn=drawn)
    assert (kept.clashes, kept.text["doel"]) == ({"doel": "Van de een."}, "Van de een.")
    kept = library.keep(case.pk, {"doel": "Van de ander."}, drawn=drawn, taken=["doel"])
    assert (kept.clashes, kept.text["doel"]) == ({}, "Van de een.")
    kept = library.keep(case.pk, {"doel": "Van de ander."}, drawn={"doel": library.mark("Van de een.")})
    assert kept.text["doel"] == "Van de ander."


def test_the_list_has_the_modules_and_ones_own_and_hides_the_archive(trainer: Person) -> None:
    case_of(titel="Van een module")
    case_of(trainer.organisation, titel="Van ons")
    case_of(OrganisationFactory.create(), titel="Van anderen")
    away = case_of(trainer.organisation, titel="Weggelegd").case
    library.archive(away.pk)
    text = words(trainer, "/begeleiden/cases/")
    assert "Van een module" in text
    assert "Van ons" in text
    assert "Van anderen" not in text
    assert "Weggelegd" not in text
    assert "met een concept" not in text
    assert "Weggelegd" in words(trainer, "/begeleiden/cases/?archief=1")


@pytest.mark.django_db
@pytest.mark.parametrize("n", [2, 30])
def test_the_list_asks_a_fixed_number_of_queries(n: int, trainer: Person, django_assert_num_queries: Any) -> None:
    for number in range(n):
        case_of(trainer.organisation, titel=f"Case {number}", usage=f"dialoogprincipes/case-{number}")
    client = browser(trainer)
    with django_assert_num_queries(5):
        client.get("/begeleiden/cases/")


def test_a_case_is_read_whole_with_its_rubric(trainer: Person, django_assert_num_queries: Any) -> None:
    case = case_of(trainer.organisation, varianten=[{"naam": "Kust", "opdracht": "Ga naar zee."}]).case
    client = browser(trainer)
    with django_assert_num_queries(5):
        text = client.get(f"/begeleiden/cases/{case.pk}/").content.decode()
    shown = (DOCUMENT["opdracht"], "Is het veilig om dit alleen te doen?", "Wat gebeurde er?", "Oordeel uitstellen",
             "Geeft de woorden van de ander weer.", "ingesproken reflectie", "Ga naar zee.", "28 dagen")  # fmt: skip
    assert all(said in text for said in shown)


def test_an_earlier_version_can_be_read_and_what_changed(trainer: Person) -> None:
    case = case_of(trainer.organisation).case
    library.keep(case.pk, {"doel": "Je luistert en wacht."}, drawn={"doel": library.mark(DOCUMENT["doel"])})
    library.make_version(case.pk, by=trainer)
    assert DOCUMENT["doel"] in words(trainer, f"/begeleiden/cases/{case.pk}/?versie=1")
    text = words(trainer, f"/begeleiden/cases/{case.pk}/anders/?versie=2")
    assert "<dt>Doel</dt>" in text
    assert "<ins>wacht.</ins>" in text
    assert browser(trainer).get(f"/begeleiden/cases/{case.pk}/?versie=9").status_code == 404
    assert browser(trainer).get(f"/begeleiden/cases/{case.pk}/anders/?versie=1").status_code == 404


def test_what_a_trainer_types_is_text_and_nothing_else(trainer: Person) -> None:
    case = case_of(trainer.organisation, opdracht="<script>alert(1)</script>").case
    for page in ("", "bewerk/", "voorbeeld/"):
        assert "<script>alert" not in words(trainer, f"/begeleiden/cases/{case.pk}/{page}")


def test_putting_away_and_bringing_back(trainer: Person) -> None:
    case = case_of(trainer.organisation).case
    client = browser(trainer)
    client.post(f"/begeleiden/cases/{case.pk}/archief/")
    case.refresh_from_db()
    assert case.archived_at
    assert "Zet deze case uit" not in words(trainer, f"/begeleiden/cases/{case.pk}/")
    client.post(f"/begeleiden/cases/{case.pk}/archief/", {"terug": "ja"})
    case.refresh_from_db()
    assert case.archived_at is None


def test_any_trainer_of_the_organisation_writes_and_no_other(trainer: Person) -> None:
    case = case_of(trainer.organisation).case
    colleague = trainer_in(trainer.organisation)
    assert browser(colleague).get(f"/begeleiden/cases/{case.pk}/bewerk/").status_code == 200
    stranger = trainer_in(OrganisationFactory.create())
    module = case_of().case
    for number in (case.pk, module.pk):
        for page in ("bewerk/", "archief/", "terug/"):
            assert browser(stranger).post(f"/begeleiden/cases/{number}/{page}").status_code == 404
    for page in ("", "voorbeeld/", "anders/"):
        assert browser(stranger).get(f"/begeleiden/cases/{case.pk}/{page}").status_code == 404
    assert browser(stranger).get(f"/begeleiden/cases/{module.pk}/").status_code == 200


@pytest.mark.parametrize("role", [role for role in Role if role != Role.TRAINER])
def test_no_other_role_opens_the_library(role: Role, organisation: Organisation) -> None:
    person = PersonFactory.create(organisation=organisation)
    RoleGrant.objects.create(person=person, organisation=organisation, role=role)
    case = case_of(organisation).case
    for path in ("", f"{case.pk}/", f"{case.pk}/bewerk/", f"{case.pk}/voorbeeld/"):
        assert browser(person).get(f"/begeleiden/cases/{path}").status_code == 404


def test_the_preview_shows_the_draft_in_a_variant(trainer: Person) -> None:
    case = Case.objects.create(
        organisation=trainer.organisation, title="x", made_at=timezone.now(),
        draft=documents.complete({**DOCUMENT, "varianten": [{"naam": "Kust", "opdracht": "Ga naar zee."}]}),
    )  # fmt: skip
    assert "Ga naar zee." not in words(trainer, f"/begeleiden/cases/{case.pk}/voorbeeld/")
    assert "Ga naar zee." in words(trainer, f"/begeleiden/cases/{case.pk}/voorbeeld/?variant=Kust")
