"""Which addresses take more than a form: `config.bodies` holds every other to the size of one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

# What stands around a file in a form that comes with one.
_AROUND = 200_000


def largest_body[V: Callable[..., Any]](of_file: int) -> Callable[[V], V]:
    """This view takes one file of so many bytes, and a form around it."""

    def mark(view: V) -> V:
        view.largest_body = of_file + _AROUND  # type: ignore[attr-defined]
        return view

    return mark
