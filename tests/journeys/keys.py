"""Walking through the product by keyboard alone: Tab, arrows, Enter, Space and letters. No mouse anywhere."""

from __future__ import annotations

from playwright.sync_api import Frame, FrameLocator, Locator, Page

# Where an activity is: the page itself, or the frame of an LMS.
Place = Page | Frame | FrameLocator

_HAS_FOCUS = "e => e.ownerDocument.hasFocus() && e.ownerDocument.activeElement === e"
_GROUP_HAS_FOCUS = """e => { const a = e.ownerDocument.activeElement;
    return e.ownerDocument.hasFocus() && a.type === 'radio' && a.name === e.name && a.form === e.form; }"""
# How many places Tab stops at before it reaches this one; of a group of radios at one. Rather too few than too many.
_STOPS = """e => {
    const page = e.ownerDocument, here = page.activeElement, groups = new Set();
    const may = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]';
    const after = (a, b) => a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING;
    return [...page.querySelectorAll(may)].filter(each => {
        if (each.disabled || each.tabIndex < 0 || each === e || !after(here, each) || !after(each, e)) return false;
        if (!each.checkVisibility({visibilityProperty: true})) return false;
        if (each.type !== 'radio') return true;
        const group = each.name + (each.form ? [...page.forms].indexOf(each.form) : '');
        return each.name !== e.name && !groups.has(group) && groups.add(group); }).length; }"""
_ARROWS = 15


class Keys:
    """`most`: how many times Tab may be needed to get somewhere before we call it unreachable."""

    def __init__(self, page: Page, most: int = 250) -> None:
        self.page, self.most = page, most

    def to(self, target: Locator, condition: str = _HAS_FOCUS) -> None:
        """Tab without looking at each stop; the last ones are looked at."""
        target.wait_for(state="attached")
        for _ in range(target.evaluate(_STOPS) - 1):
            self.page.keyboard.press("Tab")
        for _ in range(self.most):
            if target.evaluate(condition):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard doesn't reach {target}")

    def press(self, target: Locator, key: str = "Enter") -> None:
        self.to(target)
        self.page.keyboard.press(key)

    def choose(self, radio: Locator) -> None:
        """Tab to its group, then arrows, as a browser lets one choose."""
        self.to(radio, _GROUP_HAS_FOCUS)
        if radio.evaluate(_HAS_FOCUS):
            self.page.keyboard.press("Space")
        for _ in range(_ARROWS):
            if radio.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the arrows don't reach {radio}")

    def write(self, field: Locator, text: str) -> None:
        self.to(field)
        self.page.keyboard.type(text)
