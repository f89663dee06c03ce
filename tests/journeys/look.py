"""Look at a page as people meet it, and say what a picture doesn't tell.

`look` opens an address, makes the window wider and wider, and returns a line for each thing that is wrong:
    axe       violations of WCAG 2.0 to 2.2, A and AA, and best practice
    overflow  the page scrolls sideways; names the widest culprits
    target    something to press is under 24 by 24 CSS px and not inside a sentence (WCAG 2.5.8)
    focus     Tab lands where nothing changes: the focus can't be seen
    trap      Tab comes back to the same place before it has been round
    lang, h1, title            missing or repeated
    console, failed, foreign   errors, failed requests, requests to another host
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Frame, Page, Request, Response

ROOT = Path(__file__).parents[2]
# Keep pictures of what a run looked at: PICTURES=folder script/test tests/journeys/test_look.py
PICTURES = os.environ.get("PICTURES")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# In the dark only these say anything else of a page than in the light.
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
MOST_TABS = 80

_PROBE = """() => {
  const seen = e => { const r = e.getBoundingClientRect(), s = getComputedStyle(e);
    return r.width > 0 && r.height > 0 && s.visibility !== 'hidden' && s.display !== 'none' && +s.opacity !== 0; };
  const name = e => e.tagName.toLowerCase() + (e.id ? '#' + e.id : '') + ' "' +
    (e.innerText || e.value || e.ariaLabel || '').trim().slice(0, 30) + '"';
  const clipped = e => { for (let p = e.parentElement; p && p !== document.body; p = p.parentElement)
    if (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(p).overflowX)) return true; return false; };
  const wide = document.documentElement.scrollWidth - innerWidth;
  const culprits = wide > 1 ? [...document.body.querySelectorAll('*')]
    .filter(e => seen(e) && e.getBoundingClientRect().right > innerWidth + 1 && !clipped(e))
    .sort((a, b) => b.getBoundingClientRect().right - a.getBoundingClientRect().right).slice(0, 4).map(name) : [];
  const inSentence = e => e.tagName === 'A' && getComputedStyle(e).display === 'inline' &&
    (e.parentElement.innerText || '').trim().length > (e.innerText || '').trim().length + 15;
  const pressable = 'a[href],button,input:not([type=hidden]),select,summary,[role=button],[role=tab],[tabindex="0"]';
  const small = [...document.querySelectorAll(pressable)].filter(seen).filter(e => {
    const label = e.labels && [...e.labels].find(seen);
    const r = (label || e).getBoundingClientRect(), q = e.getBoundingClientRect();
    return Math.max(r.width, q.width) < 24 || Math.max(r.height, q.height) < 24; })
    .filter(e => !inSentence(e) && !/sla-over|onzichtbaar|skip/.test(e.className)).map(name);
  return { wide, culprits, small, lang: document.documentElement.lang,
           h1: document.querySelectorAll('h1').length, title: document.title };
}"""
_FOCUS = """() => {
  const e = document.activeElement; if (!e || e === document.body) return null;
  const look = x => { const s = getComputedStyle(x); return [s.outlineStyle, s.outlineWidth, s.outlineColor,
    s.boxShadow, s.borderColor, s.borderWidth, s.backgroundColor, s.color, s.textDecorationLine,
    s.textDecorationThickness].join(); };
  const around = [e, e.parentElement, ...(e.labels || []), e.nextElementSibling].filter(Boolean);
  const on = around.map(look).join(); const path = [];
  for (let x = e; x; x = x.parentElement) path.push([...(x.parentElement?.children || [])].indexOf(x));
  e.blur(); const off = around.map(look).join(); e.focus({preventScroll: true});
  return { seen: on !== off, path: path.join('.'), frame: e.tagName === 'IFRAME',
           what: e.tagName.toLowerCase() + ' "' + (e.innerText || e.ariaLabel || e.name || '').trim().slice(0, 30) };
}"""
# From where Tab goes to the first there is.
_TO_THE_TOP = (
    """() => { document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex'); }"""
)
_AXE = """rules => axe.run(document, {runOnly: rules}).then(r => r.violations.map(
    v => `${v.id} (${v.impact}) ${v.nodes[0].html.slice(0, 140)} x${v.nodes.length}`))"""


@dataclass(frozen=True)
class Look:
    """How to look: `light` and `dark` are widths in CSS px, in the last of which Tab goes round too; `state` somebody's
    cookies, as Playwright keeps them."""

    light: tuple[int, ...] = (320, 768, 1280)
    # What is dark is the same at every width.
    dark: tuple[int, ...] = (1280,)
    state: Any = None
    status: int = 200


