"""What somebody did in a module goes 24 months after they did something there for the last time, and not without a word
(curriculum 4.5): what they wrote for themselves, what they showed and what others were told stays."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format

from certificates.models import Certificate, Kind
from jobs.models import Job
from learning.competences.models import EvidenceItem, Reached
from learning.competences.services import evidence, rebuilding
from learning.notices import queries as notices
from learning.notices.models import Notice
from learning.people import retention
from learning.people.models import Destruction, Person
from learning.people.retention import AHEAD, LEARNING
from learning.practice.models import Work
from learning.runtime.blocks import State
from learning.runtime.models import Attempt, BlockState, CohortFigures
from learning.runtime.notices import MODULE_GOES
from learning.tracks.models import ActivityProgress, Enrolment, ModuleEdition, Reminder
from learning.tracks.services import enrol
from tests.factories import PersonFactory, enrolled, published
from tests.factories.nights import night
from tests.factories.practice import assignment_in, case_of, group_of, work_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(tmp_path: Path) -> ModuleEdition:
    return published(tmp_path / "proefmodule")


@pytest.fixture
def enrolment(edition: ModuleEdition) -> Enrolment:
    return learned(PersonFactory.create(email="l@proef.example"), edition)


def learned(person: Person, edition: ModuleEdition) -> Enrolment:
    """All that doing something leaves behind."""
    enrolment, now = enrolled(person, edition), timezone.now()
    ActivityProgress.objects.create(
        enrolment=enrolment, activity="quiz-1-1", status="afgerond", score=1, completed_at=now
    )
    Reminder.objects.create(enrolment=enrolment, sent_at=now)
    for quiz in ("quiz-1-1", "quiz-1-2"):
        usage = f"proefmodule/{quiz}"
        Attempt.objects.create(
            person=person, usage=usage, edition=edition, number=1, answers={"v1": 0}, score=0.8, created_at=now
        )
        BlockState.objects.create(person=person, usage=usage, data='{"status": "afgerond"}', updated_at=now)
    return enrolment


def wrote(person: Person, usage: str = "proefmodule/eigen", **data: object) -> BlockState:
    state = State(person.pk, usage, {"status": "afgerond", "handed_in": {"tekst": "x"}, **data})
    state.private.update({"tekst": "Wat alleen van mij is"})
    state.private_changed = True
    kept, sealed = state.to_save()
    return BlockState.objects.create(
        person=person, usage=usage, data=kept, sealed=sealed, version=3, updated_at=timezone.now()
    )


def last_busy(enrolment: Enrolment, at: datetime) -> None:
    Enrolment.objects.filter(pk=enrolment.pk).update(touched_at=at)
    Attempt.objects.filter(person=enrolment.person_id).update(created_at=at)


def warn(enrolment: Enrolment) -> None:
    for kind, each in retention._warnings.values():
        if kind is LEARNING:
            each(enrolment.person.organisation_id, timezone.now())


def past_its_term(enrolment: Enrolment, *, days: int = 1) -> None:
    """Told in time, and so long over."""
    last_busy(enrolment, LEARNING.before(timezone.now()) - timedelta(days=days))
    warn(enrolment)
    Notice.objects.update(made_at=timezone.now() - AHEAD)


def told(person: Person) -> list[str]:
    rows = list(Notice.objects.filter(person=person, kind=MODULE_GOES))
    return [each.line.text for each in notices.shown(person, rows) if each.line]


def test_after_its_term_all_of_a_module_is_gone_and_is_written_down(enrolment: Enrolment) -> None:
    past_its_term(enrolment)
    assert night(LEARNING) == {
        "learning.ActivityProgress": 1, "learning.Attempt": 2, "learning.BlockState": 2, "learning.Enrolment": 1,
        "learning.Reminder": 1,
    }  # fmt: skip
    assert not Enrolment.objects.exists()
    assert not BlockState.objects.exists()
    assert not night(LEARNING)
    assert Destruction.objects.count() == 1


def test_who_comes_back_after_23_months_loses_nothing(client: Client, enrolment: Enrolment) -> None:
    last_busy(enrolment, timezone.now() - timedelta(days=715))
    warn(enrolment)
    assert told(enrolment.person)
    client.force_login(enrolment.person)
    assert client.get("/leren/proefmodule/u1/").status_code == 200
    warn(enrolment)
    Notice.objects.update(made_at=timezone.now() - AHEAD)
    assert not told(enrolment.person)
    assert not night(LEARNING)
    assert Attempt.objects.count() == 2


def test_nobodys_work_goes_before_they_were_told_thirty_days_ago(enrolment: Enrolment) -> None:
    """Also where the term was made shorter, or nobody wiped for years."""
    last_busy(enrolment, timezone.now() - timedelta(days=2000))
    assert not night(LEARNING)
    warn(enrolment)
    assert not night(LEARNING)
    Notice.objects.update(made_at=timezone.now() - AHEAD + timedelta(minutes=1))
    assert not night(LEARNING)
    Notice.objects.update(made_at=timezone.now() - AHEAD)
    assert night(LEARNING)


def test_they_are_told_once_with_the_day_and_where_to_download(enrolment: Enrolment) -> None:
    soon = LEARNING.before(timezone.now() + AHEAD)
    last_busy(enrolment, soon + timedelta(minutes=5))
    warn(enrolment)
    assert not Notice.objects.exists()
    last_busy(enrolment, soon - timedelta(minutes=5))
    for _day in range(3):
        warn(enrolment)
    (notice,) = Notice.objects.all()
    (said,) = told(enrolment.person)
    assert "Proefmodule" in said
    last = timezone.localdate(timezone.now() + AHEAD) - timedelta(days=1)
    assert f"gaat na {date_format(last, 'j F Y')} weg" in said
    assert notice.facts["on"] == timezone.localdate(timezone.now() + AHEAD).isoformat()
    (shown,) = notices.shown(enrolment.person, [notice])
    assert shown.line
    assert shown.line.href == "/mijn-gegevens/"


def test_who_came_back_is_told_again_another_year(enrolment: Enrolment) -> None:
    past_its_term(enrolment)
    Enrolment.objects.update(touched_at=timezone.now())
    warn(enrolment)
    assert not Notice.objects.exists()
    past_its_term(enrolment)
    assert told(enrolment.person)


def test_what_they_wrote_for_themselves_stays_sealed_and_nothing_else_of_it(
    enrolment: Enrolment, edition: ModuleEdition
) -> None:
    person = enrolment.person
    row = wrote(person, wipe_on="2999-01-01")
    everywhere = wrote(person, "*/selfcheck")
    past_its_term(enrolment)
    night(LEARNING)
    row.refresh_from_db()
    assert json.loads(row.data) == {"wipe_on": "2999-01-01"}
    assert row.version == 4
    assert row.sealed is not None
    assert State(person.pk, row.usage, {}, bytes(row.sealed)).private == {"tekst": "Wat alleen van mij is"}
    everywhere.refresh_from_db()
    assert everywhere.version == 3


def test_a_module_whose_name_begins_alike_stays(edition: ModuleEdition, enrolment: Enrolment) -> None:
    other = wrote(enrolment.person, "proefmodule-twee/quiz-1-1")
    past_its_term(enrolment)
    night(LEARNING)
    other.refresh_from_db()
    assert other.version == 3


def test_of_colleagues_nothing_goes(enrolment: Enrolment, edition: ModuleEdition) -> None:
    colleague = learned(PersonFactory.create(organisation=enrolment.person.organisation), edition)
    past_its_term(enrolment)
    night(LEARNING)
    assert Enrolment.objects.get() == colleague
    assert set(Attempt.objects.values_list("person", flat=True)) == {colleague.person_id}


def test_what_they_showed_still_counts_and_rebuilding_finds_the_same(enrolment: Enrolment) -> None:
    person = enrolment.person
    past_its_term(enrolment)
    evidence.work_out(person.pk)
    kept = list(EvidenceItem.objects.values_list("key", "score", "on"))
    levels = list(Reached.objects.order_by("competence").values_list("competence", "level", "learning_levels"))
    assert kept
    assert ("C1", 1, "") in levels
    night(LEARNING)
    assert not rebuilding.differences(person.pk)
    assert not rebuilding.rebuild(person.pk)
    assert list(EvidenceItem.objects.values_list("key", "score", "on")) == kept
    assert levels == list(Reached.objects.order_by("competence").values_list("competence", "level", "learning_levels"))


def test_who_does_it_again_shows_it_anew_beside_what_they_showed_then(
    enrolment: Enrolment, edition: ModuleEdition
) -> None:
    """Their first attempt is number 1 again: it takes the place of nothing, and isn't lost."""
    person = enrolment.person
    past_its_term(enrolment)
    evidence.work_out(person.pk)
    then = dict(EvidenceItem.objects.values_list("key", "score"))
    night(LEARNING)
    enrol(person, module=edition.module)
    Attempt.objects.create(
        person=person, usage="proefmodule/quiz-1-1", edition=edition, number=1, answers={}, score=0.3,
        created_at=timezone.now(),
    )  # fmt: skip
    for _time in range(2):
        evidence.work_out(person.pk)
        now = dict(EvidenceItem.objects.values_list("key", "score"))
        assert then.items() <= now.items()
        assert sorted(now.values()) == [0.3, 0.8, 0.8]
        assert not rebuilding.differences(person.pk)


