"""What a page and a step ask of the database, for every unit of the four modules: a fixed number, however much is on
the page and however much somebody did there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from learning.tracks.models import ModuleEdition
from tests.playing.places import PLACES, Place, somebody
from tests.playing.plain import Plain
from tests.playing.player import Play

Editions = dict[str, ModuleEdition]
# Who it is (2), the way, what was done, what is kept; and one for all texts of a unit with places to write.
UNIT, WRITING = 5, 6
# As a unit; one more for the figures of their group, for whether a trainer reads what is handed in, and two for the
# door to a practice case: whose it is and where it stands.
PAGE, GROUP, TRAINER, DOOR = 5, 1, 1, 2
HANDED_IN = ("dialoguefragment", "rewrite", "rubric")
# What is kept and where somebody stands, read and written.
STEP = 4
UNITS = sorted({(place.module, place.unit) for place in PLACES})
if connection.vendor == "postgresql":  # where as much is asked, but in fewer messages
    UNITS = [(module, unit) for module, unit in UNITS if module == "dialoogprincipes"]
TALKS = [place for place in PLACES if place.type in ("conversationsim", "decisiontask") and not place.comes_later]
_NOT_OURS = ("SAVEPOINT", "RELEASE", "BEGIN", "SELECT session_data", "SELECT p.*, ")


def queries(ask: Callable[[], object]) -> list[str]:
    with CaptureQueriesContext(connection) as asked:
        ask()
    return [query["sql"] for query in asked]


@pytest.mark.parametrize(("module", "unit"), UNITS)
def test_a_page_asks_as_much_of_somebody_new_as_of_who_has_done_it_all(
    db: None, editions: Editions, module: str, unit: str
) -> None:
    places = [place for place in PLACES if (place.module, place.unit) == (module, unit)]
    client, _person = somebody(editions[module], places[0])
    page = f"/leren/{module}/{unit}/"
    client.get(page)  # moves their place here
    most = WRITING if any(place.type == "journal" for place in places) else UNIT
    assert len(queries(lambda: client.get(page))) == most
    for place in places:
        Plain(client, place.page, place.key, in_place=True).play(Play(place.type, place.data))
        if place.own_page:
            client.get(place.page)
            assert len(queries(lambda: client.get(place.page))) <= PAGE + asks(place), place  # noqa: B023
    client.get(page)
    may_hand_in = any(place.type in HANDED_IN and not place.own_page for place in places)
    assert len(queries(lambda: client.get(page))) == most + TRAINER * may_hand_in


def asks(place: Place) -> int:
    group = place.type in ("decisiontask", "conversationsim", "layermap", "polarisationmap", "dialoguefragment")
    return GROUP * group + TRAINER * (place.type in HANDED_IN) + DOOR * (place.type == "practicecase")


@pytest.mark.parametrize("place", TALKS, ids=lambda place: place.key)
def test_a_step_in_a_conversation_costs_four_queries(db: None, editions: Editions, place: Place) -> None:
    """Besides knowing who it is: on PostgreSQL they go in two messages."""
    client, _person = somebody(editions[place.module], place)
    plain, play = Plain(client, place.page, place.key, in_place=True), Play(place.type, place.data)
    for _ in range(3):
        move = play.next(plain.shown)
        assert move
        made = [sql for sql in queries(lambda: plain.make(move)) if not sql.startswith(_NOT_OURS)]  # noqa: B023
        if move.handler == "choose":
            assert len(made) <= STEP, made
