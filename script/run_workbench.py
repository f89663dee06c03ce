"""See script/workbench. The workbench (PyPI: xblock-sdk) is a Django project of its own; of ours it knows `modules`."""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path
from xml.sax.saxutils import escape

import django
from django.conf import settings
from django.core.management import call_command
from xblock.core import XBlock

ROOT = Path(__file__).parent.parent
CONTENT = ROOT / "modules" / "content"
# Module 1 first: where more modules have a type, its activity is the one of module 1.
MODULES = sorted((folder.parent for folder in CONTENT.glob("*/course.xml")), key=lambda f: f.name != "dialoogprincipes")


def configure(folder: Path) -> None:
    """The workbench's own settings, with its files in `folder` and no log file."""
    os.environ["EXCLUDE_SAMPLE_XBLOCKS"] = "yes"
    from workbench import settings as theirs  # noqa: PLC0415

    own = {name: value for name, value in vars(theirs).items() if name.isupper() and name != "TEMPLATE_DIRS"}
    own |= {
        "DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "workbench.sqlite3")}},
        "ALLOWED_HOSTS": ["127.0.0.1", "localhost"],
        "LOGGING": {},
        # An activity asks for "static/x.opus"; without a service that knows better that is /static/x.opus.
        "STATICFILES_DIRS": [folder / "static" for folder in MODULES if (folder / "static").is_dir()],
    }
    settings.configure(**own)
    django.setup()


def scenarios() -> dict[str, str]:
    """The first activity of each of our types in the modules: {type: OLX with the author's text inside}."""
    from modules.olx import read_module  # noqa: PLC0415

    found: dict[str, str] = {}
    for folder in MODULES:
        module, _ = read_module(folder)
        assert module is not None, f"{folder.name} can't be read"
        for activity in (activity for unit in module.units for activity in unit.activities):
            name = activity.block.block_type
            assert XBlock.load_class(name) is activity.block, f"{name} isn't installed from its entry point"
            text = (folder / activity.file).read_text()
            found.setdefault(name, f"<{name}>{escape(text)}</{name}>")
    return found


def load_scenarios() -> None:
    """Only ours: the workbench brings some of its own, and would load them at the first request."""
    from workbench import scenarios as theirs  # noqa: PLC0415

    theirs.WORKBENCH_KVS.prep_for_scenario_loading()
    theirs.get_scenarios.initialized = True
    for name, olx in scenarios().items():
        theirs.add_xml_scenario(name, name, olx)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, default=None)
    options = parser.parse_args()
    folder: Path = (options.folder or Path(tempfile.mkdtemp(prefix="workbench-"))).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    configure(folder)
    call_command("migrate", interactive=False, verbosity=0)
    load_scenarios()
    call_command("runserver", f"127.0.0.1:{options.port}", use_reloader=False)


if __name__ == "__main__":
    main()
