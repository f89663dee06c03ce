"""The learning record store, for the operator."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from jobs import queries as jobs
from jobs.registry import TryLater
from learning.people.models import Person
from learning.people.queries import person, person_by_username
from xapi import lrs
from xapi.queries import account
from xapi.services import KIND


class Command(BaseCommand):
    help = "Where statements go and how many wait. `--try` asks the store; `--account WHO` says how it knows somebody."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--try", action="store_true", dest="ask", help="ask the store now; sends nothing of anybody"
        )
        parser.add_argument("--account", metavar="WHO", help="the account name of a person, by number or username")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["account"]:
            self.stdout.write(account(_somebody(options["account"]).pseudonym))
        elif not settings.XAPI_URL:
            self.stdout.write("XAPI_URL isn't set: nothing is recorded or sent")
        else:
            self._show()
            if options["ask"]:
                self._ask()

    def _show(self) -> None:
        """What is set, without the secret."""
        self.stdout.write(f"to {settings.XAPI_URL} as {settings.XAPI_KEY}, profile {settings.XAPI_PROFILE}")
        counts = {tally.status: tally.count for tally in jobs.tallies() if tally.kind == KIND}
        self.stdout.write(", ".join(f"{count} {status}" for status, count in counts.items()) or "nothing recorded yet")
        for reason in sorted({job.reason for job in jobs.unfinished([KIND]) if job.reason}):
            self.stdout.write(f"last reason: {reason}")

    def _ask(self) -> None:
        try:
            lrs.ask()
        except TryLater as problem:
            raise CommandError(problem.reason) from problem
        self.stdout.write("the store answers and knows us")


def _somebody(who: str) -> Person:
    found = person(int(who)) if who.isdecimal() else person_by_username(who)
    if found is None:
        raise CommandError(f"nobody here is {who}")
    return found
