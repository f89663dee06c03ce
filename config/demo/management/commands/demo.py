"""(Re)creates the demo organisation."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.demo import services
from config.demo.people import PEOPLE


class Command(BaseCommand):
    help = "Make the demo organisation with its people, their track and the demo LMS, or set right what is there."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="leave the people as they are when there are some")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("this installation has no demo: DEMO is off")
        if options["if_empty"] and services.is_made():
            services.reconnect()
        else:
            services.create_demo()
        names = ", ".join(person.username for person in PEOPLE)
        self.stdout.write(f"Demo: {settings.BASE_URL}/demo/ and the LMS {settings.PLATFORM_URL}/")
        self.stdout.write(f"Demo people: {names}; password of each: {services.password()}")
