"""See script/package. Built from a copy, so that nothing of the building stays between the sources."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from setuptools.build_meta import build_wheel

MODULES = Path(__file__).parent.parent / "modules"


def main(out: str) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "modules"
        shutil.copytree(MODULES, copy, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info", "build"))
        packages = sorted(
            "modules" + "".join(f".{part}" for part in file.parent.relative_to(copy).parts)
            for file in copy.rglob("__init__.py")
        )
        with (copy / "setup.cfg").open("w") as file:
            file.write("[options]\npackages =\n" + "".join(f"    {package}\n" for package in packages))
        os.chdir(copy)
        print(Path(out) / build_wheel(out))


if __name__ == "__main__":
    main(sys.argv[1])
