"""Jobs of the platform side. Each may run twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from jobs.periodic import periodic
from lti.platform import deeplinks, registration, services


@periodic("lti.platform.forget", every=timedelta(days=1))
def forget_what_is_over(payload: dict[str, Any]) -> None:
    services.forget_spent()
    registration.forget_unused()
    deeplinks.forget_old()
