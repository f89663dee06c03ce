"""What no form of ours ever sends, to every handler of every type of activity as the modules have it: it is refused, or
nothing comes of it. Nothing that is kept changes, nothing falls over, and no log holds what was sent."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from learning.journal.models import JournalEntry
from learning.people.models import Person
from learning.recordings.models import Recording
from learning.runtime.blocks import State, handler_token, load_block
from learning.runtime.models import Attempt, BlockState
from learning.tracks.models import ActivityProgress, Enrolment, ModuleEdition
from modules.blocks.drafts import Draft
from tests.factories import PersonFactory, enrolled
from tests.playing.places import PLACES, Place, somebody
from tests.playing.plain import MOST_MOVES, Plain, filled_in
from tests.playing.player import Play, Wish
from tests.playing.shown import Move

Editions = dict[str, ModuleEdition]
# One of each type, and the forms that make another activity of one: an own case, a sequence of cards.
FORMS = ("ladder-eigen", "kaart-eigen-casus", "lagenkaart-eigen", "kaarten-negen-treden")
# The last of a type is the one that is kept: the earliest that is open.
LATEST_FIRST = sorted(PLACES, key=lambda place: place.days_later)[::-1]
SAMPLES = [
    *{place.type: place for place in LATEST_FIRST if place.key not in FORMS}.values(),
    *(place for place in PLACES if place.key in FORMS),
]
FORM = "application/x-www-form-urlencoded"
SECRET = "Truus-uit-Kromwoude"
# Where a form says which round, item, version or option it is about. Zero and one may be that of somebody else.
VALUES = ["-1", "²", "999999999", "null", "[]", "../../etc/passwd", f"<script>{SECRET}</script>", "\x00", "é" * 300]
BODIES: list[tuple[str | bytes, str]] = [
    (b"", FORM),
    (b"\xff\xfe%zz&&&=", FORM),
    ("&".join(f"x{n}=1" for n in range(2000)), FORM),
    ("tekst=" + "ja" * 2_000_000, FORM),
    (json.dumps({"item": [SECRET], "ronde": 1, "antwoord": {"a": [1]}}), "application/json"),
    (b'--x\r\nContent-Disposition: form-data; name="tekst"; filename="a.txt"\r\n\r\nhallo\r\n--x--\r\n',
     "multipart/form-data; boundary=x"),
    (b"--x\r\nnothing that is a form", "multipart/form-data; boundary=x"),
    (b"<xml/>", "text/xml"),
]  # fmt: skip
if connection.vendor == "postgresql":  # what a database might choke on; most of these bodies never get there
    VALUES, BODIES = ["999999999", "\x00", "é" * 300], BODIES[:2]
# What a button alone says, whatever is sent with it: then sending it is pressing it.
BARE = {"finished", "outside", "listened", "go_on", "undo"}


@dataclass(frozen=True)
class Kept:
    """All that an activity can change about a person."""

    states: Any
    attempts: Any
    progress: Any
    journal: Any
    recordings: int
    done: Any


def kept(person: Person) -> Kept:
    states = BlockState.objects.filter(person=person).order_by("usage")
    journal = JournalEntry.objects.filter(person=person).order_by("pk")
    return Kept(
        # On PostgreSQL an empty row is what an answer waits at.
        [(row.usage, row.data, opened(row)) for row in states if row.data != "{}" or row.sealed is not None],
        list(Attempt.objects.filter(person=person).order_by("pk").values("usage", "number", "answers", "score")),
        list(ActivityProgress.objects.filter(enrolment__person=person).order_by("activity").values()),
        [bytes(entry.sealed) for entry in journal],
        Recording.objects.filter(person=person).count(),
        list(Enrolment.objects.filter(person=person).values("done", "completed_at", "finished_at")),
    )


def opened(row: BlockState) -> Any:
    """What is private, as its owner would see it."""
    sealed = bytes(row.sealed) if row.sealed is not None else None
    return State(row.person_id, row.usage, json.loads(row.data), sealed, row.version).private


each_type = pytest.mark.parametrize("place", SAMPLES, ids=lambda place: place.key)


@pytest.fixture(autouse=True)
def nothing_is_said_of_it(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """No error, and in no line what somebody sent or who it was."""
    with caplog.at_level(logging.DEBUG):
        yield
    for record in caplog.records:
        line = record.getMessage()
        assert record.levelno < logging.ERROR, line
        assert SECRET not in line
        assert "Persoon " not in line


class Attacker:
    """Somebody signed in who writes their own requests to an activity."""

    def __init__(self, editions: Editions, place: Place) -> None:
        self.place = place
        self.client, self.person = somebody(editions[place.module], place)
        self.plain = Plain(self.client, place.page, place.key, in_place=True)

    def address(self, handler: str, of: Person | None = None) -> str:
        return reverse("runtime:answer", args=[handler_token(of or self.person, self.place.usage), handler])

    def send(self, handler: str, body: str | bytes, kind: str = FORM) -> int:
        answer = self.client.post(self.address(handler), body, content_type=kind, headers={"X-Fragment": "1"})
        assert answer.status_code < 500, f"{handler}: {answer.status_code}"
        return answer.status_code

    @property
    def positions(self) -> list[str]:
        """The fields in the forms that are drawn now by which somebody chooses, or the form says where it was drawn."""
        controls = self.plain.shown.root.xpath(
            ".//form//select | .//form//input[@type='hidden' or @type='radio'] | .//form//button[@name]"
        )
        return sorted({each.get("name") for each in controls if each.get("name")} - {"doel", "klaar"})


def handlers(place: Place) -> list[str]:
    """All that a form of this activity can be sent to."""
    block = load_block(place.type)
    return sorted(name for name in dir(block) if getattr(getattr(block, name, None), "_is_xblock_handler", False))


def moves(attacker: Attacker, wish: Wish = Wish.MIXED) -> Iterator[Move]:
    """Each move through the activity, before it is made."""
    play = Play(attacker.place.type, attacker.place.data, wish)
    for _ in range(MOST_MOVES):
        move = play.next(attacker.plain.shown)
        if move is None:
            return
        yield move
        attacker.plain.make(move)


@each_type
def test_what_isnt_an_answer_changes_nothing(db: None, editions: Editions, place: Place) -> None:
    """At the start and at the end, to every handler: values that fit nowhere, and bodies that are no form."""
    attacker = Attacker(editions, place)
    for _ in range(2):
        before = kept(attacker.person)
        for handler in handlers(place):
            if handler in BARE:
                continue
            for value in VALUES:
                body = urlencode([(name, value) for name in attacker.positions])
                assert attacker.send(handler, body) in {200, 422}, (handler, value[:20])
            for content, kind in BODIES:
                assert attacker.send(handler, content, kind) in {200, 400, 413, 422}, (handler, content[:20])
            assert kept(attacker.person) == before, handler
        for _move in moves(attacker):
            pass


@each_type
def test_one_wrong_field_spoils_an_answer(db: None, editions: Editions, place: Place) -> None:
    """The form as it stands, filled in as it should be, but for one field: a stranger's id, a made-up round, an option
    there isn't, or no field at all."""
    attacker, seen = Attacker(editions, place), set[str]()
    for move in moves(attacker, Wish.RIGHT):
        if move.handler in seen:
            continue
        seen.add(move.handler)
        right, before = filled_in(attacker.plain.shown, move), kept(attacker.person)
        for name in sorted({name for name, _ in right if is_position(place, move, name)} & set(attacker.positions)):
            others = [pair for pair in right if pair[0] != name]
            made_up = ("-1", "[]", f"<script>{SECRET}</script>", "\x00")
            wrong = [*([] if may_be_empty(place, name) else [others]), *([*others, (name, value)] for value in made_up)]
            for form in wrong:
                assert attacker.send(move.other or move.handler, urlencode(form)) in {200, 422}, form
                assert kept(attacker.person) == before, f"{move.handler}: {name} of {form}"


