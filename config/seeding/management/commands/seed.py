"""An organisation of any size, all made up, to measure with."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.seeding import services
from learning.people.models import Role


class Command(BaseCommand):
    help = (
        "Make an organisation with so many made-up people, their teams, what they did in the published modules, "
        "evidence, levels and figures. The same --number gives the same people."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--learners", type=int, required=True, help="how many people learn")
        parser.add_argument("--organisation", default=services.SLUG, metavar="SLUG", help="made where it isn't there")
        parser.add_argument("--number", type=int, default=1, help="another number gives other people")
        parser.add_argument("--add", action="store_true", help="also in an organisation that has people already")

    def handle(self, *args: Any, learners: int, organisation: str, number: int, add: bool, **options: Any) -> None:
        if learners < 1:
            raise CommandError("--learners must be 1 or more")
        try:
            made = services.seed(learners, slug=organisation, number=number, add=add, tell=self.stdout.write)
        except services.NothingPublished:
            raise CommandError("no module is published: run `script/manage prepare` first") from None
        except services.NotEmpty:
            raise CommandError(f"{organisation} has people already; with --add these come beside them") from None
        who = ", ".join(f"{made.slug}-{role}-1" for role in (Role.HR, Role.OR, Role.TRAINER, Role.BEHEER))
        self.stdout.write(f"{made.name} is there. Its staff: {who}.")
        self.stdout.write("Nobody has a password; `script/manage changepassword NAME` gives one.")
