"""AGS 2.0, score publish: what an LMS gets to hear, and what happens when it doesn't listen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from joserfc import jwt

from certificates.models import Certificate
from jobs.asked import LONGEST, retry_after
from jobs.models import Job
from jobs.registry import GiveUp, TryLater
from learning.people.models import Organisation
from learning.tracks import events
from learning.tracks.models import Enrolment, ModuleEdition
from lti import claims as words
from lti.tool import results, scores, services
from lti.tool.models import Account, LineItem, Platform, Seat, new_stamp
from lti.tool.tasks import send_score
from tests.lti.conftest import Worker
from tests.lti.hostile import INSTRUCTOR, Asked, Claims, Lms, Reply, Server, connected, hang_up
from tests.lti.test_keys import published

SCORES = "/line/scores"


@pytest.fixture
def remote(organisation: Organisation, edition: ModuleEdition, server: Server) -> Lms:
    return connected(organisation, issuer=server.url)


@pytest.fixture
def graded(remote: Lms, server: Server) -> Claims:
    """A launch of a link that has a column in the gradebook."""
    return remote.claims(**{words.AGS_ENDPOINT: endpoint(server)})


def endpoint(server: Server, **changes: Any) -> dict[str, Any]:
    return {"scope": [words.AGS_SCORE_SCOPE], "lineitem": f"{server.url}/line?type_id=3", **changes}


@pytest.fixture
def seat(remote: Lms, graded: Claims, browser: Client) -> Seat:
    """A learner has launched; the job that launch recorded is not done yet."""
    assert remote.launch(browser, graded).status_code == 303
    return Seat.objects.get()


def progress(seat: Seat, done: int) -> None:
    """What learning does when a required activity is done: count, and tell."""
    complete = done == seat.enrolment.edition.required
    with transaction.atomic():
        Enrolment.objects.filter(pk=seat.enrolment_id).update(
            done=done, completed_at=timezone.now() if complete else None
        )
        news = {"enrolment_id": seat.enrolment_id, "person_id": seat.account.person_id, "module": "proefmodule"}
        events.progress_made.send(Enrolment, **news, done=done, required=4)
        if complete:
            events.module_completed.send(Enrolment, **news)


def deliver(seat: Seat, *, later: bool = True) -> None:
    """Run the job, a second after the last score."""
    if later:
        Seat.objects.update(last_sent_at=0)
    then = send_score({"seat": seat.pk})
    if then:
        then()


def test_a_launch_records_a_job_with_ids_only(seat: Seat) -> None:
    job = Job.objects.get(kind="lti.score")

    assert job.payload == f'{{"seat":{seat.pk}}}'
    assert job.serial == f"lti.score:{seat.line_item_id}:{seat.account_id}"


def test_progress_records_one_job_however_often(seat: Seat) -> None:
    Job.objects.all().delete()
    for done in (1, 2, 3):
        progress(seat, done)

    assert Job.objects.filter(kind="lti.score").count() == 1


def test_score_publish_of_progress(seat: Seat, server: Server) -> None:
    progress(seat, 1)
    deliver(seat)

    (request,) = server.requests(SCORES)
    assert request.path == f"{SCORES}?type_id=3"
    assert request.headers["Content-Type"] == "application/vnd.ims.lis.v1.score+json"
    assert request.headers["Authorization"] == "Bearer token-1"
    score = request.json
    assert dt.datetime.fromisoformat(score.pop("timestamp")) <= timezone.now()
    assert score == {
        "userId": "person-7",
        "scoreGiven": 0.25,
        "scoreMaximum": 1,
        "activityProgress": "InProgress",
        "gradingProgress": "Pending",
    }


def test_score_publish_of_a_complete_module(seat: Seat, server: Server) -> None:
    progress(seat, 4)
    deliver(seat)

    (score,) = server.scores
    assert (score["scoreGiven"], score["scoreMaximum"]) == (1, 1)
    assert (score["activityProgress"], score["gradingProgress"]) == ("Completed", "FullyGraded")
    assert Seat.objects.get().final


def test_nothing_that_is_not_final_follows_a_final_score(seat: Seat, server: Server) -> None:
    """Moodle erases a grade when progress comes after it."""
    progress(seat, 4)
    deliver(seat)
    progress(seat, 3)
    deliver(seat)

    assert len(server.scores) == 1


def test_a_job_that_runs_twice_sends_once(seat: Seat, server: Server) -> None:
    progress(seat, 2)
    deliver(seat)
    deliver(seat, later=False)

    assert len(server.scores) == 1


def test_what_is_sent_is_how_it_is_at_that_moment(seat: Seat, server: Server) -> None:
    progress(seat, 1)
    progress(seat, 3)
    deliver(seat)

    assert [score["scoreGiven"] for score in server.scores] == [0.75]


def test_timestamps_are_whole_seconds_and_strictly_later(seat: Seat, server: Server) -> None:
    now = int(timezone.now().timestamp())
    for second, done in ((now, 1), (now + 1, 2), (now + 5, 4)):
        progress(seat, done)
        with patch("lti.tool.scores.time.time", return_value=second + 0.9):
            deliver(seat, later=False)

    stamps = [dt.datetime.fromisoformat(score["timestamp"]).timestamp() for score in server.scores]
    assert stamps == [now, now + 1, now + 5]


def test_a_second_score_in_the_same_second_waits(seat: Seat, server: Server) -> None:
    progress(seat, 1)
    now = int(timezone.now().timestamp())
    with patch("lti.tool.scores.time.time", return_value=now + 0.1):
        deliver(seat, later=False)
        progress(seat, 2)
        with pytest.raises(TryLater) as later:
            deliver(seat, later=False)

    assert (later.value.after, later.value.counted) == (1.0, False)
    assert len(server.scores) == 1


def test_a_clock_that_is_put_back_sends_no_older_timestamp(seat: Seat, server: Server) -> None:
    Seat.objects.update(last_sent_at=int(timezone.now().timestamp()) + 20)

    with pytest.raises(TryLater):
        deliver(seat, later=False)
    assert not server.scores


def test_links_that_share_a_line_item_share_its_order_and_its_final_score(
    seat: Seat, remote: Lms, graded: Claims, server: Server, browser: Client
) -> None:
    progress(seat, 4)
    deliver(seat)
    graded[words.RESOURCE_LINK] = {"id": "link-2"}
    remote.launch(browser, graded)
    Enrolment.objects.update(completed_at=None, done=1)

    send_score({"seat": Seat.objects.get(resource_link__resource_link_id="link-2").pk})

    assert len(server.scores) == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504, 429, 408])
def test_a_platform_that_is_not_well_gets_it_later(seat: Seat, server: Server, status: int) -> None:
    server.script[SCORES].append(Reply(status, headers={"Retry-After": "120"}))

    with pytest.raises(TryLater) as later:
        deliver(seat)
    assert later.value.after == 120
    deliver(seat)

    assert len(server.scores) == 2
    assert Seat.objects.get().last_given == 0


@pytest.mark.parametrize("reply", [Reply(hang=5), Reply(reset=True), Reply(drip=0.3, body="x" * 50)])
def test_a_platform_that_hangs_or_hangs_up_gets_it_later(seat: Seat, server: Server, reply: Reply) -> None:
    server.script[SCORES].append(reply)

    with patch.object(scores, "SECONDS", 0.4), pytest.raises(TryLater):
        deliver(seat)


def test_a_platform_that_is_gone_gets_it_later(seat: Seat, server: Server) -> None:
    deliver(seat)
    progress(seat, 1)
    hang_up()
    server.close()

    with pytest.raises(TryLater):
        deliver(seat)


@pytest.mark.parametrize("status", [400, 403, 404, 422, 301])
def test_a_refusal_is_not_repeated_and_says_so(seat: Seat, server: Server, status: int) -> None:
    """Moodle: 400 for somebody who isn't a learner there. A line item that is gone is 404."""
    server.script[SCORES].append(Reply(status, headers={"Location": "/elsewhere"}))

    with pytest.raises(GiveUp) as given_up:
        deliver(seat)
    assert given_up.value.reason == f"the LMS answered {status}"
    assert not server.requests("/elsewhere")


