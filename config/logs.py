"""What goes into a log: never an address that is a key by itself."""

from __future__ import annotations

import logging
import re

# Whoever has one of these may do what it is for, without signing in: what stands behind the last stroke is the key.
_KEYS = re.compile(r"(/observatie/|/berichten/mail/|/herinneringen/uit/)[^\s'\"]+")


class WithoutKeys(logging.Filter):
    """Django logs the address of whatever isn't answered well: not found, too large, another method, broken."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(_without(each) for each in record.args)
        record.msg = _without(record.msg)
        return True


def _without(said: object) -> object:
    return _KEYS.sub(r"\1…", said) if isinstance(said, str) else said
