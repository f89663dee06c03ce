"""A module from an OLX folder or archive, as a new edition of it."""

from __future__ import annotations

import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from learning.runtime.publishing import MayNotBePublished, publish_folder
from modules.packing import CantBeUnpacked, unpack

if TYPE_CHECKING:
    from learning.tracks.models import ModuleEdition


class Command(BaseCommand):
    help = "Import a module from an OLX folder or .tar.gz as a new edition; prints its address."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path)

    def handle(self, *args: Any, path: Path, **options: Any) -> None:
        if path.is_dir():
            edition = self.publish(path)
        elif path.is_file():
            with tempfile.TemporaryDirectory() as scratch:
                try:
                    folder = unpack(path, Path(scratch))
                except CantBeUnpacked as error:
                    raise CommandError(f"{path}: {error}") from error
                edition = self.publish(folder)
        else:
            raise CommandError(f"{path} is not there")
        self.stdout.write(f"{edition.module.title}: {edition.content_hash[:12]}")
        self.stdout.write(settings.BASE_URL.rstrip("/") + reverse("tracks:module", args=[edition.module.slug]))

    def publish(self, folder: Path) -> ModuleEdition:
        try:
            return publish_folder(folder)
        except MayNotBePublished as error:
            raise CommandError(str(error)) from error
