"""What rooms above have to say on pages of ours. They register it at the start, so that we needn't know them.

@additions.on_module
def note(person: Person, module: str) -> str: …      # a sentence for the learner, or ""

@additions.on_group
def aside(request: HttpRequest, source: str) -> str: …  # a piece of page beside a group that follows `source`, or ""
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest

from learning.people.models import Person

Note = Callable[[Person, str], str]
Aside = Callable[[HttpRequest, str], str]

_notes: dict[str, Note] = {}
_asides: dict[str, Aside] = {}


def on_module(note: Note) -> Note:
    return _notes.setdefault(f"{note.__module__}.{note.__qualname__}", note)


def on_group(aside: Aside) -> Aside:
    return _asides.setdefault(f"{aside.__module__}.{aside.__qualname__}", aside)


def notes_on_module(person: Person, module: str) -> list[str]:
    """One query for each room that has something to say."""
    return [text for note in _notes.values() if (text := note(person, module))]


def asides_of_group(request: HttpRequest, source: str) -> list[str]:
    """As above. Each is HTML that is safe."""
    return [piece for aside in _asides.values() if (piece := aside(request, source))]
