"""Our services against a Moodle as it was seen to behave: `tests/lti/moodle.py` says which habit is which."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from learning.people.models import GroupMember, Organisation, Person
from learning.tracks.models import Enrolment, ModuleEdition
from lti import claims as words
from lti.tool import results, rosters, scores
from lti.tool.models import Account, Context, LineItem, ResourceLink, Seat
from tests.lti.certification.test_ags import progress
from tests.lti.conftest import Worker
from tests.lti.hostile import INSTRUCTOR, Lms, Reply, connected, hang_up
from tests.lti.moodle import COURSE, MOODLE_LEARNER, ROOT, Enrolled, Grade, Moodle

LINE_ITEMS = f"{ROOT}/{COURSE}/lineitems"


@pytest.fixture
def moodle(db: None) -> Iterator[Moodle]:
    cache.clear()
    moodle = Moodle()
    moodle.people = [
        Enrolled("7", "Aydın de Boer", "aydin@example.org"),
        Enrolled("8", "Bo Zwart", "bo@example.org"),
        Enrolled("2", "Trui Trainer", "trui@example.org", ("Instructor",)),
    ]
    yield moodle
    hang_up()
    moodle.close()


@pytest.fixture
def lms(organisation: Organisation, edition: ModuleEdition, moodle: Moodle) -> Lms:
    return connected(organisation, issuer=moodle.url)


@pytest.fixture
def seat(lms: Lms, moodle: Moodle, worker: Worker) -> Seat:
    """A learner is in by an activity that has a column of its own, and Moodle knows it."""
    column = moodle.column(resourceLinkId="link-1")
    assert lms.launch(Client(), moodle.claims(lms, column=column)).status_code == 303
    worker.work()
    return Seat.objects.get()


def test_a_grade_is_never_erased_by_progress_after_it(seat: Seat, moodle: Moodle, worker: Worker) -> None:
    """Row 1: anything but FullyGraded answers 200 and takes the grade away."""
    progress(seat, 4)
    worker.work()
    Enrolment.objects.update(completed_at=None)
    progress(seat, 3)
    worker.work()

    assert [(share, state) for _, share, state, _ in moodle.taken] == [(0, "Pending"), (1, "FullyGraded")]
    assert moodle.columns[10].grades["7"].score == 100


def test_no_two_scores_carry_the_same_second_nor_one_that_is_still_to_come(
    seat: Seat, moodle: Moodle, worker: Worker
) -> None:
    """Row 2: a second is what it compares in, and a stamp ahead of the clock blocks the true ones after it."""
    for done in (1, 2, 3, 4):
        progress(seat, done)
        worker.work()

    stamps = [stamp for *_, stamp in moodle.taken]
    assert stamps == sorted(set(stamps))
    assert stamps[-1] <= timezone.now().timestamp() + worker.ahead
    assert not worker.failed()
    assert [share for _, share, _, _ in moodle.taken] == [0, 0.25, 0.5, 0.75, 1]


def test_a_newer_grade_of_moodle_s_own_is_left_alone(seat: Seat, moodle: Moodle, worker: Worker) -> None:
    """Row 2: 409 says that a newer one is there."""
    moodle.columns[10].grades["7"] = Grade(42.0, int(timezone.now().timestamp() + worker.ahead) + 3600)
    asked = len(moodle.asked)
    progress(seat, 4)
    worker.work()

    assert moodle.columns[10].grades["7"].score == 42
    assert len(moodle.asked) == asked + 1
    assert not worker.failed()


def test_a_score_of_somebody_moodle_does_not_grade_is_sent_once(
    lms: Lms, moodle: Moodle, seat: Seat, worker: Worker
) -> None:
    """Row 3: 400 for who isn't a learner there (any more)."""
    moodle.people[0].roles = ("Instructor",)
    asked = len(moodle.asked)
    progress(seat, 1)
    worker.work()

    assert len(moodle.asked) == asked + 1
    assert worker.failed() == ["the LMS answered 400"]


def test_every_score_says_out_of_what(seat: Seat, moodle: Moodle, worker: Worker) -> None:
    """Row 3 and 4: scoreGiven never without scoreMaximum; the column has a maximum of its own."""
    progress(seat, 2)
    worker.work()

    sent = [asked.json for asked in moodle.asked if asked.route.endswith("/scores")]
    assert all(0 <= score["scoreGiven"] <= score["scoreMaximum"] == 1 for score in sent)


def test_moodle_s_own_column_is_never_removed_or_changed(seat: Seat, moodle: Moodle, worker: Worker) -> None:
    """Row 5: DELETE would take the activity's grades along. PUT could rename it."""
    progress(seat, 4)
    Seat.objects.all().delete()
    worker.work()

    assert {asked.method for asked in moodle.asked} <= {"GET", "POST"}
    assert 10 in moodle.columns


