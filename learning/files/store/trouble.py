from __future__ import annotations


class StoreTrouble(Exception):
    """`full`: there is no room; otherwise it can't be reached, or doesn't do what it should. The same may be tried
    later. The message is for operators: no secrets, nothing of people."""

    def __init__(self, message: str, *, full: bool = False) -> None:
        super().__init__(message)
        self.full = full


class Missing(Exception):
    """Nothing is there under that name."""
