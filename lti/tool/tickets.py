"""From a launch in a frame without cookies into a window of our own: signed, for one person, once, for a short while.

A session can't live in such a frame, and a session's key in addresses would be in histories and logs (ASVS 5.0, 7.2).
So the launch is checked in the frame, and what it opens is opened by one press in a window, where cookies work.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.core import signing

from learning.people import queries as people
from lti.tool.entry import Entry
from lti.tool.nonces import use_up
from lti.tool.refusals import Refused
from lti.tool.state import LIFETIME

_SALT = "lti.tool.ticket"


@dataclass(frozen=True, slots=True)
class Ticket:
    """Who goes in, where to, from which platform (its row)."""

    person: int
    path: str
    language: str
    platform: int
    issued: int
    once: str


def issue(entry: Entry, *, platform: int, now: float) -> str:
    ticket = [entry.person_id, entry.path, entry.language, platform, int(now), secrets.token_urlsafe(12)]
    return signing.dumps(ticket, salt=_SALT)


def read(text: str) -> Ticket:
    """Raises Refused."""
    try:
        return Ticket(*signing.loads(text, salt=_SALT, max_age=LIFETIME))
    except signing.SignatureExpired:
        raise Refused("ticket-expired") from None
    except (signing.BadSignature, ValueError, TypeError):
        raise Refused("ticket-invalid") from None


def redeem(ticket: Ticket) -> Entry | Refused:
    """Inside a transaction; one query more than using it up. A refusal is returned: the ticket stays used."""
    try:
        use_up(f"ticket {ticket.once}", expires=ticket.issued + LIFETIME)
        person = people.person(ticket.person)
        if person is None or not person.is_active:
            raise Refused("person-suspended")
    except Refused as error:
        return error
    return Entry(person.pk, person.password, ticket.path, ticket.language)