def test_a_column_on_a_later_page_is_found_through_a_malformed_link(lms: Lms, moodle: Moodle, worker: Worker) -> None:
    """Row 6: `&amp;` in the address, curly quotes around next."""
    for number in range(250):
        moodle.column(resourceId=f"other-{number}", tag="x")
    ours = moodle.column(resourceId="proefmodule", tag="voortgang", resourceLinkId="link-0")
    moodle.script[LINE_ITEMS] += [Reply(body=[])]
    pages = [
        Reply(
            body=[column.item for column in list(moodle.columns.values())[start : start + 100]],
            headers={"Link": moodle_link(moodle, start + 100)} if start < 200 else {},
        )
        for start in (0, 100, 200)
    ]
    moodle.script[LINE_ITEMS] += pages
    lms.launch(Client(), moodle.claims(lms))
    worker.work()

    assert LineItem.objects.get().url == ours.item["id"]
    assert [asked.query.get("from") for asked in moodle.requests(LINE_ITEMS)] == [None, None, "100", "200"]


def moodle_link(moodle: Moodle, start: int) -> str:
    curly = "“".encode().decode("latin-1"), "”".encode().decode("latin-1")
    return f"<{moodle.line_items}&amp;limit=100&amp;from={start}>; rel={curly[0]}next{curly[1]}"


def test_a_class_list_is_asked_in_pages_and_short_roles_are_understood(
    lms: Lms, moodle: Moodle, worker: Worker
) -> None:
    """Row 7: without a limit everybody comes at once; roles are `Learner` there and a full address in launches."""
    moodle.people += [Enrolled(str(100 + n), f"Deelnemer {n}", "") for n in range(1200)]
    lms.launch(Client(), moodle.claims(lms, sub="2", **{words.ROLES: [INSTRUCTOR]}))
    worker.work()

    asked = [each.query for each in moodle.asked if each.route.endswith("/memberships")]
    assert [query.get("from") for query in asked] == [None, "500", "1000"]
    assert Account.objects.count() == 1203
    assert GroupMember.objects.filter(is_trainer=True).values_list("person__name", flat=True).get() == "Trui Trainer"
    assert not Context.objects.get().roster_trouble


def test_a_launch_with_institution_roles_too_is_of_a_learner(lms: Lms, moodle: Moodle) -> None:
    """Row 7."""
    lms.launch(Client(), moodle.claims(lms, **{words.ROLES: MOODLE_LEARNER}))

    assert Seat.objects.get().account.participations.get().roles == "deelnemer"


def test_people_without_names_are_known_by_their_id_only(lms: Lms, moodle: Moodle, worker: Worker) -> None:
    """Row 8 and 18: names and addresses are withheld unless they were asked for at registration."""
    moodle.shares_names = False
    lms.launch(Client(), moodle.claims(lms))
    lms.launch(Client(), moodle.claims(lms, sub="2", **{words.ROLES: [INSTRUCTOR]}))
    worker.work()

    assert set(Account.objects.values_list("subject", flat=True)) == {"7", "8", "2"}
    assert set(Person.objects.values_list("name", "email")) == {("", "")}


def test_the_same_number_in_two_moodles_is_two_people(
    organisation: Organisation, lms: Lms, moodle: Moodle, worker: Worker
) -> None:
    """Row 8: `sub` is a plain number, so 7 is somebody else in every Moodle; and an address proves nothing."""
    other = Moodle()
    other.people = [Enrolled("7", "Een ander", "aydin@example.org")]
    lms.launch(Client(), moodle.claims(lms))
    second = connected(organisation, issuer=other.url)
    second.launch(Client(), other.claims(second, sub="2", email="", **{words.ROLES: [INSTRUCTOR]}))
    worker.work()
    other.close()

    assert Person.objects.filter(email="aydin@example.org").count() == 2


def test_our_clock_may_run_ahead_a_little(seat: Seat, moodle: Moodle) -> None:
    """Row 13: an assertion from the future is refused, so ours is from a little before."""
    (asked,) = (each for each in moodle.asked if each.route == "/token")

    assert asked.form["client_assertion"]
    assert moodle.tokens


def test_one_token_serves_an_hour_of_scores(seat: Seat, moodle: Moodle, worker: Worker) -> None:
    """Row 13: it lives 3600 s."""
    for done in (1, 2, 3):
        progress(seat, done)
        worker.work()

    assert len(moodle.requests("/token")) == 1


def test_a_new_key_of_ours_is_fetched_when_moodle_meets_it(seat: Seat, moodle: Moodle, worker: Worker) -> None:
    """Row 14: it looks at our keys again when it doesn't know the kid."""
    assert moodle.keys_fetched == 1
    moodle.keys = {"keys": []}
    cache.clear()
    progress(seat, 1)
    worker.work()

    assert moodle.keys_fetched == 2
    assert moodle.taken[-1][1] == 0.25


