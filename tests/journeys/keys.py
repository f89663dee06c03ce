"""Walking through the product by keyboard alone: Tab, arrows, Enter, Space and letters. No mouse anywhere."""

from __future__ import annotations

import contextlib

from playwright.sync_api import Frame, FrameLocator, Locator, Page
from playwright.sync_api import TimeoutError as TookTooLong

# Where an activity is: the page itself, or the frame of an LMS.
Place = Page | Frame | FrameLocator

# How many times Tab is needed at least to get to this one (a `group` of radios is one stop), or to the end of the page,
# from where it goes on at the top. One where it can't be told: from another frame, or from what isn't there any more.
_STOPS = """(e, group) => {
    const page = e.ownerDocument, here = page.activeElement, groups = new Set();
    if (!page.hasFocus() || here === page.body) return 1;
    if (group ? here.type === 'radio' && here.name === e.name && here.form === e.form : here === e) return 0;
    const may = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]';
    const after = (a, b) => a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING;
    const ahead = after(here, e);
    return Math.max(1, [...page.querySelectorAll(may)].filter(each => {
        if (each.disabled || each.tabIndex < 0 || !after(here, each) || (ahead && !after(each, e))) return false;
        if (!each.checkVisibility({visibilityProperty: true})) return false;
        if (each.type !== 'radio') return true;
        const name = each.name + (each.form ? [...page.forms].indexOf(each.form) : '');
        return each.name !== e.name && !groups.has(name) && groups.add(name); }).length - 1); }"""
# How many arrows down it is from the radio that has the keyboard to this one, which may be further up: they go round.
_ARROWS = """e => {
    const group = [...e.form.elements].filter(each => each.type === 'radio' && each.name === e.name && !each.disabled);
    return (group.indexOf(e) - group.indexOf(e.ownerDocument.activeElement) + group.length) % group.length; }"""


class Keys:
    """`most`: how many times Tab may be needed to get somewhere before we call it unreachable."""

    def __init__(self, page: Page, most: int = 250) -> None:
        self.page, self.most = page, most

    def to(self, target: Locator, *, group: bool = False) -> None:
        """Tab, without looking at each stop on the way."""
        target.wait_for(state="attached")
        tabs = 0
        while stops := target.evaluate(_STOPS, group):
            tabs += stops
            if tabs > self.most:
                raise AssertionError(f"the keyboard doesn't reach {target}")
            for _ in range(stops):
                self.page.keyboard.press("Tab")

    def press(self, target: Locator, key: str = "Enter") -> None:
        """Where a key takes its own frame away, Chromium may never say that it was pressed; a press by the element,
        unlike one by the keyboard, has a time limit. Whether the key did anything is for what comes after."""
        self.to(target)
        with contextlib.suppress(TookTooLong):
            target.press(key)

    def choose(self, radio: Locator) -> None:
        """Tab to its group, then arrows, as a browser lets one choose."""
        self.to(radio, group=True)
        arrows = radio.evaluate(_ARROWS)
        for _ in range(arrows):
            self.page.keyboard.press("ArrowDown")
        if not arrows:
            self.page.keyboard.press("Space")
        if not radio.is_checked():
            raise AssertionError(f"the arrows don't reach {radio}")

    def write(self, field: Locator, text: str) -> None:
        self.to(field)
        self.page.keyboard.type(text)
