"""Every publish gate of the curriculum, over all content or one module's folder."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from modules.olx import CONTENT, Finding, check_module
from modules.style import check_module_style


class Command(BaseCommand):
    help = "Validate content: every publish gate of the curriculum. Exit 1 with file:line and reason."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", nargs="?", type=Path, help="the folder of one module; default: all of ours")
        parser.add_argument("--style", action="store_true", help="say as well what could be written more plainly")

    def handle(self, *args: Any, path: Path | None, style: bool, **options: Any) -> None:
        folders = [path] if path else module_folders()
        wrong = 0
        for folder in folders:
            if not folder.is_dir():
                raise CommandError(f"{folder} is not a folder")
            for finding in check_module(folder):
                wrong += 1
                self.say(folder, finding)
            for finding in check_module_style(folder) if style else ():
                self.say(folder, finding)
        if wrong:
            raise CommandError(f"{wrong} to mend", returncode=1)
        self.stdout.write(f"{len(folders)} checked, nothing to mend")

    def say(self, folder: Path, finding: Finding) -> None:
        self.stdout.write(f"{folder / finding.file}:{str(finding).split(':', 1)[1]}")


def module_folders() -> list[Path]:
    """The modules that come with the house, in alphabetical order."""
    return sorted(file.parent for file in CONTENT.glob("*/course.xml"))
