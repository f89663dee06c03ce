"""Takes from node_modules the letters and component styles a page uses, and nothing else.

    python design/build.py

Standard library only: runs before there is a virtual environment. Writes `static/design/vendor/` (not in git) and
prints nothing when that is already there for these versions. What it makes:

    components.css   the NL Design System components we write in our HTML, in a cascade layer below our own styles,
                     with those of the voorbeeld theme's tokens they ask for and that our tokens.css doesn't set;
                     then our colours twice over for browsers that don't know light-dark()
    fonts/           four letter files, see tokens.css
    licences/        the licence of each package something was taken from
"""

from __future__ import annotations

import hashlib
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
STATIC = ROOT / "design" / "static" / "design"
VENDOR = STATIC / "vendor"
TOKENS = STATIC / "tokens.css"

COMPONENTS = {
    "@utrecht/alert-css": "dist/index.min.css",
    "@utrecht/breadcrumb-nav-css": "dist/index.min.css",
    "@utrecht/button-css": "dist/index.min.css",
    "@utrecht/form-field-css": "dist/index.min.css",
    "@utrecht/form-field-description-css": "dist/index.min.css",
    "@utrecht/form-field-error-message-css": "dist/index.min.css",
    "@utrecht/form-fieldset-css": "dist/index.min.css",
    "@utrecht/form-label-css": "dist/index.min.css",
    "@utrecht/select-css": "dist/index.min.css",
    "@utrecht/table-css": "dist/index.min.css",
    "@utrecht/textarea-css": "dist/index.min.css",
    "@utrecht/textbox-css": "dist/index.min.css",
    "@nl-design-system-candidate/data-badge-css": "dist/data-badge.css",
    "@nl-design-system-candidate/skip-link-css": "dist/skip-link.css",
}
VOORBEELD = "@nl-design-system-unstable/voorbeeld-design-tokens"
LETTERS = {
    "@fontsource-variable/newsreader": "newsreader",
    "@fontsource-variable/atkinson-hyperlegible-next": "atkinson-hyperlegible-next",
}
# For Newsreader these are what our own cut lacks, see cut_letters.py.
LETTER_FILES = ("latin-wght-normal", "latin-ext-wght-normal")

# The classes our HTML uses; what Utrecht has for others stays out. A test compares them with the templates.
CLASS_NAMES = """
    nl-data-badge nl-skip-link nl-skip-link--visible-on-focus
    utrecht-alert utrecht-alert--error utrecht-alert--info utrecht-alert--ok utrecht-alert--warning
    utrecht-breadcrumb-nav
    utrecht-button utrecht-button--danger utrecht-button--primary-action utrecht-button--secondary-action
    utrecht-button--subtle
    utrecht-form-field utrecht-form-field--invalid utrecht-form-fieldset
    utrecht-form-field-description utrecht-form-field-error-message utrecht-form-label
    utrecht-select utrecht-select--invalid utrecht-textarea utrecht-textarea--invalid
    utrecht-textbox utrecht-textbox--invalid
    utrecht-table
"""
CLASSES = frozenset(CLASS_NAMES.split())
CLASS = re.compile(r"\.([a-zA-Z][\w-]*)")
VARIABLE = re.compile(r"var\(\s*(--[\w-]+)")
DECLARATION = re.compile(r"(--[\w-]+)\s*:\s*([^;}]+)")


def main() -> None:
    if not MODULES.is_dir():
        sys.exit("design/build.py: node_modules is missing; run `npm ci` first")
    stamp = fingerprint()
    kept = VENDOR / "stamp"
    if kept.is_file() and kept.read_text() == stamp:
        return
    # Beside the old one and then in its place, so that a build that stops half-way leaves what was there.
    with tempfile.TemporaryDirectory(dir=STATIC, prefix=".vendor-") as folder:
        new = Path(folder) / "vendor"
        write(new)
        (new / "stamp").write_text(stamp)
        shutil.rmtree(VENDOR, ignore_errors=True)
        new.rename(VENDOR)
    print(f"design: letters and component styles are in {VENDOR.relative_to(ROOT)}")


