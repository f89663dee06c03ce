"""Where a session of ours stands in a frame: the sites of the LMS that launched it. Both sides of LTI read this."""

from __future__ import annotations

from typing import Final

FRAME_ORIGINS: Final = "lti_frame_origins"  # in the session
