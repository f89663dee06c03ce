"""Attacks on choosing for a course: by who may not, with what isn't theirs, towards where it shouldn't go."""

from __future__ import annotations

import json
import re
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from learning.people.models import Organisation
from learning.tracks import services as tracks
from learning.tracks.models import ModuleEdition
from lti import claims as words
from lti.tool.deeplinking import selections
from lti.tool.models import Account, Platform, Selection, new_stamp
from tests.factories import OrganisationFactory, published
from tests.lti.deeplinks import RETURN, answered, opened, sent, settling, typed
from tests.lti.hostile import ISSUER, LEARNER, Lms, connected

MODULE = "proefmodule"
SCRIPT = "\"><script>alert(1)</script><img src=x onerror=alert(2)>'"


@pytest.fixture(autouse=True)
def on_offer(organisation: Organisation, edition: ModuleEdition) -> None:
    tracks.set_track(organisation, slug="leerlijn", title="Leerlijn Proef", modules=[edition.module])


@pytest.mark.parametrize(
    "roles",
    [
        [LEARNER],
        [],
        None,
        ["Learner"],
        [words.MEMBERSHIP + "#Mentor"],
        [words.MEMBERSHIP + "/Learner#Instructor"],
        [words.INSTITUTION_ROLE + "#Instructor"],
        [words.INSTITUTION_ROLE + "#Student"],
        [words.SYSTEM_ROLE + "#User"],
        ["https://evil.example/membership#Instructor"],
        ["https://evil.example/system/person#Administrator"],
        ["instructor", "INSTRUCTOR", "Instructor "],
    ],
)
def test_a_learner_can_not_choose(lms: Lms, browser: Client, roles: Any) -> None:
    response = lms.launch(browser, lms.choosing({"data": "7"}, **{words.ROLES: roles}))

    assert response.status_code == 403
    assert "alleen wie de cursus maakt of geeft" in response.content.decode()
    assert f"form-action {ISSUER}" in response.headers["Content-Security-Policy"]
    answer = answered(response)
    assert (answer.items, answer.claims[words.DEEP_LINKING_DATA]) == ([], "7")
    assert answer.claims[words.DL + "errormsg"]
    assert not Selection.objects.exists()
    assert not Account.objects.exists()
    assert "_auth_user_id" not in browser.session


def test_a_refused_request_is_answered_once(lms: Lms, browser: Client) -> None:
    """No message gets a second signed answer."""
    begun = lms.login(browser)
    token = lms.sign({**lms.choosing(None, **{words.ROLES: [LEARNER]}), "nonce": begun.nonce})
    assert RETURN.search(lms.post(browser, token, begun.state).content.decode())
    browser.cookies[next(name for name in browser.cookies if name.startswith("lti-"))] = "again"

    assert not RETURN.search(lms.post(browser, token, begun.state).content.decode())


def test_who_is_suspended_can_not_choose(lms: Lms, browser: Client) -> None:
    picker = opened(lms, browser)
    person = Account.objects.get().person
    person.is_active = False
    person.save()

    assert lms.launch(Client(), lms.choosing()).status_code == 403
    assert browser.get(picker).status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "http://lms.example/return",
        "https://10.0.0.1/return",
        "https://169.254.169.254/latest",
        "https://[::ffff:10.0.0.1]/",
        "https://user:word@lms.example/",
        "https://lms.example/return#part",
        "https://lms.example/return?a=b#part",
        "//lms.example/return",
        "https://lms.example;script-src *",
        "https://lms.example/a b",
        "https://lms.example\\@evil.example/",
        "https://lms.example/?a=b\\c",
        "https://lms.example/return?a=\r\nSet-Cookie: x",
        "https://lms.example/return?é",
        "https://lms.example/" + "a" * 4000,
    ],
)
def test_a_return_address_that_is_none_is_refused(lms: Lms, browser: Client, address: str) -> None:
    response = lms.launch(browser, lms.choosing({"deep_link_return_url": address}))

    assert response.status_code == 400
    assert "deep_link_return_url" in response.content.decode()
    assert not RETURN.search(response.content.decode())
    assert not Selection.objects.exists()


