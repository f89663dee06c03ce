"""What comes along with whoever is signed in, in the one query that finds them: a page that shows it asks nothing more.

    carried.add("unseen", "SELECT count(*) FROM learning_notice n WHERE n.person_id = p.id AND n.seen_at IS NULL")

A room says in SQL, for both databases, what it adds; `p` is the person. It is asked at every page, so it must be a look
in an index. `roles` is always there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from learning.people.models import Person

_PREFIX = "carried_"
_ROLES = (
    "SELECT {together} FROM learning_rolegrant r WHERE r.person_id = p.id AND r.organisation_id = p.organisation_id"
)
_TOGETHER = {"sqlite": "group_concat(r.role)", "postgresql": "string_agg(r.role, ',')"}
_pieces: dict[str, str] = {}
_statements: dict[str, str] = {}


def add(name: str, piece: str) -> None:
    _pieces[name] = piece
    _statements.clear()


def statement() -> str:
    """Finds a person by number."""
    vendor = connection.vendor
    if vendor not in _statements:
        pieces = {"roles": _ROLES.format(together=_TOGETHER[vendor]), **_pieces}
        columns = ", ".join(f"({piece}) AS {_PREFIX}{name}" for name, piece in pieces.items())
        _statements[vendor] = f"SELECT p.*, {columns} FROM learning_person p WHERE p.id = %s"  # noqa: S608 our own
    return _statements[vendor]


def of(person: Person, name: str) -> Any:
    """As it was when this page began; None for who didn't come in by the session."""
    return getattr(person, _PREFIX + name, None)


def roles(person: Person) -> frozenset[str]:
    """For what is shown, not for what is allowed: that asks `queries.roles_of`."""
    return frozenset((of(person, "roles") or "").split(",")) - {""}