def fingerprint() -> str:
    """Changes when a version, our choice of parts or our tokens change."""
    digest = hashlib.sha256()
    for file in (Path(__file__), ROOT / "package-lock.json", TOKENS):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def write(folder: Path) -> None:
    (folder / "fonts").mkdir(parents=True)
    (folder / "licences").mkdir()
    tokens = TOKENS.read_text()
    (folder / "components.css").write_text(component_styles(tokens) + colours_without_light_dark(tokens))
    for package, name in LETTERS.items():
        for cut in LETTER_FILES:
            file = f"{name}-{cut}.woff2"
            shutil.copyfile(MODULES / package / "files" / file, folder / "fonts" / file)
    for package in (*COMPONENTS, *LETTERS, VOORBEELD):
        shutil.copyfile(licence_of(package), folder / "licences" / f"{package.strip('@').replace('/', '-')}.txt")


def licence_of(package: str) -> Path:
    for name in ("LICENSE", "LICENSE.md"):
        if (MODULES / package / name).is_file():
            return MODULES / package / name
    sys.exit(f"design/build.py: {package} has no licence file; don't ship it")


# --- component styles


def component_styles(our_tokens: str) -> str:
    sheets = [(MODULES / package / file).read_text() for package, file in COMPONENTS.items()]
    styles = "".join(pruned(without_comments(sheet)) for sheet in sheets)
    tokens = needed_tokens(styles, our_tokens)
    declarations = "".join(f"{name}:{value};" for name, value in sorted(tokens.items()))
    return (
        "/* Made by design/build.py from NL Design System packages (EUPL-1.2, see licences/). */\n"
        f"@layer nlds{{:root{{{declarations}}}{styles}}}\n"
    )


def without_comments(css: str) -> str:
    return re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL).strip()


def statements(css: str) -> Iterator[tuple[str, str]]:
    """(selector or at-rule, what is between its braces) for each statement at the top of `css`."""
    start = depth = 0
    for here, character in enumerate(css):
        if character == "{":
            if depth == 0:
                opened = here
            depth += 1
        elif character == "}":
            depth -= 1
            if depth == 0:
                yield css[start:opened].strip(), css[opened + 1 : here].strip()
                start = here + 1


def pruned(css: str) -> str:
    kept = []
    for head, body in statements(css):
        if head.startswith("@media"):
            inner = pruned(body)
            if inner:
                kept.append(f"{head}{{{inner}}}")
            continue
        selectors = [selector for selector in split_selectors(head) if uses_only_ours(selector)]
        if selectors and body:
            kept.append(f"{','.join(selectors)}{{{body}}}")
    return "".join(kept)


def uses_only_ours(selector: str) -> bool:
    """Whether our HTML can match: every class it asks for is ours. What stands in :not() isn't asked for."""
    classes = CLASS.findall(re.sub(r":not\([^()]*\)", "", selector))
    return bool(classes) and CLASSES.issuperset(classes)


def split_selectors(head: str) -> list[str]:
    """At the commas outside brackets: `:is(a, b), c` is two selectors."""
    parts, depth = [""], 0
    for character in head:
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts]


def needed_tokens(styles: str, our_tokens: str) -> dict[str, str]:
    """The voorbeeld tokens that `styles` and `our_tokens` reach, themselves or through another token."""
    theirs = dict(DECLARATION.findall(without_comments((MODULES / VOORBEELD / "dist" / "theme.css").read_text())))
    set_here = {name for name, _ in DECLARATION.findall(without_comments(our_tokens))}
    wanted: dict[str, str] = {}
    waiting = VARIABLE.findall(styles) + VARIABLE.findall(our_tokens)
    while waiting:
        name = waiting.pop()
        if name in theirs and name not in wanted and name not in set_here:
            wanted[name] = theirs[name].strip()
            waiting += VARIABLE.findall(theirs[name])
    return wanted


# --- colours for browsers from before light-dark() (mid-2024)


def colours_without_light_dark(our_tokens: str) -> str:
    pairs = re.findall(r"(--[\w-]+)\s*:\s*light-dark\(\s*([^,()]+),\s*([^,()]+)\)", our_tokens)
    light = "".join(f"{name}:{value.strip()};" for name, value, _ in pairs)
    dark = "".join(f"{name}:{value.strip()};" for name, _, value in pairs)
    # :root twice weighs more than tokens.css, whichever comes first.
    return (
        "@supports not (color:light-dark(#000,#fff)){"
        f":root:root{{{light}}}"
        f'@media (prefers-color-scheme:dark){{:root:root:not([data-thema="licht"]){{{dark}}}}}'
        f':root:root[data-thema="donker"]{{{dark}}}'
        "}\n"
    )


if __name__ == "__main__":
    main()
