"""What `script/server` does before it serves: tables, content, what is done daily, and the demo where that is on."""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from learning.competences.services import frameworks
from learning.people import sessions
from learning.practice.services import library
from learning.runtime.publishing import MayNotBePublished, publish_folder
from modules.olx import module_folders


class Command(BaseCommand):
    help = (
        "Migrate, publish the modules that come with the house, begin what is done daily, and make the demo when the "
        "database is empty."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        before = os.umask(0o077)  # the database on SQLite is made here, for this account alone
        try:
            self._prepare()
        finally:
            os.umask(before)

    def _prepare(self) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        for folder in module_folders():
            try:
                publish_folder(folder)
            except MayNotBePublished as error:
                raise CommandError(f"{folder.name} may not be published:\n{error}") from error
        library.follow_modules()
        frameworks.begin()
        sessions.forget_daily()
        if settings.DEMO:
            call_command("demo", if_empty=True)