def test_a_return_address_with_a_long_query_is_taken(lms: Lms, browser: Client) -> None:
    """Canvas puts a token of its own in it."""
    address = f"{ISSUER}/courses/7/deep_linking_response?data={'a.b-_' * 400}&x=%22%3E"

    assert answered(sent(browser, opened(lms, browser, {"deep_link_return_url": address}), MODULE)).address == address


def test_another_person_can_not_use_a_picker(lms: Lms, browser: Client) -> None:
    picker = opened(lms, browser)
    other = Client()
    opened(lms, other, None, sub="person-8")

    for response in (
        other.get(picker),
        other.get(settling(picker, MODULE)),
        sent(other, picker, MODULE),
        other.post(f"{picker}terug/"),
        Client().get(picker),
    ):
        assert response.status_code == 404
        assert not RETURN.search(response.content.decode())


def test_two_tabs_answer_each_its_own_request(lms: Lms, browser: Client) -> None:
    first = opened(lms, browser, {"data": "first", "deep_link_return_url": f"{ISSUER}/return?course=1"})
    second = opened(lms, browser, {"data": "second", "deep_link_return_url": f"{ISSUER}/return?course=2"})

    answers = [answered(sent(browser, picker, MODULE)) for picker in (second, first)]

    assert [answer.claims[words.DEEP_LINKING_DATA] for answer in answers] == ["second", "first"]
    assert [answer.address[-1] for answer in answers] == ["2", "1"]


def test_another_lms_in_the_same_browser_changes_nothing_of_the_first(
    organisation: Organisation, lms: Lms, browser: Client
) -> None:
    """Mix-up: the answer is for who asked, whatever was launched since."""
    picker = opened(lms, browser)
    other = connected(organisation, issuer="https://other.example", client_id="client-2")
    lms_person = Account.objects.get().person
    Account.objects.create(organisation=organisation, issuer="https://other.example", subject="x", person=lms_person)
    opened(other, browser, {"deep_link_return_url": "https://other.example/return"}, sub="x")

    answer = answered(sent(browser, picker, MODULE))

    assert (answer.claims["aud"], answer.claims["iss"]) == (ISSUER, "client-1")
    assert answer.address.startswith(ISSUER)


@pytest.mark.parametrize(
    "change", [lambda key: key[:-1], lambda key: key[::-1], lambda key: key + "x", lambda key: "1"]
)
def test_a_changed_key_is_unknown(lms: Lms, browser: Client, change: Any) -> None:
    key = opened(lms, browser).split("/")[3]

    assert browser.get(f"/lti/kiezen/{change(key)}/").status_code == 404


def test_a_choice_works_for_hours_not_longer(lms: Lms, browser: Client) -> None:
    picker = opened(lms, browser)
    Selection.objects.update(expires_at=int(time.time()) - 1)

    assert browser.get(picker).status_code == 404
    assert sent(browser, picker, MODULE).status_code == 404


def test_a_platform_that_was_switched_off_gets_no_answer(lms: Lms, browser: Client) -> None:
    picker = opened(lms, browser)
    Platform.objects.update(active=False, stamp=new_stamp())

    assert sent(browser, picker, MODULE).status_code == 403


def test_an_answer_is_sent_once(lms: Lms, browser: Client) -> None:
    """A double click gets the very same one, so that the LMS sees a used nonce; another choice gets none."""
    picker = opened(lms, browser, {"data": "7"})
    first = answered(sent(browser, picker, MODULE))

    assert answered(sent(browser, picker, MODULE)).token == first.token
    assert sent(browser, picker, f"{MODULE}/u1").status_code == 409
    assert browser.post(f"{picker}terug/").status_code == 409


