"""A link in a course of an LMS that gives a practice case out to who opens it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from learning.people.models import Group, Organisation, Person
from learning.practice.models import Assignment, CaseVersion, GivenTo, State, Verdict, Work
from learning.practice.services import giving, library
from learning.tracks.models import Enrolment, ModuleEdition
from learning.tracks.services import set_track
from lti import claims as words
from lti.tool.messages import case_of
from lti.tool.models import Seat
from tests.factories import OrganisationFactory
from tests.factories.practice import assignment_in, handed_in, judged, trainer_in, work_of
from tests.factories.practice import case_of as a_case
from tests.lti.certification.test_ags import deliver, endpoint
from tests.lti.deeplinks import answered, opened, sent
from tests.lti.hostile import INSTRUCTOR, Claims, Lms, Server, connected

USAGE = "proefmodule/praktijkcase-m9"


@pytest.fixture
def version(organisation: Organisation) -> CaseVersion:
    return a_case(organisation, usage=USAGE)


@pytest.fixture
def link(lms: Lms, version: CaseVersion) -> Claims:
    return linking(lms, version)


def linking(lms: Lms, version: CaseVersion, **changes: Any) -> Claims:
    return lms.claims(**{words.CUSTOM: {"module": "proefmodule", "activity": f"case.{version.case_id}"}, **changes})


def land(lms: Lms, claims: Claims) -> str:
    response = lms.launch(Client(), claims)
    assert response.status_code == 303, response.content.decode()
    return str(response.headers["Location"])


def test_a_case_is_chosen_in_the_lms_with_a_column_of_its_own(
    lms: Lms, browser: Client, version: CaseVersion, edition: ModuleEdition
) -> None:
    set_track(version.case.organisation, slug="lijn", title="Lijn", modules=[edition.module])  # type: ignore[arg-type]
    strange = a_case(OrganisationFactory.create(), usage=USAGE, titel="Van anderen")
    picker = opened(lms, browser)
    page = browser.get(picker).content.decode()
    assert version.case.title in page
    assert strange.case.title not in page
    reference = f"proefmodule/case.{version.case_id}"
    assert "als de case voldoende is" in browser.get(f"{picker}instellen/?item={reference}").content.decode()
    [item] = answered(sent(browser, picker, reference, line_item_0="on")).items
    assert item["custom"] == {"module": "proefmodule", "activity": f"case.{version.case_id}"}
    assert (item["lineItem"]["scoreMaximum"], item["lineItem"]["resourceId"]) == (1, reference)


def test_a_learner_who_opens_it_gets_it_in_the_group_of_the_course_once(lms: Lms, link: Claims) -> None:
    first = land(lms, link)
    work = Work.objects.get()
    assert first == land(lms, link) == f"/praktijk/{work.key}/"
    assignment = Assignment.objects.get()
    assert (assignment.given_to, assignment.group) == (GivenTo.LAUNCH, Group.objects.get(source__startswith="lti:"))
    assert (work.group, work.state, work.due_on) == (assignment.group, State.GIVEN, assignment.due_on)
    assert Enrolment.objects.filter(person=work.person, module__slug="proefmodule").exists()


def test_who_opens_it_later_has_as_many_days_and_the_same_version(lms: Lms, link: Claims, version: CaseVersion) -> None:
    land(lms, link)
    week = timedelta(days=7)
    Assignment.objects.update(starts_on=timezone.localdate() - week, due_on=timezone.localdate() + 3 * week)
    library.keep(version.case_id, {"doel": "Anders."}, drawn={"doel": library.mark(version.document["doel"])})
    library.make_version(version.case_id, by=trainer_in(Organisation.objects.get()))
    land(lms, {**link, "sub": "person-8", "email": "b@example.org"})
    later = Work.objects.order_by("-pk")[0]
    assert later.due_on == timezone.localdate() + 4 * week
    assert later.assignment.version == version


def test_its_trainer_sees_how_it_goes(lms: Lms, link: Claims) -> None:
    where = land(lms, {**link, words.ROLES: [INSTRUCTOR]})
    assignment = Assignment.objects.get()
    assert where == f"/begeleiden/uitzetten/{assignment.key}/"
    assert assignment.given_by
    land(lms, {**link, "sub": "person-8", "email": "b@example.org"})
    assert assignment.works.count() == 1
    client = Client()
    client.force_login(assignment.given_by)
    assert client.get(where).status_code == 200


def test_outside_a_course_there_is_the_module(lms: Lms, link: Claims) -> None:
    outside = {name: value for name, value in link.items() if name != words.CONTEXT}
    assert land(lms, outside) == "/leren/proefmodule/"
    assert not Work.objects.exists()


def test_who_has_the_case_open_goes_on_with_that(lms: Lms, link: Claims, version: CaseVersion) -> None:
    land(lms, {**link, words.CUSTOM: {"module": "proefmodule"}, words.RESOURCE_LINK: {"id": "other"}})
    person = Person.objects.get(name="Aydın de Boer")
    group = Group.objects.create(organisation=person.organisation, name="Van de trainer")
    theirs = work_of(person, assignment_in(group, version))
    assert land(lms, link) == f"/praktijk/{theirs.key}/"
    assert Work.objects.count() == 1


def test_what_was_withdrawn_is_given_anew_and_a_group_that_ended_gives_nothing(lms: Lms, link: Claims) -> None:
    land(lms, link)
    trainer = trainer_in(Organisation.objects.get())
    giving.withdraw(Assignment.objects.get().pk, by=trainer)
    giving.take_back_works(Assignment.objects.get().pk, wholly=False, by_id=trainer.pk)
    land(lms, link)
    assert Work.objects.count() == 1
    Group.objects.update(ends_on=timezone.localdate() - timedelta(days=1))
    assert land(lms, {**link, "sub": "person-8", "email": "b@example.org"}) == "/leren/proefmodule/"
    assert Work.objects.count() == 1


@pytest.mark.parametrize("activity", ["case.999999", "case.", "case.x", "case.99999999999999"])
def test_a_case_that_is_not_there_is_refused(activity: str, lms: Lms, link: Claims) -> None:
    response = lms.launch(Client(), {**link, words.CUSTOM: {"module": "proefmodule", "activity": activity}})
    assert response.status_code == 400
    assert not Work.objects.exists()


def test_a_case_of_another_organisation_is_not_there(lms: Lms) -> None:
    strange = a_case(OrganisationFactory.create(), usage=USAGE)
    assert lms.launch(Client(), linking(lms, strange)).status_code == 400
    elsewhere = a_case(Organisation.objects.first(), usage="anders/praktijkcase")
    assert lms.launch(Client(), linking(lms, elsewhere)).status_code == 400


def test_a_link_to_a_case_in_the_archive_goes_on(lms: Lms, link: Claims, version: CaseVersion) -> None:
    library.archive(version.case_id)
    assert land(lms, link).startswith("/praktijk/")


def test_the_column_hears_one_out_of_one_when_it_is_voldoende_and_nothing_before(
    organisation: Organisation, edition: ModuleEdition, server: Server, version: CaseVersion
) -> None:
    lms = connected(organisation, issuer=server.url)
    land(lms, linking(lms, version, **{words.AGS_ENDPOINT: endpoint(server)}))
    work = Work.objects.select_related("group").get()
    seat = Seat.objects.get()
    deliver(seat)
    trainer = trainer_in(organisation)
    work.group.members.create(person=trainer, is_trainer=True)
    work = handed_in(work)
    deliver(seat)
    assert server.scores == []
    judged(work, trainer, Verdict.ENOUGH)
    deliver(seat)
    deliver(seat)
    assert [(score["scoreGiven"], score["activityProgress"]) for score in server.scores] == [(1, "Completed")]


@pytest.mark.parametrize(("activity", "number"), [("case.12", 12), ("case.", None), ("case.²", None), ("lens-1", None)])
def test_a_case_is_known_by_its_number(activity: str, number: int | None) -> None:
    assert case_of(activity) == number
