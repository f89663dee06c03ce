"""Jobs of both sides of LTI."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from jobs.periodic import periodic
from lti import keys


@periodic("lti.keys", every=timedelta(days=1))
def look_after_keys(payload: dict[str, Any]) -> None:
    keys.look_after()
