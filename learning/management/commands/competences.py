"""The levels of everybody, anew from what they did: to be sure, and after the rules or the content changed."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from learning.competences.services import rebuilding


class Command(BaseCommand):
    help = "rebuild: work out all evidence and levels anew from history; with --check only say what differs (exit 1)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["rebuild"])
        parser.add_argument("--check", action="store_true", help="Change nothing; exit 1 when something differs.")

    def handle(self, *args: Any, **options: Any) -> None:
        seen = waiting = found = 0
        wrong: Exception | None = None
        for person in rebuilding.people():
            if options["check"] and rebuilding.is_waiting(person):
                waiting += 1
                continue
            try:
                differences = rebuilding.differences(person) if options["check"] else rebuilding.rebuild(person)
            except Exception as error:
                # Not the message: it may quote what somebody wrote.
                self.stdout.write(f"#{person}: {type(error).__name__}")
                wrong = error
                continue
            seen += 1
            found += len(differences)
            for each in differences:
                self.stdout.write(f"#{each.person} {each.about}: {each.what}")
        self.stdout.write(f"{seen} people, {found} differences{' mended' if not options['check'] else ''}.")
        if waiting:
            self.stdout.write(f"{waiting} people are still to be worked out by the job, and were passed over.")
        if wrong:
            raise wrong
        if options["check"] and found:
            raise SystemExit(1)
