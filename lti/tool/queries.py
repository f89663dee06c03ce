"""Reads about platforms. Loaded ones are kept in the process and compared by stamp, so a change by another process
counts from the next request on. A launch goes by the one that is kept, and compares within its transaction, with the
statement that looks up who comes in (`lti.tool.entry`)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection

from lti.tool.keysets import PublicKey, load
from lti.tool.models import Platform
from lti.tool.refusals import Refused

_KEPT = 1000
_loaded: dict[int, LoadedPlatform] = {}


class Changed(Exception):
    """What is kept of a platform isn't what it is any more: look it up, and verify again."""


@dataclass(frozen=True, slots=True)
class LoadedPlatform:
    """A registration, ready to verify with. `deployments`: deployment_id → its row."""

    row: Platform
    stamp: str
    keys: Mapping[str, PublicKey]
    deployments: Mapping[str, int]
    frame_origins: tuple[str, ...]

    @property
    def keys_fetched_at(self) -> dt.datetime | None:
        return self.row.keys_fetched_at


def platform_for_login(issuer: str, client_id: str, deployment_id: str) -> LoadedPlatform:
    """Who asks us to begin. One query. Raises Refused.

    Without a client_id (optional: LTI Core §4.1.3) the issuer must have one registration, or one that has the
    deployment that is named.
    """
    table = Platform._meta.db_table
    sql = f"SELECT id, stamp, active FROM {table} WHERE issuer = %s"  # noqa: S608 our own name of a table
    with connection.cursor() as cursor:
        if client_id:
            cursor.execute(sql + " AND client_id = %s", [issuer, client_id])
        else:
            cursor.execute(sql + " ORDER BY id LIMIT 100", [issuer])
        rows = cursor.fetchall()
    if not rows:
        raise Refused("platform-unknown")
    active = [(number, stamp) for number, stamp, is_active in rows if is_active]
    if not active:
        raise Refused("platform-off")
    platforms = [loaded(number, stamp) for number, stamp in active]
    if len(platforms) > 1 and deployment_id:
        platforms = [each for each in platforms if deployment_id in each.deployments]
    if len(platforms) != 1:
        raise Refused("platform-ambiguous")
    return platforms[0]


def kept(number: int) -> LoadedPlatform | None:
    """The platform as this process last knew it. No query: it may have changed, or be switched off. Nothing is let in
    by this alone."""
    return _loaded.get(number)


def platform_of_state(number: int) -> LoadedPlatform:
    """The platform a login went to. One query. Raises Refused when it was switched off since."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT stamp, active FROM {Platform._meta.db_table} WHERE id = %s", [number])  # noqa: S608
        row = cursor.fetchone()
    if row is None:
        raise Refused("platform-unknown")
    if not row[1]:
        raise Refused("platform-off")
    return loaded(number, row[0])


def origins_of_issuer(issuer: str) -> tuple[str, ...]:
    """Where an issuer's frames may come from, over all its registrations, so that it can show an error page."""
    rows = Platform.objects.filter(issuer=issuer, active=True)[:20]
    return tuple(sorted({origin for row in rows for origin in row.all_frame_origins}))


def loaded(number: int, stamp: str) -> LoadedPlatform:
    """The platform as it is under this stamp. No query where the process has it."""
    known = _loaded.get(number)
    if known is not None and known.stamp == stamp:
        return known
    row = Platform.objects.select_related("organisation").get(pk=number)
    deployments = dict(row.deployments.values_list("deployment_id", "pk"))
    if len(_loaded) >= _KEPT:
        _loaded.clear()
    fresh = LoadedPlatform(row, row.stamp, load(row.keys), deployments, row.all_frame_origins)
    _loaded[number] = fresh
    return fresh
