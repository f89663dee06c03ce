"""Whom a command is about: by e-mail address, and by number where that isn't enough."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandError

from learning.people.models import Person
from learning.people.queries import all_by_email


def add_person(parser: ArgumentParser) -> None:
    parser.add_argument("email", metavar="EMAIL", nargs="?", default="", help="Their address, as it is known here.")
    parser.add_argument(
        "--person", type=int, metavar="N", help="Their number, where more people have that address or it isn't known."
    )


def asked_person(options: Mapping[str, Any]) -> Person:
    """Raises CommandError, in words that say what to do."""
    number, email = options["person"], options["email"]
    if not email:
        return _numbered(number)
    found = all_by_email(email)
    if not found:
        raise CommandError("Nobody here has that e-mail address. Who was erased has none any more.")
    if number is not None:
        found = [person for person in found if person.pk == number]
        if not found:
            raise CommandError(f"Person {number} doesn't have that e-mail address.")
    if len(found) > 1:
        who = "\n".join(f"  --person {each.pk}  {each.name or '(no name)'}, {each.organisation.name}" for each in found)
        raise CommandError(f"{len(found)} people have that e-mail address. Say which one:\n{who}")
    return found[0]


def _numbered(number: int | None) -> Person:
    """Who has no address here: an LMS may keep it to itself."""
    if number is None:
        raise CommandError("Say who: an e-mail address, or --person with their number.")
    person = Person.objects.filter(pk=number).first()
    if person is None:
        raise CommandError(f"There is no person {number}. Who was erased has no number any more.")
    return person
