"""What this room says elsewhere."""

from __future__ import annotations

from learning.owndata import notices  # noqa: F401 kinds of notices make themselves known