def test_an_answer_that_expired_is_not_given_again(lms: Lms, browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    picker = opened(lms, browser)
    sent(browser, picker, MODULE)
    later = time.time() + 600
    monkeypatch.setattr(time, "time", lambda: later)

    assert sent(browser, picker, MODULE).status_code == 409


def test_two_answers_at_once_are_one(transactional_db: None, lms: Lms) -> None:
    browser = Client()
    picker = opened(lms, browser)
    tokens: list[str] = []
    start = threading.Barrier(2)

    def send() -> None:
        client = Client()
        client.cookies = browser.cookies
        start.wait(5)
        try:
            tokens.append(answered(sent(client, picker, MODULE)).token)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert len(tokens) == 2
    assert len(set(tokens)) == 1


def test_a_form_of_another_site_is_refused(lms: Lms, browser: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    picker = opened(lms, strict)

    assert sent(strict, picker, MODULE).status_code == 403
    assert strict.post(f"{picker}terug/").status_code == 403


@pytest.mark.parametrize("data", ["x" * 140_000, {"a": ["\u2028" * 25_000]}])
def test_data_longer_than_we_keep_is_refused(lms: Lms, browser: Client, data: Any) -> None:
    response = lms.launch(browser, lms.choosing({"data": data}))

    assert response.status_code == 400
    assert not Selection.objects.exists()


def test_data_that_json_does_not_know_is_refused(lms: Lms, browser: Client) -> None:
    begun = lms.login(browser)
    whole = json.dumps({**lms.choosing({"data": "HUGE"}), "nonce": begun.nonce}).replace('"HUGE"', "1e999")

    assert lms.post(browser, lms.sign(whole.encode()), begun.state).status_code == 400


@pytest.mark.parametrize("name", ["accept_types", "accept_presentation_document_targets"])
def test_long_lists_are_refused(lms: Lms, browser: Client, name: str) -> None:
    assert lms.launch(browser, lms.choosing({name: ["ltiResourceLink", "iframe"] * 100})).status_code == 400


def test_words_of_the_lms_are_shown_as_text(lms: Lms, browser: Client) -> None:
    picker = opened(
        lms, browser, {"title": SCRIPT, "text": SCRIPT, "data": SCRIPT, "deep_link_return_url": f"{ISSUER}/?a='%22"},
        **{words.CONTEXT: {"id": "c", "title": SCRIPT}},
    )  # fmt: skip

    pages = [browser.get(picker), browser.get(settling(picker, MODULE)), sent(browser, picker, MODULE, title_0=SCRIPT)]

    for page in pages:
        assert "<script>alert" not in page.content.decode()
        assert "<img src=x" not in page.content.decode()
    assert answered(pages[2]).claims[words.DEEP_LINKING_DATA] == SCRIPT
    assert answered(pages[2]).items[0]["title"] == SCRIPT


def test_what_somebody_typed_is_shown_as_text(lms: Lms, browser: Client) -> None:
    picker = opened(lms, browser)

    for page in (
        browser.get(picker, {"zoek": SCRIPT, "item": SCRIPT, "weg": SCRIPT}),
        sent(browser, picker, MODULE, title_0="", label_0=SCRIPT, available_from_0=SCRIPT),
        browser.get(settling(picker, MODULE, SCRIPT)),
    ):
        assert "<script>alert" not in page.content.decode()


def test_what_no_database_holds_is_left_out_of_what_is_kept(lms: Lms, browser: Client) -> None:
    """PostgreSQL refuses a NUL in a text as well as in what it looks for."""
    picker = opened(lms, browser)
    browser.post(f"{picker}instellen/", typed(MODULE, title_0="Ei\x00gen") | {"kies": "ja"})

    assert Selection.objects.get().draft[MODULE]["title"] == "Eigen"
    with CaptureQueriesContext(connection) as asked:
        assert browser.get("/lti/kiezen/a%00b/").status_code == 404
    assert not any("lti_tool_selection" in query["sql"] for query in asked)


@pytest.mark.parametrize("long", ["x" * 30_000, "\x00", "\ud800 half", "\u202e" * 50])
def test_odd_words_of_the_lms_open_all_the_same(lms: Lms, browser: Client, long: str) -> None:
    picker = opened(lms, browser, {"title": long, "text": long}, **{words.CONTEXT: {"id": "c", "title": long}})

    assert browser.get(settling(picker, MODULE)).status_code == 200
    assert answered(sent(browser, picker, MODULE)).items


@pytest.mark.parametrize(
    "reference",
    ["another", "proefmodule/u9", "proefmodule/u1/quiz-2-1", "proefmodule//quiz-1-1", "../proefmodule", "\x00", ""],
)
def test_what_is_not_on_offer_can_not_be_sent(lms: Lms, browser: Client, reference: str) -> None:
    picker = opened(lms, browser)

    for references in ([reference], [MODULE, reference]):
        response = sent(browser, picker, *references)
        assert response.status_code == 400
        assert not RETURN.search(response.content.decode())


def test_a_module_outside_the_organisation_s_tracks_can_not_be_chosen(
    lms: Lms, browser: Client, tmp_path: Path
) -> None:
    """Published, but another organisation's."""
    other = published(tmp_path / "elders", key="elders")
    tracks.set_track(OrganisationFactory.create(), slug="l", title="L", modules=[other.module])
    picker = opened(lms, browser)

    assert "elders" not in browser.get(picker).content.decode()
    assert sent(browser, picker, "elders").status_code == 400


def test_a_thousand_items_are_refused_before_anything_is_drawn(lms: Lms, browser: Client) -> None:
    picker = opened(lms, browser)

    assert sent(browser, picker, *([MODULE] * 1000)).status_code == 400
    assert browser.get(settling(picker, *(f"proefmodule/u{n}" for n in range(1000)))).status_code == 400


def test_more_items_than_fit_say_so_and_keep_the_first(
    lms: Lms, browser: Client, tmp_path: Path, organisation: Organisation
) -> None:
    big = published(tmp_path / "groot", key="groot", units=4, quizzes=10)
    tracks.set_track(organisation, slug="leerlijn", title="Leerlijn Proef", modules=[big.module])
    picker = opened(lms, browser)
    every = [f"groot/u{unit}/quiz-{unit}-{quiz}" for unit in range(1, 5) for quiz in range(1, 11)]

    response = browser.get(settling(picker, *every))

    assert response.status_code == 400
    assert "hoogstens 30" in response.content.decode()
    assert len(re.findall(r'name="item" value="[^"]+"[^>]* checked', response.content.decode())) == 30
    assert len(answered(browser.post(f"{picker}instellen/", typed(*every[:30]))).items) == 30


def test_requests_of_one_person_do_not_pile_up(lms: Lms, browser: Client) -> None:
    pickers = [opened(lms, browser) for _ in range(selections.MOST + 3)]

    assert Selection.objects.count() == selections.MOST
    assert browser.get(pickers[0]).status_code == 404
    assert browser.get(pickers[-1]).status_code == 200


def test_what_expired_is_swept(lms: Lms, browser: Client) -> None:
    opened(lms, browser, None, sub="somebody-else")
    Selection.objects.update(expires_at=int(time.time()) - 10)

    opened(lms, browser)

    assert Selection.objects.count() == 1


def test_a_request_that_is_not_verified_leaves_nothing(lms: Lms, browser: Client) -> None:
    begun = lms.login(browser)
    token = lms.sign({**lms.choosing(), "nonce": begun.nonce})
    forged = token[:-6] + "AAAAAA"

    assert lms.post(browser, forged, begun.state).status_code == 401
    assert not Selection.objects.exists()


def test_a_request_is_taken_once(lms: Lms, browser: Client) -> None:
    begun = lms.login(browser)
    secret = {name: morsel.value for name, morsel in browser.cookies.items() if name.startswith("lti-")}
    token = lms.sign({**lms.choosing(), "nonce": begun.nonce})
    assert lms.post(browser, token, begun.state).status_code == 303
    for name, value in secret.items():
        browser.cookies[name] = value

    assert lms.post(browser, token, begun.state).status_code == 401
    assert Selection.objects.count() == 1