def test_two_registrations_of_one_moodle_are_the_same_people(
    organisation: Organisation, lms: Lms, moodle: Moodle, worker: Worker
) -> None:
    """Row 17: each registration has a client_id of its own."""
    second = connected(organisation, issuer=moodle.url, client_id="client-2")
    lms.launch(Client(), moodle.claims(lms, column=moodle.column(resourceLinkId="link-1")))
    second.launch(Client(), moodle.claims(second, column=moodle.column(resourceLinkId="link-2"), sub="7"))
    worker.work()

    assert Account.objects.count() == 1
    assert LineItem.objects.count() == 2
    assert [user for user, *_ in moodle.taken] == ["7", "7"]


def test_a_link_from_deep_linking_gets_a_column_all_the_same(lms: Lms, moodle: Moodle, worker: Worker) -> None:
    """Row 19: Moodle makes none for it."""
    lms.launch(Client(), moodle.claims(lms))
    worker.work()

    (column,) = moodle.columns.values()
    assert column.item["resourceId"] == "proefmodule"
    assert moodle.taken[-1][:3] == ("7", 0, "Pending")
    assert LineItem.objects.get().made_here


def test_a_copied_course_gets_a_column_of_its_own(lms: Lms, moodle: Moodle, worker: Worker) -> None:
    """Row 20: a copy has a new resource link, and only the course says what it was copied from."""
    lms.launch(Client(), moodle.claims(lms))
    worker.work()
    first = LineItem.objects.get()
    moodle.columns.clear()
    copy = {words.RESOURCE_LINK: {"id": "link-9", "title": "De dialoog"}, words.CONTEXT: {"id": "20", "title": "Kopie"}}
    custom = {"context_history": COURSE}
    lms.launch(Client(), moodle.claims(lms, sub="8", **copy, **{words.CUSTOM: custom}))
    worker.work()

    link = ResourceLink.objects.get(resource_link_id="link-9")
    assert link.module == "proefmodule"
    assert link.line_item
    assert moodle.taken[-1][0] == "8"
    assert first.pk != link.line_item.pk or moodle.columns


def test_moodle_s_results_are_the_same_as_what_we_sent(seat: Seat, lms: Lms, moodle: Moodle, worker: Worker) -> None:
    """Row 4: out of 100 there, out of 1 here. Row 1: progress shows no result at all, and that is no loss."""
    results.compare(lms.platform)
    worker.work()
    assert LineItem.objects.get().compared == {"same": 1, "other": 0, "missing": 0}
    progress(seat, 4)
    worker.work()
    results.compare(lms.platform)
    worker.work()

    assert LineItem.objects.get().compared == {"same": 1, "other": 0, "missing": 0}


def test_a_lost_grade_is_found_and_sent_again(seat: Seat, lms: Lms, moodle: Moodle, worker: Worker) -> None:
    """A restored backup: Moodle forgot, and has an older stamp or none."""
    progress(seat, 4)
    worker.work()
    moodle.columns[10].grades.clear()
    results.compare(lms.platform)
    worker.work()
    assert results.summary(lms.platform).missing == 1
    results.send_again(lms.platform)
    worker.work()
    results.compare(lms.platform)
    worker.work()

    assert moodle.columns[10].grades["7"].score == 100
    assert results.summary(lms.platform).same == 1


def test_numbers_reach_the_gradebook_only_while_they_are_on(
    seat: Seat, lms: Lms, moodle: Moodle, worker: Worker
) -> None:
    """Curriculum 2.0: off by default; off again takes the number away."""
    seat.enrolment.activities.create(activity="quiz-1-1", status="afgerond", score=0.5, completed_at=timezone.now())
    progress(seat, 4)
    worker.work()
    shown = [moodle.columns[10].grades["7"].score]
    for on in (True, False):
        scores.show_numbers(lms.platform, on=on)
        worker.work()
        shown.append(moodle.columns[10].grades["7"].score)

    assert shown == [100, 50, 100]


def test_a_suspended_enrolment_leaves_the_group(lms: Lms, moodle: Moodle, worker: Worker) -> None:
    """Row 7: Moodle lists the suspended as Inactive."""
    lms.launch(Client(), moodle.claims(lms, sub="2", **{words.ROLES: [INSTRUCTOR]}))
    worker.work()
    moodle.people[1].status = "Inactive"
    rosters.read(Context.objects.get())
    worker.work()

    assert set(GroupMember.objects.values_list("person__name", flat=True)) == {"Aydın de Boer", "Trui Trainer"}