def test_409_means_the_platform_has_a_newer_one(seat: Seat, server: Server) -> None:
    server.script[SCORES].append(Reply(409))

    deliver(seat)

    assert len(server.scores) == 1


def test_a_success_of_the_wrong_content_type_is_a_success(seat: Seat, server: Server) -> None:
    server.script[SCORES].append(Reply(200, body=b"<p>ok", headers={"Content-Type": "text/html"}))

    deliver(seat)

    assert Seat.objects.get().last_given == 0


def test_one_token_serves_many_scores(seat: Seat, server: Server) -> None:
    for done in (1, 2, 3):
        progress(seat, done)
        deliver(seat)

    assert len(server.requests("/token")) == 1


def test_the_token_request_is_what_the_security_framework_asks(seat: Seat, server: Server, remote: Lms) -> None:
    deliver(seat)

    (asked,) = server.requests("/token")
    assert (asked.form["grant_type"], asked.form["scope"]) == ("client_credentials", words.AGS_SCORE_SCOPE)
    assert asked.form["client_assertion_type"] == words.CLIENT_ASSERTION_TYPE
    assertion = jwt.decode(asked.form["client_assertion"], published("tool"), algorithms=["RS256"])
    held = assertion.claims
    assert (held["iss"], held["sub"], held["aud"]) == ("client-1", "client-1", f"{server.url}/token")
    assert held["iat"] < asked.at < held["exp"]
    assert held["jti"]


