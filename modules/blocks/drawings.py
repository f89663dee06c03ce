"""Our own drawings, in one hand: `templates/tekeningen/<name>.html`, which also says in words what it shows."""

from __future__ import annotations

from pathlib import Path

DRAWINGS = tuple(sorted(file.stem for file in (Path(__file__).parent / "templates" / "tekeningen").glob("*.html")))
