"""What is sealed and by which key (`learning.resealing`); and a change of keys."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from learning import resealing
from learning.resealing import Seen
from learning.sealing import names_of_keys


class Command(BaseCommand):
    help = (
        "Opens all that is sealed and says how much there is of each of SEALING_KEYS. With --rotate: seals anew what "
        "isn't of the first. Exit 0: the first key is enough; 1: something remains."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--rotate", action="store_true", help="Seal with the first key. May be stopped and run again at any time."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        for number, name in enumerate(names_of_keys(), 1):
            self.stdout.write(f"Key {number}: {name}{', seals' if number == 1 else ''}")
        remains, wrong = 0, None
        for source in resealing.sources():
            try:
                seen = resealing.rotate(source) if options["rotate"] else resealing.look(source)
            except Exception as error:
                self.stdout.write(f"{source}: stopped at {type(error).__name__}")
                wrong = error
                continue
            self._say(source, seen)
            remains += seen.remains
        if wrong:
            raise wrong
        if remains:
            self.stdout.write(f"{remains} values remain: keep every key.")
            raise SystemExit(1)
        self.stdout.write("The first key is enough. Older ones are only needed for back-ups.")

    def _say(self, source: str, seen: Seen) -> None:
        said = [f"{n} of key {key + 1}" for key, n in sorted(seen.of_key.items())]
        said += [f"{n} {words}" for n, words in _beside(seen) if n]
        self.stdout.write(f"{source}: {', '.join(said) or 'none'}")
        for where in seen.named:
            self.stdout.write(f"  won't open: {where}")
        if seen.shut > len(seen.named):
            self.stdout.write(f"  and {seen.shut - len(seen.named)} more")


def _beside(seen: Seen) -> list[tuple[int, str]]:
    return [
        (seen.anew, "of them sealed anew"),
        (seen.changed, "changed meanwhile, run again"),
        (seen.shut, "won't open"),
    ]
