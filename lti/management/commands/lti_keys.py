"""`lti_keys list|rotate`: the keys we sign with."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from lti import keys


class Command(BaseCommand):
    help = "List the keys Tussenruimte signs with, or replace them before their time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        doing = parser.add_subparsers(dest="doing", required=True)
        doing.add_parser("list", help="which keys are published, and which signs")
        rotate = doing.add_parser("rotate", help="publish a new key now; it signs a day later, the old one goes later")
        rotate.add_argument("purpose", choices=keys.PURPOSES, help="tool: towards an LMS; platform: towards tools")
        rotate.add_argument(
            "--leaked", action="store_true", help="sign with a new one at once and withdraw all others at once"
        )

    def handle(self, *args: Any, doing: str, **options: Any) -> None:
        if doing == "list":
            self._list()
        else:
            self._rotate(options["purpose"], leaked=options["leaked"])

    def _list(self) -> None:
        words = {"next": "signs from", "current": "signs", "retired": "published until"}
        found = keys.states()
        if not found:
            self.stdout.write("no keys yet: the first is made when it is needed")
        for key in found:
            until = f" {key.until:%Y-%m-%d %H:%M}" if key.until else ""
            self.stdout.write(f"{key.purpose:<8} {key.kid}  {words[key.state]}{until}")

    def _rotate(self, purpose: keys.Purpose, *, leaked: bool) -> None:
        if leaked:
            self.stdout.write(f"{purpose} {keys.replace_now(purpose)}  signs from now on; all others are withdrawn")
        else:
            self.stdout.write(f"{purpose} {keys.rotate(purpose)}  is published; it signs after {keys.LEAD}")
