"""/begeleiden/<key>/: a round as it was handed in, and what a trainer makes of it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from learning.files import fields
from learning.practice.queries.rounds import Hat
from learning.practice.views.desk.access import Seat, at_work
from learning.practice.views.desk.asked import answer, read_along
from learning.practice.views.desk.drawing import SPOKEN, page
from learning.practice.views.desk.writing import write

WRITES = {Hat.TRAINER: write, Hat.SECOND: write, Hat.READER: read_along, Hat.OBJECTION: answer}


@fields.takes_file(SPOKEN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@at_work()
def work(request: HttpRequest, seat: Seat) -> HttpResponse:
    """At most thirty queries, however many rounds there are or people wait."""
    return WRITES[seat.hat](request, seat) if request.method == "POST" else page(request, seat)
