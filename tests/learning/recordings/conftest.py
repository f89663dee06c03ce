"""Sounds as browsers and phones make them."""

from __future__ import annotations

import subprocess
from functools import cache

TITLE = b"Gesprek met Truus"  # what a file says of itself and we don't keep


@cache
def sound(kind: str = "webm", seconds: float = 2) -> bytes:
    """A tone. "webm" as a recorder streams it: without its length."""
    codec = {"webm": "libopus", "ogg": "libopus", "mp4": "aac", "mp3": "libmp3lame", "wav": "pcm_s16le"}[kind]
    live = ["-live", "1"] if kind == "webm" else ["-movflags", "frag_keyframe+empty_moov"] if kind == "mp4" else []
    return subprocess.run(
        [
            "ffmpeg", "-v", "error", "-f", "lavfi", "-i", f"sine=d={seconds}:r=16000", "-metadata",
            f"title={TITLE.decode()}", "-b:a", "16k", "-c:a", codec, *live, "-f", kind, "pipe:1",
        ],
        capture_output=True,
        check=True,
    ).stdout  # fmt: skip