def test_the_audience_a_platform_wants_is_used(seat: Seat, server: Server) -> None:
    Platform.objects.update(audience="https://aud.example", stamp=new_stamp())

    deliver(seat)

    (asked,) = server.requests("/token")
    token = jwt.decode(asked.form["client_assertion"], published("tool"), algorithms=["RS256"])
    assert token.claims["aud"] == "https://aud.example"


def test_a_revoked_token_is_renewed_once(seat: Seat, server: Server) -> None:
    deliver(seat)
    progress(seat, 1)
    server.usual["/token"] = Reply(body={"access_token": "token-2", "expires_in": 3600})
    server.script[SCORES].append(Reply(401))

    deliver(seat)

    assert [request.headers["Authorization"][-7:] for request in server.requests(SCORES)] == [
        "token-1",
        "token-1",
        "token-2",
    ]


def test_a_platform_that_refuses_every_token_is_not_asked_endlessly(seat: Seat, server: Server) -> None:
    server.usual[SCORES] = Reply(401)

    with pytest.raises(TryLater):
        deliver(seat)

    assert len(server.requests("/token")) == 1


@pytest.mark.parametrize(
    "reply",
    [
        Reply(400, {"error": "invalid_client"}),
        Reply(500),
        Reply(429),
        Reply(body=b"<html>"),
        Reply(body=[]),
        Reply(body={}),
        Reply(body={"access_token": 7}),
        Reply(body={"access_token": "a\r\nX: y"}),
        Reply(body={"access_token": ""}),
        Reply(302, headers={"Location": "/elsewhere"}),
    ],
)
def test_no_token_now_is_a_score_later(seat: Seat, server: Server, reply: Reply) -> None:
    server.script["/token"].append(reply)

    with pytest.raises(TryLater):
        deliver(seat)
    assert not server.requests("/elsewhere")
    deliver(seat)

    assert len(server.scores) == 1


@pytest.mark.parametrize("lifetime", ["3600", "soon", None, [], 1e300])
def test_a_token_is_good_however_its_lifetime_is_written(seat: Seat, server: Server, lifetime: Any) -> None:
    """RFC 6749 §5.1: expires_in is only recommended."""
    server.usual["/token"] = Reply(body={"access_token": "token-1", "expires_in": lifetime})
    deliver(seat)
    progress(seat, 1)
    deliver(seat)

    assert len(server.scores) == 2
    assert len(server.requests("/token")) == 1


def test_a_token_that_lives_shorter_than_the_margin_is_used_once(seat: Seat, server: Server) -> None:
    server.usual["/token"] = Reply(body={"access_token": "brief", "expires_in": 5})
    deliver(seat)
    progress(seat, 1)
    deliver(seat)

    assert len(server.requests("/token")) == 2


def test_scores_of_who_is_no_learner_are_not_sent(remote: Lms, graded: Claims, browser: Client, server: Server) -> None:
    graded[words.ROLES] = [INSTRUCTOR]
    remote.launch(browser, graded)

    assert not Job.objects.filter(kind="lti.score").exists()


