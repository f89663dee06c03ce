"""Every publish gate of the curriculum, over all content or one module's folder."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from modules.coverage import ENOUGH, beyond, coverage
from modules.olx import Finding, ModuleSource, checked_module, module_folders
from modules.style import style_of_module


class Command(BaseCommand):
    help = "Validate content: every publish gate of the curriculum. Exit 1 with file:line and reason."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", nargs="?", type=Path, help="the folder of one module; default: all of ours")
        parser.add_argument("--style", action="store_true", help="say as well what could be written more plainly")

    def handle(self, *args: Any, path: Path | None, style: bool, **options: Any) -> None:
        folders = [path] if path else module_folders()
        wrong, modules = 0, []
        for folder in folders:
            if not folder.is_dir():
                raise CommandError(f"{folder} is not a folder")
            module, findings = checked_module(folder)
            wrong += len(findings)
            modules += [module] if module else []
            for finding in [*findings, *(style_of_module(module) if module and style else ())]:
                self.say(folder, finding)
        if wrong:
            raise CommandError(f"{wrong} to mend", returncode=1)
        self.see_evidence(modules, whole=path is None)
        self.stdout.write(f"{len(folders)} checked, nothing to mend")

    def see_evidence(self, modules: list[ModuleSource], *, whole: bool) -> None:
        """Curriculum 4.4: no type yields what it can't; of all content together, what is thin, and is N3 in reach?"""
        wrong = [f"{activity.file}: {', '.join(sorted(codes))}" for activity, codes in beyond(modules)]
        for each in coverage(modules) if whole else ():
            for source, count in each.short.items():
                self.stdout.write(f"{each.competence}: {count} x {source}, {ENOUGH[source]} asked")
            wrong += [] if each.reaches_n3 else [f"N3 is out of reach in {each.competence}"]
        if wrong:
            raise CommandError("\n".join(["evidence (curriculum 4.4):", *wrong]), returncode=1)

    def say(self, folder: Path, finding: Finding) -> None:
        self.stdout.write(f"{folder / finding.file}:{str(finding).split(':', 1)[1]}")
