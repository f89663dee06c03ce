"""What is past its term now, and wiping it (curriculum 4.5). A job does the same each night."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from learning.people import retention
from learning.people.models import Destruction
from learning.people.queries import organisations


class Command(BaseCommand):
    help = "Shows per organisation and kind what is past its term; with --run it is wiped now, and written down."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--run", action="store_true", help="Wipe it now, as the job of each night does.")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        with translation.override("en"):
            if options["run"]:
                self._run(now)
            else:
                self._show(now)

    def _show(self, now: Any) -> None:
        for kind in retention.wiped_kinds():
            self.stdout.write(f"{kind.title}: {kind.words}{f' ({kind.setting})' if kind.setting else ''}")
        for organisation in organisations():
            self.stdout.write(f"\n{organisation.name}")
            for kind, counts in retention.waiting(organisation.pk, now).items():
                for table, number in counts.items():
                    self.stdout.write(f"{number:>9}  {table} — {kind.title}")
        self.stdout.write("\nNothing was changed. What hangs on these goes along. Add --run to wipe it now.")

    def _run(self, now: Any) -> None:
        wrong: Exception | None = None
        try:
            retention.wipe_all(now)
        except Exception as error:
            wrong = error
        for line in Destruction.objects.filter(made_at=now).select_related("organisation").order_by("pk"):
            for table, number in line.counts.items():
                self.stdout.write(f"{number:>9}  {table} — {line.kind}, {line.organisation.name}")
        if wrong:
            raise CommandError(f"Not all of it went: {type(wrong).__name__}. Run this again.") from wrong
        self.stdout.write("What was past its term is gone.")