def look(browser: Browser, address: str, how: Look, whose: str) -> list[str]:
    """What is wrong with the page. Loaded once: a window that changes, and the night that falls, are what a page must
    bear. Pictures, where they are kept, go to the folder of `whose` page it is."""
    found: list[str] = []
    context = browser.new_context(
        viewport={"width": how.light[0], "height": 800},
        reduced_motion="reduce",
        locale="nl-NL",
        storage_state=how.state,
    )
    try:
        page = context.new_page()
        listen(page, urlsplit(address).netloc, how.status, found)
        page.goto(address)
        page.evaluate("() => document.fonts.ready.then(() => null)")
        page.evaluate(axe())
        for width in how.light:
            found += look_in(page, "light", width, RULES, whose, tab=width == how.light[-1])
        for width in how.dark:
            found += look_in(page, "dark", width, COLOURS, whose, tab=width == how.dark[-1])
        # What came late would have been heard by now.
        page.wait_for_load_state("networkidle")
    finally:
        context.close()
    return [f"{urlsplit(address).path} {line}" for line in dict.fromkeys(found)]


def look_in(page: Page, theme: Literal["light", "dark"], width: int, rules: Any, whose: str, *, tab: bool) -> list[str]:
    """In a window of this width."""
    wrong: list[str] = []
    page.emulate_media(color_scheme=theme)
    page.set_viewport_size({"width": width, "height": 800})
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / whose / f"{name_of(page.url)}-{width}-{theme}.png", full_page=True)
    probe(page, wrong)
    wrong += [f"axe {violation}" for violation in page.evaluate(_AXE, rules)]
    if tab:
        tab_through(page, wrong)
    return [f"{theme} at {width}: {line}" for line in wrong]


def listen(page: Page, host: str, status: int, wrong: list[str]) -> None:
    # A page that is meant to answer 404 makes the browser say so.
    expected = f"status of {status}"
    page.on(
        "console",
        lambda m: wrong.append(f"console {m.text[:160]}") if m.type == "error" and expected not in m.text else None,
    )
    page.on("pageerror", lambda error: wrong.append(f"console {str(error)[:160]}"))

    def failed(request: Request) -> None:
        # Sound that was still coming when we left isn't a failure.
        if request.failure != "net::ERR_ABORTED" or request.resource_type != "media":
            wrong.append(f"failed {request.url[:120]}")

    def heard(response: Response) -> None:
        parts = urlsplit(response.url)
        if parts.scheme in ("http", "https") and parts.netloc != host:
            wrong.append(f"foreign {response.url[:120]}")
        if response.status >= 400 and response.status != status:
            wrong.append(f"failed {response.status} {response.url[:110]}")

    page.on("requestfailed", failed)
    page.on("response", heard)


def as_it_is(place: Page | Frame) -> list[str]:
    """What is wrong with a page, or with one in a frame, at the width it has."""
    wrong: list[str] = []
    probe(place, wrong)
    place.evaluate(axe())
    return wrong + [f"axe {violation}" for violation in place.evaluate(_AXE, RULES)]


def probe(page: Page | Frame, wrong: list[str]) -> None:
    got = page.evaluate(_PROBE)
    if got["wide"] > 1:
        wrong.append(f"overflow {got['wide']} px: {'; '.join(got['culprits'])}")
    wrong += [f"target {small}" for small in got["small"]]
    if not got["lang"]:
        wrong.append("lang missing")
    if got["h1"] != 1:
        wrong.append(f"h1: {got['h1']} of them")
    if not got["title"]:
        wrong.append("title missing")


def tab_through(page: Page, wrong: list[str]) -> None:
    page.evaluate(_TO_THE_TOP)
    seen: set[str] = set()
    last = None
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        focus = page.evaluate(_FOCUS)
        if not focus or focus["frame"]:
            return
        if focus["path"] in seen:
            if focus["path"] == last:
                wrong.append(f"trap {focus['what']}")
            return
        seen.add(focus["path"])
        last = focus["path"]
        if not focus["seen"]:
            wrong.append(f"focus {focus['what']}")


@cache
def axe() -> str:
    return (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()


def name_of(address: str) -> str:
    parts = urlsplit(address)
    return re.sub(r"[^a-zA-Z0-9]+", "-", f"{parts.path}-{parts.query}").strip("-") or "home"
