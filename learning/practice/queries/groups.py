"""Practice cases on the page of a group: who is where, by name, without ranking and without levels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from learning.people.models import Group, Person
from learning.practice.models import State, Work
from learning.practice.queries.desk import is_late
from learning.tracks import additions
from learning.tracks.additions import Column


@additions.on_learners
def column(group: Group, people: Sequence[Person]) -> Column | None:
    """What each of these people does in this group; None where nothing was given out. One query."""
    works = Work.objects.filter(group=group, person__in=people).exclude(state=State.WITHDRAWN)
    found = works.select_related("assignment__version__case").defer(
        "sealed_draft", "assignment__version__document", "assignment__version__case__draft"
    )
    notes = defaultdict[int, list[SafeString]](list)
    for work in found.order_by("due_on", "pk"):
        notes[work.person_id].append(_note(work))
    if not notes:
        return None
    return Column(_("Praktijkcases"), {person: _list(lines) for person, lines in notes.items()})


def _list(lines: list[SafeString]) -> SafeString:
    return format_html(
        '<ul class="lijst-kaal">{}</ul>', format_html_join("", "<li>{}</li>", ((line,) for line in lines))
    )


def _note(work: Work) -> SafeString:
    late = _(", na de datum") if is_late(work) else ""
    return format_html(
        '<a href="{}" lang="nl">{}</a>: {}{}',
        reverse("desk:work", args=[work.key]),
        work.assignment.version.case.title,
        work.get_state_display(),
        late,
    )