@pytest.mark.parametrize(
    "claim",
    [
        {"scope": []},
        {"scope": ["https://purl.imsglobal.org/spec/lti-ags/scope/lineitem"]},
        {"lineitem": None},
        {"lineitem": "http://lms.example/line"},
        {"lineitem": "https://10.0.0.1/line"},
        {"lineitem": "file:///etc/passwd"},
        {"lineitem": "https://[::ffff:10.0.0.1]/"},
        {"lineitem": 7},
        {"scope": "score"},
        {"lineitem": "https://u:p@lms.example/"},
        {"lineitem": "x" * 3000},
    ],
)
def test_a_link_without_a_column_we_may_write_opens_and_is_not_reported(
    remote: Lms, browser: Client, server: Server, claim: dict[str, Any]
) -> None:
    claims = remote.claims(**{words.AGS_ENDPOINT: endpoint(server, **claim)})

    assert remote.launch(browser, claims).status_code == 303
    assert not Job.objects.filter(kind="lti.score").exists()
    assert not LineItem.objects.exists()


def test_a_name_that_resolves_to_a_private_address_is_not_sent_to(seat: Seat, server: Server) -> None:
    """DNS decides at the moment of connecting; that is when it is checked."""
    LineItem.objects.update(url="https://lms.example/line")
    answer = [(2, 1, 6, "", ("10.0.0.7", 443))]

    with patch("lti.outbound.socket.getaddrinfo", return_value=answer), pytest.raises(GiveUp) as given_up:
        deliver(seat)
    assert "private" in given_up.value.reason


def test_a_platform_that_does_not_want_progress_gets_none(remote: Lms, graded: Claims, browser: Client) -> None:
    Platform.objects.update(reports_progress=False, stamp=new_stamp())
    remote.launch(browser, graded)

    assert not Job.objects.filter(kind="lti.score").exists()


def test_a_platform_that_was_switched_off_hears_nothing(seat: Seat, remote: Lms, server: Server) -> None:
    services.switch(remote.platform, active=False)

    with pytest.raises(GiveUp):
        deliver(seat)
    assert not server.asked


def test_a_new_line_item_hears_at_once_how_far_somebody_is(
    seat: Seat, remote: Lms, graded: Claims, browser: Client, server: Server
) -> None:
    """The column was deleted and made anew: the final score must come there too."""
    progress(seat, 4)
    deliver(seat)
    Job.objects.all().delete()
    graded[words.AGS_ENDPOINT] = endpoint(server, lineitem=f"{server.url}/other")
    server.usual["/other/scores"] = Reply()
    remote.launch(browser, graded)
    assert Job.objects.filter(kind="lti.score").exists()

    send_score({"seat": seat.pk})

    assert [request.json["scoreGiven"] for request in server.requests("/other/scores")] == [1]


def test_two_people_in_one_column_each_have_their_own_score(
    seat: Seat, remote: Lms, graded: Claims, server: Server
) -> None:
    graded["sub"] = "person-8"
    remote.launch(Client(), graded)
    progress(seat, 4)
    for each in Seat.objects.all():
        deliver(each)

    given = {score["userId"]: score["scoreGiven"] for score in server.scores}
    assert given == {"person-7": 1, "person-8": 0}


def test_a_launch_in_a_second_tab_does_not_move_a_score_to_another_line_item(
    seat: Seat, remote: Lms, graded: Claims, browser: Client, server: Server
) -> None:
    graded.update({words.RESOURCE_LINK: {"id": "link-2"}, words.CUSTOM: {}})
    graded[words.AGS_ENDPOINT] = endpoint(server, lineitem=f"{server.url}/second")
    remote.launch(browser, graded)
    progress(seat, 1)

    scores = Job.objects.filter(kind="lti.score").values_list("serial", flat=True)
    assert set(scores) == {f"lti.score:{seat.line_item_id}:{seat.account_id}"}


def test_what_is_gone_is_nothing_to_do(seat: Seat, server: Server) -> None:
    number = seat.pk
    Account.objects.all().delete()

    send_score({"seat": number})

    assert not server.asked


