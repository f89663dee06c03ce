"""Sessions in the database, as Django's own; read by hand, for every page of somebody who is signed in begins so."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DjangoSessionStore
from django.core import signing
from django.db import connection
from django.utils import timezone

_LOAD = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(DjangoSessionStore):
    def encode(self, session_dict: dict[str, Any]) -> str:
        """Not compressed: most hold a few numbers, and packing those costs more than the room."""
        return signing.dumps(session_dict, salt=self.key_salt, serializer=self.serializer)

    def load(self) -> dict[str, Any]:
        """One query. Empty, and without its key, when there is none or it has ended: that key is nobody's to choose."""
        with connection.cursor() as cursor:
            cursor.execute(_LOAD, [self.session_key, connection.ops.adapt_datetimefield_value(timezone.now())])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        return self.decode(row[0])
