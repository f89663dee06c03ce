"""What still has to happen, for the operator."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from jobs import queries, services


class Command(BaseCommand):
    help = "What still has to happen: waiting, running, failed, done. `jobs retry [KEY]` tries failed ones again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", nargs="?", choices=["list", "retry"], default="list")
        parser.add_argument("key", nargs="?", help="with retry: only the failed jobs of this key")
        parser.add_argument("--failed", action="store_true", help="list the failed jobs one by one, with the reason")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["action"] == "retry":
            count = services.retry(options["key"])
            self.stdout.write(f"{count} failed job{'' if count == 1 else 's'} will be tried again")
        elif options["failed"]:
            self._failed()
        else:
            self._tallies()

    def _tallies(self) -> None:
        tallies = queries.tallies()
        if not tallies:
            self.stdout.write("no jobs")
        for tally in tallies:
            self.stdout.write(f"{tally.kind:<28} {tally.status:<8} {tally.count:>8}")
        age = queries.heartbeat_age()
        self.stdout.write("no runner was ever seen" if age is None else f"a runner was seen {age:.0f} s ago")

    def _failed(self) -> None:
        failed = queries.failed()
        if not failed:
            self.stdout.write("no failed jobs")
        for job in failed:
            self.stdout.write(f"{job.kind:<28} {job.key}  {job.tries} tries: {job.reason}")
