"""A module's folder as an OLX archive, for Open edX or for `import_olx` elsewhere."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from modules.olx import CONTENT
from modules.packing import CantBePacked, pack


class Command(BaseCommand):
    help = "Write a module as an OLX archive (.tar.gz) that Open edX and import_olx take."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("module", help="the name of a module of ours (dialoogprincipes), or a folder")
        parser.add_argument("file", nargs="?", type=Path, help="where to write; default: MODULE.tar.gz here")

    def handle(self, *args: Any, module: str, file: Path | None, **options: Any) -> None:
        folder = CONTENT / module if (CONTENT / module / "course.xml").is_file() else Path(module)
        if not (folder / "course.xml").is_file():
            raise CommandError(f"{module} is not a module of ours and not a folder with a course.xml")
        try:
            content = pack(folder)
        except CantBePacked as error:
            raise CommandError(str(error)) from error
        target = file or Path(f"{folder.resolve().name}.tar.gz")
        target.write_bytes(content)
        self.stdout.write(f"{target}: {len(content)} bytes")