def is_position(place: Place, move: Move, name: str) -> bool:
    """What was chosen, or where the form was drawn: not what a form says of text that was there before or half-way,
    where there was none, nor the row of nobody and the side of who stands on none."""
    if name in ("gezien", "saved", "half") or name.startswith("was-"):
        return False
    return name in move.fields or not name.startswith(("pool-", "rol-"))


def may_be_empty(place: Place, name: str) -> bool:
    return issubclass(load_block(place.type), Draft) or name == "herkent"


@each_type
def test_an_old_form_sent_again_changes_nothing(db: None, editions: Editions, place: Place) -> None:
    attacker = Attacker(editions, place)
    for _move in moves(attacker):
        pass
    before = kept(attacker.person)
    for address, body in attacker.plain.sent:
        answer = attacker.client.post(address, body, content_type=FORM, headers={"X-Fragment": "1"})
        assert answer.status_code in {200, 422}, (address.rsplit("/", 2)[1], answer.status_code)
        assert kept(attacker.person) == before, (address.rsplit("/", 2)[1], body[:80])


@pytest.mark.skipif(connection.vendor == "postgresql", reason="who may send is known before a database is asked")
@each_type
def test_nobody_answers_for_another_or_where_it_doesnt_belong(db: None, editions: Editions, place: Place) -> None:
    attacker = Attacker(editions, place)
    other = PersonFactory.create(organisation=attacker.person.organisation)
    enrolled(other, editions[place.module])
    move = next(moves(attacker))
    body = urlencode(filled_in(attacker.plain.shown, move))
    before = kept(attacker.person), kept(other)
    for handler in handlers(place):
        foreign = attacker.client.post(attacker.address(handler, of=other), body, content_type=FORM)
        assert foreign.status_code == 403
        nobody = Client().post(attacker.address(handler), body, content_type=FORM)
        assert nobody.status_code == 401
        elsewhere = attacker.client.post(
            attacker.address(handler), body, content_type=FORM, headers={"Origin": "https://elders.example"}
        )
        assert elsewhere.status_code == 403
        asked = attacker.client.get(attacker.address(handler))
        assert (asked.status_code, asked.headers["Location"].partition("#")[0]) == (302, place.page)
        made_up = reverse("runtime:answer", args=[f"{place.module}.{place.key}:1abc:{'x' * 43}", handler])
        assert attacker.client.post(made_up, body, content_type=FORM).status_code == 403
    for name in [*sorted(ALL_HANDLERS - set(handlers(place))), *NO_HANDLERS]:
        assert attacker.send(name, body) == 404, name
    assert (kept(attacker.person), kept(other)) == before


NO_HANDLERS = ("body", "submit", "finish", "student_view", "runtime", "__init__")
ALL_HANDLERS = {name for place in SAMPLES for name in handlers(place)}
