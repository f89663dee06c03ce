"""What tests of the desk share."""

from __future__ import annotations

from typing import Any

from django.test import Client

from learning.people.models import Person
from learning.practice.models import Work
from tests.factories.practice import CRITERIA

QUEUE = "/begeleiden/"


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def address(work: Work, rest: str = "") -> str:
    return f"{QUEUE}{work.key}/{rest}"


def read(person: Person, path: str = QUEUE) -> Any:
    return signed_in(person).get(path)


def text(response: Any) -> str:
    return str(response.content.decode())


def send(person: Person, work: Work, rest: str = "", **fields: Any) -> Any:
    """What a form of the desk sends; a dash in the name of a field is written as two underscores."""
    return signed_in(person).post(address(work, rest), {name.replace("__", "-"): text for name, text in fields.items()})


def filled_in(level: int = 3, **fields: Any) -> dict[str, Any]:
    """A reading that can be given."""
    levels = {f"niveau__{criterion}": str(level) for criterion in CRITERIA}
    said = {"zag": "Je liet een stilte bestaan.", "vraag": "Wat merkte je toen?"}
    return {**levels, **said, "leerniveau": "individueel", "verdict": "terug", "versie": "0", "doe": "geef", **fields}
