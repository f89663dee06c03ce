"""What works once: the nonce of a login, the ticket into a new window. Remembered only after it was verified."""

from __future__ import annotations

import time

from django.db import connection

from lti.tool.models import UsedNonce
from lti.tool.refusals import Refused
from lti.tool.state import digest

SWEEP_ONE_IN = 32
SWEEP_MOST = 200
"""Now and then a use removes nonces that expired, never so many that somebody notices. 200 for every 32 keeps up with
any stream of them."""


TABLE = UsedNonce._meta.db_table
USE_UP = f"INSERT INTO {TABLE} (digest, expires_at) VALUES (%s, %s) ON CONFLICT DO NOTHING"  # noqa: S608


def use_up(value: str, *, expires: int) -> None:
    """Inside a transaction. Raises Refused the second time, for one of two at the same moment too."""
    with connection.cursor() as cursor:
        cursor.execute(USE_UP, [digest(value), expires])
        was_first = cursor.rowcount == 1
    see_to_use(value, was_first=was_first)


def see_to_use(value: str, *, was_first: bool) -> None:
    """What follows USE_UP; it `was_first` when that wrote its row. Raises Refused."""
    if not was_first:
        raise Refused("nonce-used")
    if ord(digest(value)[0]) % SWEEP_ONE_IN == 0:
        with connection.cursor() as cursor:
            cursor.execute(
                f"DELETE FROM {TABLE} WHERE digest IN "  # noqa: S608
                f"(SELECT digest FROM {TABLE} WHERE expires_at < %s LIMIT {SWEEP_MOST})",
                [int(time.time()) - 1],
            )