def test_a_certificate_stays_and_whoever_begins_again_gets_no_second_one(
    client: Client, enrolment: Enrolment, edition: ModuleEdition
) -> None:
    person = enrolment.person
    certificate = Certificate.objects.create(
        code="K7XF-49MD-X4TG", kind=Kind.ATTENDANCE, person=person, subject="proefmodule", language="nl",
        facts={"version": 1, "name": "N", "organisation": "o", "number": "M9", "title": "Proef", "edition": "x",
               "units": [], "minutes": 60},
        issued_on=timezone.localdate() - timedelta(days=760), digest="d",
    )  # fmt: skip
    past_its_term(enrolment)
    night(LEARNING)
    client.force_login(person)
    assert certificate.code in client.get("/certificates/").text
    again = enrol(person, module=edition.module)
    Enrolment.objects.filter(pk=again.pk).update(completed_at=timezone.now())
    from certificates import services  # noqa: PLC0415 draws nothing here

    assert services.issue_attendance(again.pk) == certificate


def test_nothing_is_told_or_counted_anew(enrolment: Enrolment) -> None:
    """Not to an LMS, not to a record store, and no figure moves because somebody's term was over."""
    figures = CohortFigures.objects.create(
        organisation=enrolment.person.organisation, usage="proefmodule/quiz-1-1", n=5, figures={"v1": [5]}
    )
    past_its_term(enrolment)
    Job.objects.all().delete()
    night(LEARNING)
    assert not Job.objects.exists()
    counted_at = figures.counted_at
    figures.refresh_from_db()
    assert (figures.n, figures.counted_at) == (5, counted_at)


