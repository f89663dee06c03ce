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


def use_up(value: str, *, expires: int) -> None:
    """Inside a transaction. Raises Refused the second time, for one of two at the same moment too."""
    used, table = digest(value), UsedNonce._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (digest, expires_at) VALUES (%s, %s) ON CONFLICT DO NOTHING",  # noqa: S608
            [used, expires],
        )
        if cursor.rowcount != 1:
            raise Refused("nonce-used")
        if ord(used[0]) % SWEEP_ONE_IN == 0:
            cursor.execute(
                f"DELETE FROM {table} WHERE digest IN "  # noqa: S608
                f"(SELECT digest FROM {table} WHERE expires_at < %s LIMIT {SWEEP_MOST})",
                [int(time.time()) - 1],
            )
