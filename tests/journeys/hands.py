"""Hands in a browser for somebody who knows what to do (`tests.playing`): at a keyboard, or on a touch screen."""

from __future__ import annotations

from playwright.sync_api import Locator, Page

from tests.journeys.keys import Keys
from tests.playing.plain import MOST_MOVES, Stuck
from tests.playing.player import Play
from tests.playing.shown import Move, Shown

_LISTEN = """e => { window.drawnAnew = new Promise((yes, no) => {
    e.addEventListener('activity:drawn', () => yes(e.innerHTML), {once: true});
    setTimeout(() => no(new Error('no answer came')), 20000); }); }"""
_MOST_OPTIONS = 60


class Touch:
    """A thumb on glass. What opens outside the page (a list, a calendar, a keyboard) is the phone's own."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, target: Locator) -> None:
        target.tap()

    def choose(self, control: Locator) -> None:
        """A radio or a box, by its words: those are what one taps."""
        control.locator("xpath=ancestor::label").tap()

    def select(self, field: Locator, value: str) -> None:
        field.tap()
        field.select_option(value)

    def write(self, field: Locator, text: str, *, day: bool = False) -> None:
        field.tap()
        field.fill(text)


class Keyboard:
    def __init__(self, page: Page) -> None:
        self.page, self.keys = page, Keys(page)

    def press(self, target: Locator) -> None:
        self.keys.press(target)

    def choose(self, control: Locator) -> None:
        if control.get_attribute("type") == "radio":
            self.keys.choose(control)
        else:
            self.keys.press(control, "Space")

    def select(self, field: Locator, value: str) -> None:
        """Down a closed list, as it lets one."""
        self.keys.to(field)
        self.page.keyboard.press("Home")
        for _ in range(_MOST_OPTIONS):
            if field.input_value() == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the arrows don't reach {value} in {field}")

    def write(self, field: Locator, text: str, *, day: bool = False) -> None:
        self.keys.to(field)
        if not day:
            self.page.keyboard.press("Control+a")
        # "2027-03-03": the same numbers wherever one lives.
        self.page.keyboard.type("".join(reversed(text.split("-"))) if day else text)


class Doing:
    """Somebody at the activity `key` of the page that is open."""

    def __init__(self, hands: Touch | Keyboard, key: str) -> None:
        self.hands, self.page = hands, hands.page
        self.root = self.page.locator(f'[id="{key}"] [data-activity]')
        self.key = key

    def play(self, play: Play) -> Play:
        shown = Shown(self.root.inner_html())
        for _ in range(MOST_MOVES):
            move = play.next(shown)
            if move is None:
                return play
            shown = self.make(move, shown)
        raise Stuck(f"{self.key} never ends")

    def make(self, move: Move, shown: Shown) -> Shown:
        form = self.root.locator(f'form[action*="/{move.handler}/"]').first
        for name, value in move.fields.items():
            kind = shown.kind(move.handler, name)
            for each in [value] if isinstance(value, str) else value:
                self._fill_in(form, kind, name, each)
        self.root.evaluate(_LISTEN)
        button = self._button(form, move)
        self._uncover(button)
        self.hands.press(button)
        drawn = Shown(self.page.evaluate("() => window.drawnAnew"))
        if drawn.refusal:
            raise Stuck(f"{self.key}: {move}: {drawn.refusal}")
        return drawn

    def _fill_in(self, form: Locator, kind: str, name: str, value: str) -> None:
        if kind in ("radio", "checkbox"):
            control = form.locator(f'input[name="{name}"][value="{value}"]')
            self._uncover(control)
            if not control.is_checked():
                self.hands.choose(control)
            assert control.is_checked(), f"{name}={value} can't be chosen"
            return
        control = form.locator(f'[name="{name}"]')
        self._uncover(control)
        if control.input_value() == value:
            return
        if kind == "select":
            self.hands.select(control, value)
        else:
            self.hands.write(control, value, day=kind == "date")
        assert control.input_value() == value, f"{name} doesn't take {value}"

    def _uncover(self, control: Locator) -> None:
        """Open what it is folded away in. Where people come one at a time, go on to whom it is about."""
        if control.is_visible():
            return
        person = control.locator("xpath=ancestor::li[parent::*[@data-mensen]]")
        for step in ("volgende", "allen"):
            button = self.root.locator(f"[data-naar={step}]")
            while person.count() and not person.is_visible() and button.is_visible():
                self.hands.press(button)
        folded = control.locator("xpath=ancestor::details[not(@open)]")
        while folded.count():
            self.hands.press(folded.first.locator("xpath=./summary"))

    def _button(self, form: Locator, move: Move) -> Locator:
        if move.button:
            name, value = move.button
            return form.locator(f'button[name="{name}"][value="{value}"]')
        if move.other:
            return form.locator(f'button[formaction*="/{move.other}/"]')
        plain = form.locator("button:not([formaction]):not([name]):not([type=button])")
        first = form.locator("button.knop--verder:not([formaction]):not([name])")
        return (first if first.count() else plain).first