@pytest.mark.parametrize(("days", "stays"), [(1, True), (740, False)])
def test_who_is_still_at_the_case_of_a_module_keeps_the_module(enrolment: Enrolment, days: int, stays: bool) -> None:
    """Its verdict counts in the certificate."""
    person = enrolment.person
    group = group_of(person)
    work = work_of(person, assignment_in(group, case_of(usage="proefmodule/praktijk")))
    Work.objects.filter(pk=work.pk).update(changed_at=timezone.now() - timedelta(days=days))
    past_its_term(enrolment)
    night(LEARNING)
    assert Enrolment.objects.exists() is stays


def test_a_case_of_another_module_holds_nothing_up(enrolment: Enrolment) -> None:
    person = enrolment.person
    work_of(person, assignment_in(group_of(person), case_of(usage="proefmodule-twee/praktijk")))
    past_its_term(enrolment)
    assert night(LEARNING)


def test_the_page_of_a_module_that_went_lets_them_begin_anew(client: Client, enrolment: Enrolment) -> None:
    past_its_term(enrolment)
    night(LEARNING)
    client.force_login(enrolment.person)
    for address in ("/leren/", "/leren/proefmodule/", "/groei/", "/berichten/"):
        assert client.get(address).status_code == 200, address
    assert client.post("/leren/proefmodule/begin/").status_code == 302
    assert client.get("/leren/proefmodule/u1/").status_code == 200
    assert Enrolment.objects.get().person == enrolment.person


def test_many_go_in_a_fixed_number_of_statements(edition: ModuleEdition) -> None:
    first = learned(PersonFactory.create(), edition)
    organisation = first.person.organisation
    for _more in range(6):
        learned(PersonFactory.create(organisation=organisation), edition)
    counts = []
    for some in (1, 6):
        Enrolment.objects.update(touched_at=timezone.now())
        for enrolment in Enrolment.objects.order_by("pk")[:some]:
            last_busy(enrolment, LEARNING.before(timezone.now()) - timedelta(days=1))
        warn(first)
        Notice.objects.update(made_at=timezone.now() - AHEAD)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            night(LEARNING)
        counts.append(len(captured))
    assert counts[0] == counts[1]
