"""`lti_platform add|list|disable|enable`: the LMSes that may launch us."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from learning.people import queries as people
from lti.tool import services
from lti.tool.models import Platform


class Command(BaseCommand):
    help = "Register, list or switch off an LMS that launches Tussenruimte."

    def add_arguments(self, parser: ArgumentParser) -> None:
        doing = parser.add_subparsers(dest="doing", required=True)
        add = doing.add_parser("add", help="register an LMS, or a further deployment of one")
        for option in ("name", "issuer", "client-id", "auth-url", "token-url", "jwks-url"):
            add.add_argument(f"--{option}", required=True)
        add.add_argument("--deployment", action="append", required=True, help="may be given more than once")
        add.add_argument("--organisation", default="", help="slug; may be left out where there is just one")
        add.add_argument("--audience", default="", help="aud of token requests, where it isn't the token URL")
        add.add_argument("--algorithm", default="", choices=["", *Platform.Algorithm.values], help="else by its keys")
        add.add_argument("--frame-origin", action="append", default=[], help="a further site that shows us in a frame")
        add.add_argument("--no-progress", action="store_true", help="never report progress to this LMS")
        doing.add_parser("list", help="show what is registered")
        for word, text in (("disable", "no launches, no scores"), ("enable", "as before")):
            switch = doing.add_parser(word, help=text)
            switch.add_argument("--issuer", required=True)
            switch.add_argument("--client-id", default="", help="else all registrations of the issuer")

    def handle(self, *args: Any, doing: str, **options: Any) -> None:
        {"add": self._add, "list": self._list, "disable": self._switch, "enable": self._switch}[doing](doing, **options)

    def _add(self, doing: str, **options: Any) -> None:
        there = Platform.objects.filter(issuer=options["issuer"], client_id=options["client_id"]).first()
        if there is not None:
            self._extend(there, options)
            return
        try:
            platform = services.register_platform(
                self._organisation(options["organisation"]),
                **{key: options[key] for key in ("name", "issuer", "client_id", "auth_url", "token_url", "jwks_url")},
                deployments=options["deployment"],
                audience=options["audience"],
                algorithm=options["algorithm"],
                frame_origins=options["frame_origin"],
                reports_progress=not options["no_progress"],
                tokens_are_its_own=True,
            )
        except services.NotRegistered as error:
            raise CommandError(f"Not registered: {error.reason}.") from error
        self.stdout.write(f"Registered: {platform}")

    def _extend(self, there: Platform, options: dict[str, Any]) -> None:
        """The same registration with a further deployment; one that differs is never overwritten."""
        for key in ("auth_url", "token_url", "jwks_url"):
            if getattr(there, key) != options[key]:
                raise CommandError(f"This client-id of this issuer is registered already, with another {key}.")
        try:
            services.add_deployments(there, options["deployment"])
        except services.NotRegistered as error:
            raise CommandError(f"Not registered: {error.reason}.") from error
        self.stdout.write(f"Registered already, deployments added: {there}")

    def _list(self, doing: str, **options: Any) -> None:
        for platform in Platform.objects.order_by("name", "pk").prefetch_related("deployments"):
            deployments = ", ".join(sorted(each.deployment_id for each in platform.deployments.all()))
            self.stdout.write(f"{'on ' if platform.active else 'off'}  {platform}  deployments: {deployments}")

    def _switch(self, doing: str, **options: Any) -> None:
        platforms = Platform.objects.filter(issuer=options["issuer"])
        if options["client_id"]:
            platforms = platforms.filter(client_id=options["client_id"])
        if not platforms:
            raise CommandError("No such registration.")
        for platform in platforms:
            services.switch(platform, active=doing == "enable")
            self.stdout.write(f"{'Enabled' if doing == 'enable' else 'Disabled'}: {platform}")

    def _organisation(self, slug: str) -> Any:
        found = people.organisations(slug)
        if not found:
            raise CommandError("No such organisation." if slug else "There is no organisation yet.")
        if len(found) > 1:
            raise CommandError("There is more than one organisation: say which with --organisation SLUG.")
        return found[0]
