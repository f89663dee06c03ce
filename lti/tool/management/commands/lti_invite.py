"""`lti_invite --name NAME`: an address to paste into an LMS, with which it registers itself."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from learning.people import queries as people
from lti.tool import texts
from lti.tool.invitations import invite


class Command(BaseCommand):
    help = "Print a single-use address, good for a day, to paste where an LMS asks for a tool's registration address."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--name", required=True, help="what the LMS will be called here")
        parser.add_argument("--organisation", default="", help="slug; may be left out where there is just one")
        parser.add_argument("--json", action="store_true", help='print {"url": …, "expires": …}')

    def handle(self, *args: Any, **options: Any) -> None:
        found = people.organisations(options["organisation"])
        if not found:
            raise CommandError("No such organisation." if options["organisation"] else "There is no organisation yet.")
        if len(found) > 1:
            raise CommandError("There is more than one organisation: say which with --organisation SLUG.")
        if not texts.words(options["name"]):
            raise CommandError("Give the LMS a name.")
        invited = invite(found[0], name=options["name"])
        if options["json"]:
            self.stdout.write(json.dumps({"url": invited.url, "expires": invited.expires_at.isoformat()}))
        else:
            self.stdout.write(invited.url)
