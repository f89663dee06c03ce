"""Erasing one person (AVG art. 17): first what would happen, and with --yes that it does."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from learning.management.asked import add_person, asked_person
from learning.people import erasing


class Command(BaseCommand):
    help = "Shows what is kept of one person and what would stay without their name; with --yes it is wiped, for good."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_person(parser)
        parser.add_argument("--yes", action="store_true", help="Wipe it now. There is no way back.")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"):
            person = asked_person(options)
            for line in erasing.preview(person):
                fate = f"stays: {line.stays}" if line.stays else "goes"
                self.stdout.write(f"{line.count:>7}  {line.title} — {fate}")
        if not options["yes"]:
            self.stdout.write(f"Nothing was changed. Add --yes to erase person {person.pk} for good.")
            return
        try:
            erasing.erase(person.pk)
        except erasing.NotNow as error:
            raise CommandError(
                f"Not all is gone yet: {error.reason}. They can't sign in any more. Run this again in a minute."
            ) from error
        self.stdout.write(f"Person {person.pk} is erased.")
