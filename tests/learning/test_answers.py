"""What happens to an answer: curriculum 3.0, architecture "a handler call is one transaction"."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from learning.people.models import Person
from learning.runtime import blocks
from learning.runtime.models import Attempt, BlockState
from learning.tracks import events
from learning.tracks.models import ActivityProgress, Enrolment
from tests.factories import PersonFactory
from tests.forms import answer_form, option

UNIT = "/leren/proefmodule/u1/"


def press(client: Client, html: str, words: str, *, number: int = 0, **extra: Any) -> Any:
    """Choose the option with these words in a form of the page and send it, as script does."""
    action, hidden = answer_form(html, number)
    form = re.findall(r"<form[^>]*data-activity-form.*?</form>", html, re.S)[number]
    return client.post(action, {**hidden, "antwoord": option(form, words)}, headers={"X-Fragment": "1"}, **extra)


def without_tokens(html: str) -> str:
    """A handler's address holds the second in which it was made."""
    return re.sub(r"/antwoord/[^/]+/", "/antwoord/", html)


def go_through(client: Client, html: str) -> str:
    """Answer a whole quiz right, starting from its first form; the activity as it is at the end."""
    for words in ("Vier, meestal", "Twee"):
        html = press(client, html, words).text
        action, hidden = answer_form(html)
        html = client.post(action, hidden, headers={"X-Fragment": "1"}).text
    return html


def test_an_answer_is_kept_and_drawn_anew(learner: Client, person: Person) -> None:
    answered = press(learner, learner.get(UNIT).text, "Vier, meestal")
    assert answered.status_code == 200
    assert "Ja, vier." in answered.text
    assert BlockState.objects.get(person=person).usage == "proefmodule/quiz-1-1"
    assert "Ja, vier." in learner.get(UNIT).text


def test_a_double_click_is_one_answer(learner: Client, person: Person) -> None:
    page = learner.get(UNIT).text
    first, second = press(learner, page, "Vier, meestal"), press(learner, page, "Twee, op feestdagen")
    assert without_tokens(first.text) == without_tokens(second.text)
    assert BlockState.objects.get(person=person).version == 1


def test_a_finished_quiz_leaves_an_attempt_a_score_and_progress(learner: Client, person: Person) -> None:
    go_through(learner, learner.get(UNIT).text)
    attempt = Attempt.objects.get(person=person)
    assert (attempt.usage, attempt.number, attempt.score) == ("proefmodule/quiz-1-1", 1, 1.0)
    progress = ActivityProgress.objects.get(activity="quiz-1-1")
    assert (progress.status, progress.score) == ("afgerond", 1.0)
    assert progress.completed_at is not None
    assert Enrolment.objects.get(person=person).done == 1


def test_who_does_it_again_keeps_the_first_moment_and_gets_the_newest_score(learner: Client, person: Person) -> None:
    html = go_through(learner, learner.get(UNIT).text)
    first = ActivityProgress.objects.get(activity="quiz-1-1")
    action, hidden = answer_form(html)
    html = learner.post(action, hidden, headers={"X-Fragment": "1"}).text
    for words in ("Twee, op feestdagen", "Twee"):
        html = press(learner, html, words).text
        action, hidden = answer_form(html)
        html = learner.post(action, hidden, headers={"X-Fragment": "1"}).text
    again = ActivityProgress.objects.get(activity="quiz-1-1")
    assert (again.status, again.score, again.completed_at) == ("afgerond", 0.5, first.completed_at)
    assert Enrolment.objects.get(person=person).done == 1


def test_the_last_required_activity_completes_the_module_once(learner: Client, person: Person) -> None:
    heard: list[str] = []

    def listen(signal_name: str) -> Any:
        return lambda sender, **news: heard.append(signal_name)

    listeners = {name: listen(name) for name in ("activity_completed", "progress_made", "module_completed")}
    for name, listener in listeners.items():
        getattr(events, name).connect(listener)
    try:
        for unit in ("u1", "u2"):
            for number in (0, 1):
                html = learner.get(f"/leren/proefmodule/{unit}/").text
                forms = html.split('<div class="activiteit" ')[1:]
                go_through(learner, forms[number])
    finally:
        for name, listener in listeners.items():
            getattr(events, name).disconnect(listener)
    assert heard.count("activity_completed") == 4
    assert heard.count("progress_made") == 4
    assert heard[-1] == "module_completed"
    assert heard.count("module_completed") == 1
    enrolment = Enrolment.objects.get(person=person)
    assert (enrolment.done, enrolment.completed_at is not None) == (4, True)


def test_without_script_the_browser_goes_back_to_the_activity(learner: Client) -> None:
    html = learner.get(UNIT).text
    action, hidden = answer_form(html)
    response = learner.post(action, {**hidden, "antwoord": option(html, "Vier, meestal")})
    assert (response.status_code, response.headers["Location"]) == (302, f"{UNIT}#quiz-1-1")


def test_a_refused_answer_without_script_comes_back_on_the_whole_page(learner: Client, person: Person) -> None:
    action, hidden = answer_form(learner.get(UNIT).text)
    response = learner.post(action, hidden)
    assert response.status_code == 422
    assert "Kies een antwoord." in response.text
    assert "<h1" in response.text
    assert not BlockState.objects.filter(person=person).exclude(data="{}").exists()