def test_an_answer_and_its_score_stand_or_fall_together(seat: Seat) -> None:
    Job.objects.all().delete()
    with transaction.atomic():
        progress(seat, 1)
        transaction.set_rollback(True)

    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("9" * 30, LONGEST),
        ("Mon, 01 Jan 2001 00:00:00 GMT", 0),
        ("Mon, 01 Jan 2999 00:00:00 GMT", LONGEST),
        ("１２", None),
    ],
)
def test_retry_after(value: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": value}) == seconds


# --- numbers, only where they were switched on (curriculum 2.0)


def scored(seat: Seat, **activities: float | None) -> None:
    """What learning keeps of activities: done, with a score or without."""
    for key, score in activities.items():
        seat.enrolment.activities.update_or_create(
            activity=key.replace("_", "-"),
            defaults={"status": "afgerond", "score": score, "completed_at": timezone.now()},
        )


def sent(server: Server) -> list[float]:
    return [score["scoreGiven"] for score in server.scores]


def test_numbers_are_off_unless_somebody_switches_them_on(seat: Seat, server: Server, worker: Worker) -> None:
    scored(seat, quiz_1_1=0.5, quiz_1_2=0.75)
    progress(seat, 4)
    worker.work()

    assert sent(server) == [1]
    assert not Platform.objects.get().numeric_scores


def test_the_final_score_is_the_mean_of_what_was_scored_where_numbers_are_on(
    seat: Seat, remote: Lms, server: Server, worker: Worker
) -> None:
    """Progress stays progress; activities without a score, and those that needn't be done, don't count."""
    scores.show_numbers(remote.platform, on=True)
    scored(seat, quiz_1_1=0.5, quiz_1_2=0.75, quiz_2_1=None, elders=0.0)
    progress(seat, 2)
    worker.work()
    progress(seat, 4)
    worker.work()

    assert sent(server) == [0.5, 0.625]
    assert server.scores[-1]["gradingProgress"] == "FullyGraded"


def test_a_module_without_scores_is_worth_one(seat: Seat, remote: Lms, server: Server, worker: Worker) -> None:
    scores.show_numbers(remote.platform, on=True)
    progress(seat, 4)
    worker.work()

    assert sent(server) == [1]


def test_switching_numbers_on_and_off_sends_final_scores_again_that_differ(
    seat: Seat, remote: Lms, server: Server, worker: Worker
) -> None:
    scored(seat, quiz_1_1=0.5)
    progress(seat, 4)
    worker.work()
    for on in (True, True, False, False):
        scores.show_numbers(remote.platform, on=on)
        worker.work()

    assert sent(server) == [1, 0.5, 1]


def test_switching_numbers_sends_nothing_of_who_is_on_the_way(
    seat: Seat, remote: Lms, server: Server, worker: Worker
) -> None:
    progress(seat, 1)
    worker.work()
    scores.show_numbers(remote.platform, on=True)
    worker.work()

    assert sent(server) == [0.25]


def test_a_better_attempt_after_the_end_is_heard_where_numbers_are_on(
    seat: Seat, remote: Lms, server: Server, worker: Worker
) -> None:
    """And only when it makes another score."""
    scores.show_numbers(remote.platform, on=True)
    scored(seat, quiz_1_1=0.5)
    progress(seat, 4)
    worker.work()
    for score in (0.5, 0.9):
        scored(seat, quiz_1_1=score)
        with transaction.atomic():
            events.attempt_scored.send(
                Enrolment, person_id=seat.account.person_id, organisation_id=seat.account.organisation_id,
                usage="proefmodule/quiz-1-1", number=2, score=score,
            )  # fmt: skip
        worker.work()

    assert sent(server) == [0.5, 0.9]


def test_an_attempt_records_nothing_where_numbers_are_off(seat: Seat, server: Server, worker: Worker) -> None:
    progress(seat, 4)
    worker.work()
    Job.objects.all().delete()
    with transaction.atomic():
        events.attempt_scored.send(
            Enrolment, person_id=seat.account.person_id, organisation_id=1, usage="proefmodule/quiz-1-1", number=2,
            score=0.1,
        )  # fmt: skip

    assert not Job.objects.filter(kind="lti.score").exists()


def test_learners_see_on_the_module_page_whether_their_score_is_shown(seat: Seat, remote: Lms, browser: Client) -> None:
    sentence = "Je leeromgeving krijgt ook je score te zien"
    assert sentence not in browser.get("/leren/proefmodule/").content.decode()
    scores.show_numbers(remote.platform, on=True)
    assert sentence in browser.get("/leren/proefmodule/").content.decode()
    scores.show_numbers(remote.platform, on=False)
    assert sentence not in browser.get("/leren/proefmodule/").content.decode()


# --- results read back


RESULTS = "/line/results"


@pytest.fixture
def readable(seat: Seat, server: Server, worker: Worker) -> Seat:
    """A seat whose final score was sent, at a line item whose results we may read."""
    LineItem.objects.update(scopes=f"{words.AGS_RESULT_SCOPE} {words.AGS_SCORE_SCOPE}")
    progress(seat, 4)
    worker.work()
    return seat


def result(server: Server, share: Any, *, user: str = "person-7", maximum: Any = 100) -> dict[str, Any]:
    return {"id": f"{server.url}/r/1", "userId": user, "resultScore": share, "resultMaximum": maximum}


@pytest.mark.parametrize(
    ("listed", "verdict"),
    [
        ([(100, 100)], "same"),
        ([(1, 1)], "same"),
        ([(9.97, 10)], "same"),
        ([(99, 100)], "other"),
        ([(0, 100)], "other"),
        ([], "missing"),
        ([(None, 100)], "missing"),
        ([("100", 100)], "missing"),
        ([(True, 1)], "missing"),
        ([(1, 0)], "missing"),
        ([(10**400, 10**400)], "missing"),
        ([(0, 100), (100, 100)], "same"),
    ],
)
def test_results_are_compared_with_what_was_sent(
    readable: Seat, remote: Lms, server: Server, worker: Worker, listed: list[tuple[Any, Any]], verdict: str
) -> None:
    """§3.3: resultScore out of resultMaximum."""
    server.usual[RESULTS] = Reply(body=[result(server, share, maximum=maximum) for share, maximum in listed])
    assert results.compare(remote.platform) == 1
    worker.work()

    expected = {"same": 0, "other": 0, "missing": 0, verdict: 1}
    assert LineItem.objects.get().compared == expected
    summed = results.summary(remote.platform)
    assert (summed.same, summed.other, summed.missing, summed.compared) == (*expected.values(), 1)
    (asked,) = server.requests(RESULTS)
    assert asked.query == {"type_id": "3", "limit": "500"}
    assert asked.headers["Accept"] == words.AGS_RESULTS_TYPE


def test_results_come_in_pages(readable: Seat, remote: Lms, server: Server, worker: Worker) -> None:
    onward = {"Link": f'<{server.url}{RESULTS}?Page=B>; rel="next"'}
    server.script[RESULTS] += [
        Reply(body=[result(server, 3, user="somebody-else")], headers=onward),
        Reply(body=[result(server, 100)]),
    ]
    results.compare(remote.platform)
    worker.work()

    assert results.summary(remote.platform).same == 1
    assert server.requests(RESULTS)[1].path == f"{RESULTS}?Page=B"


@pytest.mark.parametrize(("share", "times"), [(None, 2), (40, 2), (100, 1)])
def test_what_differs_is_sent_again_at_one_press_and_nothing_else(
    readable: Seat, remote: Lms, server: Server, worker: Worker, share: float | None, times: int
) -> None:
    before = len(server.scores)
    server.usual[RESULTS] = Reply(body=[] if share is None else [result(server, share)])
    results.send_again(remote.platform)
    worker.work()

    assert len(server.scores) - before == times - 1
    stamps = [score["timestamp"] for score in server.scores]
    assert stamps == sorted(set(stamps))


def test_a_line_item_whose_results_are_not_ours_to_read_is_left_alone(
    readable: Seat, remote: Lms, server: Server, worker: Worker
) -> None:
    LineItem.objects.update(scopes=words.AGS_SCORE_SCOPE)

    assert results.compare(remote.platform) == 0
    assert results.summary(remote.platform) == results.Comparison(0, 0, None, 0, 0, 0)


@pytest.mark.parametrize("reply", [Reply(500), Reply(body=b"<html>"), Reply(body={}), Reply(reset=True), Reply(429)])
def test_results_that_do_not_come_now_are_read_later(
    readable: Seat, remote: Lms, server: Server, worker: Worker, reply: Reply
) -> None:
    server.script[RESULTS] += [reply, reply]
    server.usual[RESULTS] = Reply(body=[result(server, 100)], headers={"Content-Type": "text/plain"})
    results.compare(remote.platform)
    worker.work()

    assert results.summary(remote.platform).same == 1


# --- whatever goes wrong, in whatever order


FAULTS = {
    "500": Reply(500),
    "503": Reply(503, headers={"Retry-After": "90"}),
    "429": Reply(429, headers={"Retry-After": "30"}),
    "hang": Reply(hang=0.5),
    "reset": Reply(reset=True),
    "revoked": Reply(401),
    "page": Reply(502, body=b"<h1>Bad gateway", headers={"Content-Type": "text/html"}),
}


class Gradebook(Server):
    """Takes scores as the specification has it, in between the faults of a script."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.taken: list[dict[str, Any]] = []

    def reply(self, asked: Asked) -> Reply:
        if asked.route != SCORES:
            return super().reply(asked)
        fault = self.faults.pop(0) if self.faults else ""
        if fault in FAULTS:
            return FAULTS[fault]
        if self.taken and asked.json["timestamp"] <= self.taken[-1]["timestamp"]:
            return Reply(409)
        self.taken.append(asked.json)
        if fault == "lost":
            return Reply(hang=0.5)
        return Reply(body=b"ok", headers={"Content-Type": "text/html"}) if fault == "odd" else Reply()


@pytest.fixture
def gradebook() -> Iterator[Gradebook]:
    cache.clear()
    gradebook = Gradebook()
    yield gradebook
    hang_up()
    gradebook.close()


steps = st.lists(
    st.tuples(st.sampled_from([1, 2, 3, 4]), st.lists(st.sampled_from([*FAULTS, "lost", "odd"]), max_size=4))
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps, last=st.lists(st.sampled_from([*FAULTS, "lost", "odd"]), max_size=6))
@example(steps=[(1, ["500", "503"])], last=["429", "hang", "reset", "revoked", "page", "lost"])
def test_whatever_goes_wrong_one_final_score_is_there_in_the_end_and_nothing_older_after_it(
    organisation: Organisation, edition: ModuleEdition, gradebook: Gradebook, worker: Worker, steps: Any, last: Any
) -> None:
    """Progress goes up and down a few times while the LMS has its troubles; then the module is complete."""
    with transaction.atomic():
        lms = connected(organisation, issuer=gradebook.url)
        endpoint = {"scope": [words.AGS_SCORE_SCOPE], "lineitem": f"{gradebook.url}/line"}
        assert lms.launch(Client(), lms.claims(**{words.AGS_ENDPOINT: endpoint})).status_code == 303
        with patch.object(scores, "SECONDS", 0.2):
            for done, faults in [*steps, (4, last)]:
                gradebook.faults[:] = faults
                progress(Seat.objects.get(), done)
                worker.work()
        taken, gradebook.taken, gradebook.asked = gradebook.taken, [], []
        assert not worker.failed()
        transaction.set_rollback(True)

    stamps = [score["timestamp"] for score in taken]
    assert stamps == sorted(set(stamps))
    is_final = [score["gradingProgress"] == "FullyGraded" for score in taken]
    first = is_final.index(True)
    assert all(is_final[first:])
    assert {score["scoreGiven"] for score in taken[first:]} == {1}
    # Only a score whose answer got lost is taken twice: the LMS can't tell us that it has it.
    assert len(taken) - first == 1 or "lost" in str((steps, last))


def test_who_begins_again_what_was_wiped_after_its_term_takes_no_final_score_away(
    remote: Lms, graded: Claims, browser: Client, seat: Seat, server: Server
) -> None:
    """Their work went with what we knew of the gradebook; the LMS still has its 1 out of 1."""
    progress(seat, 4)
    deliver(seat)
    person = seat.account.person
    Certificate.objects.create(
        code="K7XF-49MD-X4TG", kind="deelname", person=person, subject=seat.enrolment.module.slug, language="nl",
        facts={}, issued_on=timezone.localdate(),
    )  # fmt: skip
    seat.enrolment.delete()
    assert remote.launch(browser, remote.claims(**{words.AGS_ENDPOINT: endpoint(server)})).status_code == 303
    again = Seat.objects.get()
    assert again.pk != seat.pk
    progress(again, 1)
    deliver(again)
    assert len(server.scores) == 1
    progress(again, 4)
    deliver(again)
    assert [score["gradingProgress"] for score in server.scores] == ["FullyGraded", "FullyGraded"]
