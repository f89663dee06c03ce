"""The page of notices: what is new first, each on to what it is about, in the reader's language, and theirs alone."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from learning.notices import kinds, queries, services
from learning.notices.models import Notice, NoticeChoice
from learning.notices.services import tell
from learning.people.models import Person
from learning.people.services import set_roles_from
from tests.factories import PersonFactory
from tests.learning.notices.conftest import GONE, about_rounds

EVERY = ["proef.case", "proef.ronde"]


@pytest.fixture
def visitor(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def told(person: Person, case: str, *, hours: int = 0) -> Notice:
    tell(person.pk, "proef.case", key=f"case:{case}", facts={"case": case})
    Notice.objects.filter(person=person, key=f"case:{case}").update(made_at=timezone.now() - timedelta(hours=hours))
    return Notice.objects.get(person=person, key=f"case:{case}")


def text(visitor: Client, path: str = "/berichten/") -> str:
    return visitor.get(path).content.decode()


def badge(visitor: Client) -> str | None:
    found = re.search(r'class="aantal"[^>]*>([^<]+)<', text(visitor, "/leren/"))
    return found[1] if found else None


def test_nobody_has_notices_at_first(visitor: Client) -> None:
    assert "Er is nog geen bericht voor je" in text(visitor)
    assert badge(visitor) is None


def test_what_is_new_comes_first_and_then_the_latest(person: Person, visitor: Client) -> None:
    for hours, case in ((1, "gezien"), (2, "jong"), (30, "oud")):
        told(person, case, hours=hours)
    visitor.get(f"/berichten/{Notice.objects.get(key='case:gezien').pk}/")
    page = text(visitor)
    places = [page.index(f"Er is iets met {case}.") for case in ("jong", "oud", "gezien")]
    assert places == sorted(places)


def test_opening_one_goes_on_to_what_it_is_about_and_makes_it_seen(person: Person, visitor: Client) -> None:
    notice = told(person, "een")
    assert badge(visitor) == "1"
    response = visitor.get(f"/berichten/{notice.pk}/")
    assert response["Location"] == "/leren/?case=een"
    assert badge(visitor) is None
    seen = Notice.objects.get().seen_at
    visitor.get(f"/berichten/{notice.pk}/")
    assert Notice.objects.get().seen_at == seen


def test_a_room_can_say_that_it_was_seen_on_another_way(person: Person) -> None:
    told(person, "een")
    services.seen(person, kind="proef.case", key="case:een")
    assert Notice.objects.get().seen_at


def test_of_what_is_gone_the_notice_says_so(person: Person, visitor: Client) -> None:
    notice = told(person, GONE)
    assert "Er is iets met een case. " in text(visitor)
    assert "er niet meer" in text(visitor)
    response = visitor.get(f"/berichten/{notice.pk}/", follow=True)
    assert response.redirect_chain == [("/berichten/", 302)]
    assert "Waar dit bericht over ging, is er niet meer." in response.content.decode()


def test_of_a_kind_that_no_room_says_any_more_too(person: Person, visitor: Client) -> None:
    told(person, "een")
    del kinds._kinds["proef.case"]
    assert "er niet meer" in text(visitor)


def test_everything_seen_is_all_that_was_on_the_page_and_nothing_later(person: Person, visitor: Client) -> None:
    told(person, "een")
    (until,) = re.findall(r'name="tot" value="(\d+)"', text(visitor))
    told(person, "twee")
    visitor.post("/berichten/gelezen/", {"tot": until})
    assert [notice.key for notice in Notice.objects.filter(seen_at=None)] == ["case:twee"]


@pytest.mark.parametrize("until", ["", "-1", "²", "9" * 400, "een"])
def test_a_strange_number_makes_nothing_seen(until: str, person: Person, visitor: Client) -> None:
    told(person, "een")
    assert visitor.post("/berichten/gelezen/", {"tot": until}).status_code == 302
    assert Notice.objects.get().seen_at is None


def test_the_notices_of_another_arent_there(person: Person, visitor: Client) -> None:
    theirs = told(PersonFactory.create(organisation=person.organisation), "geheim")
    mine = told(person, "een")
    assert "geheim" not in text(visitor)
    assert visitor.get(f"/berichten/{theirs.pk}/").status_code == 404
    visitor.post("/berichten/gelezen/", {"tot": str(max(theirs.pk, mine.pk))})
    theirs.refresh_from_db()
    assert theirs.seen_at is None


def test_a_kind_can_be_off_here_and_counts_no_more(person: Person, visitor: Client) -> None:
    told(person, "een")
    tell(person.pk, "proef.ronde", key="ronde:1", facts={"round": 1})
    visitor.post("/berichten/instellingen/", {"hier": "proef.ronde", "mail": ["proef.case"], "alle-mail": "on"})
    assert "Er is iets met een" not in text(visitor)
    assert "Ronde 1 is binnen." in text(visitor)
    assert badge(visitor) == "1"


def test_the_choice_is_kept_and_shown_and_can_be_undone(person: Person, visitor: Client) -> None:
    visitor.post("/berichten/instellingen/", {"hier": ["proef.ronde", "wat.anders"], "mail": "proef.case"})
    wishes = queries.wishes(person)
    assert not wishes.mail
    assert [(wish.kind.name, wish.on_page, wish.by_mail) for wish in wishes.kinds] == [
        ("proef.case", False, True), ("proef.ronde", True, False),
    ]  # fmt: skip
    visitor.post("/berichten/instellingen/", {"hier": EVERY, "mail": EVERY, "alle-mail": "on"})
    assert not NoticeChoice.objects.exists()


def test_a_kind_for_one_role_is_chosen_by_who_holds_it_and_else_stays_as_it_was(
    person: Person, visitor: Client
) -> None:
    kinds.kind("proef.trainer", label="Voor trainers", role="trainer")(about_rounds)
    services.choose(person, ["proef.trainer"], on_page=[], by_mail=["proef.trainer"], mail=True)
    assert "Voor trainers" not in text(visitor, "/berichten/instellingen/")
    visitor.post("/berichten/instellingen/", {"hier": EVERY, "mail": EVERY, "alle-mail": "on"})
    (choice,) = NoticeChoice.objects.filter(person=person)
    assert (choice.kind, choice.on_page) == ("proef.trainer", False)
    set_roles_from(person, organisation=person.organisation, source="local", roles={"trainer"})
    assert "Voor trainers" in text(visitor, "/berichten/instellingen/")


@pytest.mark.parametrize(("address", "words"), [("", "kennen geen mailadres"), ("a@b.example", "in één mail op a@b")])
@pytest.mark.usefixtures("can_mail")
def test_no_mail_is_promised_that_cant_come(address: str, words: str, person: Person, visitor: Client) -> None:
    Person.objects.filter(pk=person.pk).update(email=address)
    assert words in text(visitor, "/berichten/instellingen/")


def test_where_no_mail_is_sent_the_wish_about_it_stays(person: Person, visitor: Client) -> None:
    services.choose(person, EVERY, on_page=["proef.case"], by_mail=["proef.ronde"], mail=True)
    page = text(visitor, "/berichten/instellingen/")
    assert "verstuurt geen mail" in page
    hidden = re.findall(r'type="hidden" name="(mail|alle-mail)" value="([^"]+)"', page)
    assert hidden == [("alle-mail", "on"), ("mail", "proef.ronde")]


def test_ten_or_more_are_counted_as_more_than_nine(person: Person, visitor: Client) -> None:
    for number in range(9):
        told(person, str(number))
    assert badge(visitor) == "9"
    for number in range(9, 12):
        told(person, str(number))
    assert badge(visitor) == "9+"


def test_the_page_asks_as_much_for_two_hundred_notices_as_for_two(
    person: Person, visitor: Client, django_assert_num_queries: Any
) -> None:
    for amount in (2, 200):
        for number in range(amount):
            told(person, str(number))
        visitor.get("/berichten/")
        with django_assert_num_queries(5):
            page = visitor.get("/berichten/")
    assert page.content.decode().count('<li class="bericht ') == queries.PAGE
    assert "?page=2" in page.content.decode()


def test_in_english_it_is_english(person: Person, visitor: Client) -> None:
    visitor.cookies["django_language"] = "en"
    assert "There is no message for you yet" in text(visitor)


def test_a_trainer_has_groups_in_the_menu_and_nobody_else(person: Person, visitor: Client) -> None:
    link = 'href="/groepen/"'
    assert link not in text(visitor).split("<main")[0]
    set_roles_from(person, organisation=person.organisation, source="local", roles={"trainer", "redacteur"})
    assert link in text(visitor).split("<main")[0]
