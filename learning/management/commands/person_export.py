"""All that is kept of one person, for that person (AVG art. 15 and 20)."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from learning.management.asked import add_person, asked_person
from learning.people import exporting


class Command(BaseCommand):
    help = (
        "A ZIP with all that is kept of one person: JSON, a page to read, and sound. It holds what only they may read: "
        "give it to nobody else."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_person(parser)
        parser.add_argument("--out", type=Path, help="The file to make; person-NUMBER.zip otherwise.")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"):
            person = asked_person(options)
        target: Path = options["out"] or Path(f"person-{person.pk}.zip")
        half = target.with_name(f".{target.name}.{os.getpid()}.half")
        try:
            if target.exists():
                raise CommandError(f"{target} is there already; it was left alone.")
            with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                counts = exporting.write(person, file)
            half.rename(target)
        except OSError as error:
            raise CommandError(f"{target} can't be written: {error.strerror}.") from error
        finally:
            half.unlink(missing_ok=True)
        for title, count in counts.items():
            self.stdout.write(f"{count:>7}  {title}")
        self.stdout.write(f"{target}: all there is of person {person.pk}. Give it to nobody else.")