def test_a_handler_address_of_somebody_else_is_refused(learner: Client, person: Person, enrolment: Enrolment) -> None:
    action, hidden = answer_form(learner.get(UNIT).text)
    other = PersonFactory.create(organisation=person.organisation)
    intruder = Client()
    intruder.force_login(other)
    response = intruder.post(action, {**hidden, "antwoord": "a"}, headers={"X-Fragment": "1"})
    assert response.status_code == 403
    assert not BlockState.objects.exists()


@pytest.mark.parametrize("token", ["x", "1:proefmodule.quiz-1-1:abc:def", "a" * 500])
def test_a_made_up_handler_address_is_refused(learner: Client, token: str) -> None:
    assert learner.post(f"/antwoord/{token}/answer/", headers={"X-Fragment": "1"}).status_code in (403, 404)


def test_an_old_handler_address_is_refused(learner: Client, person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as then:
        then.setattr(signing.TimestampSigner, "timestamp", lambda self: signing.b62_encode(1))
        token = blocks.handler_token(person, "proefmodule/quiz-1-1")
    assert learner.post(f"/antwoord/{token}/answer/").status_code == 403
    with monkeypatch.context() as forever:
        forever.setattr(blocks, "HANDLER_TOKEN_AGE", None)
        assert blocks.read_handler_token(token, person) == "proefmodule/quiz-1-1"


def test_another_sites_post_is_refused(learner: Client) -> None:
    action, hidden = answer_form(learner.get(UNIT).text)
    response = learner.post(action, hidden, headers={"Origin": "https://elders.example", "X-Fragment": "1"})
    assert response.status_code == 403


def test_a_form_of_more_fields_than_any_of_ours_isnt_read(learner: Client, person: Person) -> None:
    action, _ = answer_form(learner.get(UNIT).text)
    refused = learner.post(action, "a=&" * 300 + "a=", content_type="application/x-www-form-urlencoded")
    assert refused.status_code == 400
    assert not BlockState.objects.exists()


def test_who_is_signed_out_hears_so(learner: Client) -> None:
    action, hidden = answer_form(learner.get(UNIT).text)
    response = Client().post(action, hidden, headers={"X-Fragment": "1"})
    assert response.status_code == 401


@pytest.mark.parametrize("handler", ["student_view", "body", "no_such", "__init__"])
def test_only_handlers_can_be_called(learner: Client, person: Person, handler: str) -> None:
    token = blocks.handler_token(person, "proefmodule/quiz-1-1")
    assert learner.post(f"/antwoord/{token}/{handler}/", headers={"X-Fragment": "1"}).status_code == 404


def test_an_activity_of_a_module_one_does_not_follow_is_not_there(learner: Client, person: Person) -> None:
    token = blocks.handler_token(person, "andere/quiz-1-1")
    assert learner.post(f"/antwoord/{token}/answer/", headers={"X-Fragment": "1"}).status_code == 404


def test_when_something_that_must_follow_fails_the_answer_is_not_half_kept(learner: Client, person: Person) -> None:
    """State, attempt, progress and jobs are one commit: a full disk at the last statement undoes all of it."""

    def full(sender: object, **news: Any) -> None:
        raise OSError("no space left on device")

    page = press(learner, learner.get(UNIT).text, "Vier, meestal").text
    page = learner.post(*answer_form(page), headers={"X-Fragment": "1"}).text
    events.attempt_scored.connect(full)
    learner.raise_request_exception = False
    assert press(learner, page, "Twee").status_code == 500
    events.attempt_scored.disconnect(full)
    assert not Attempt.objects.exists()
    assert press(learner, page, "Twee").status_code == 200
    assert Attempt.objects.get().score == 1.0


def test_resuming_leads_to_where_one_left_also_elsewhere(learner: Client, person: Person) -> None:
    learner.get("/leren/proefmodule/u2/")
    press(learner, learner.get("/leren/proefmodule/u2/").text, "Vier, meestal")
    elsewhere = Client()
    elsewhere.force_login(person)
    page = elsewhere.get("/leren/proefmodule/").text
    assert "/leren/proefmodule/u2/#quiz-2-1" in page


def test_the_address_of_an_answer_is_under_its_own_path(person: Person) -> None:
    token = blocks.handler_token(person, "proefmodule/quiz-1-1")
    assert blocks.read_handler_token(token, person) == "proefmodule/quiz-1-1"
    assert reverse("runtime:answer", args=[token, "answer"]).startswith("/antwoord/")


def test_the_address_of_an_answer_says_nothing_of_whose_it_is(person: Person) -> None:
    """Addresses end up in logs: the same activity looks the same there for everybody, but for what signs it."""
    said = [blocks.handler_token(each, "proefmodule/quiz-1-1").split(":") for each in (person, PersonFactory.create())]
    assert [parts[0] for parts in said] == ["proefmodule.quiz-1-1"] * 2
    assert said[0][-1] != said[1][-1]
    assert all(len(parts) == 3 for parts in said)


def test_the_page_hears_when_the_unit_got_further(learner: Client) -> None:
    page = learner.get(UNIT).text
    first = press(learner, page, "Vier, meestal")
    assert "X-Unit-Done" not in first.headers
    action, hidden = answer_form(first.text)
    second = learner.post(action, hidden, headers={"X-Fragment": "1"})
    assert press(learner, second.text, "Twee").headers["X-Unit-Done"] == "1"
