"""The blocks install on their own: a wheel with every type, its templates, its words and the content."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
# Run where only the wheel is: loads every type, and what it shows itself with.
LOOK = """
import json
from importlib.metadata import distribution
from modules.blocks import base
found = {}
for entry in distribution("tussenruimte-xblocks").entry_points:
    block = entry.load()
    for file in (*block.stylesheets, *block.scripts, "activity.js"):
        block._open_resource("static/" + file).close()
    templates = base._environment(block.block_type)
    for name in templates.list_templates():
        templates.get_template(name)
    found[entry.name] = block.block_type
english = base.said("en", "Bezig met versturen…") != "Bezig met versturen…"
print(json.dumps({"from": base.__file__, "found": found, "english": english}))
"""


def entry_points(file: Path) -> dict[str, str]:
    names: dict[str, str] = tomllib.loads(file.read_text())["project"]["entry-points"]["xblock.v1"]
    return names


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out, place = tmp_path_factory.mktemp("wheel"), tmp_path_factory.mktemp("installed")
    subprocess.run([ROOT / "script" / "package", out], check=True, capture_output=True)
    with zipfile.ZipFile(next(out.glob("*.whl"))) as wheel:
        wheel.extractall(place)
    return place


def test_the_wheel_and_the_house_know_the_same_types() -> None:
    assert entry_points(ROOT / "modules" / "pyproject.toml") == entry_points(ROOT / "pyproject.toml")


def test_every_type_in_the_wheel_loads_with_all_it_shows_and_without_the_house(installed: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", LOOK],
        cwd=installed,
        env={**os.environ, "PYTHONPATH": str(installed)},
        check=True,
        capture_output=True,
        text=True,
    )
    seen = json.loads(run.stdout)
    assert seen["from"].startswith(str(installed))
    assert set(seen["found"]) == set(entry_points(ROOT / "pyproject.toml"))
    assert all(name == block_type for name, block_type in seen["found"].items())
    assert seen["english"]


def test_the_content_comes_along(installed: Path) -> None:
    here = {file.relative_to(ROOT) for file in (ROOT / "modules" / "content").rglob("*") if file.is_file()}
    assert here <= {file.relative_to(installed) for file in installed.rglob("*") if file.is_file()}
