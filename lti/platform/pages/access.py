"""Who may see these pages, and which tool is theirs. To anybody else they aren't there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from learning.people.guards import editors_only, person
from lti.platform import queries
from lti.platform.models import Tool

if TYPE_CHECKING:
    from learning.people.models import Person

__all__ = ["editors_only", "own_tool", "person"]


def own_tool(editor: Person, pk: int) -> Tool:
    tool = queries.tool_of(editor.organisation_id, pk)
    if tool is None:
        raise Http404
    return tool
