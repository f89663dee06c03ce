"""A browser without script: what a form holds goes where it says, and the answer is a page."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from django.test import Client
from lxml import html
from lxml.html import HtmlElement

from tests.playing.player import Play
from tests.playing.shown import Move, Shown, handler_of

# More than any activity needs: then it goes round and round.
MOST_MOVES = 250


class Stuck(AssertionError):
    """An activity doesn't take what its own form lets one choose."""


class Plain:
    """A signed-in visitor at one activity. `page`: the address where it stands, of the unit or of its own.

    `in_place`: send as `activity.js` does, and go on with what comes back.
    """

    def __init__(self, client: Client, page: str, key: str, *, in_place: bool = False) -> None:
        self.client, self.page, self.key, self.in_place = client, page, key, in_place
        self.shown = self.look()
        self.sent: list[tuple[str, str]] = []

    def look(self) -> Shown:
        response = self.client.get(self.page)
        assert response.status_code == 200, f"{self.page}: {response.status_code}"
        return self._of(response.text)

    def _of(self, text: str) -> Shown:
        here = html.fromstring(text).xpath(f"//*[@id='{self.key}']//*[@data-activity]")
        assert here, f"{self.page} doesn't show {self.key}"
        return Shown(here[0])

    def play(self, play: Play) -> Play:
        for _ in range(MOST_MOVES):
            move = play.next(self.shown)
            if move is None:
                return play
            self.make(move)
        raise Stuck(f"{self.key} never ends")

    def make(self, move: Move) -> None:
        form = self.shown.forms[move.handler]
        address = form.attrib["action"]
        if move.other:
            elsewhere = [str(button.get("formaction")) for button in form.xpath(".//button[@formaction]")]
            address = next(each for each in elsewhere if handler_of(each) == move.other)
        body = urlencode(filled_in(self.shown, move))
        self.sent.append((address.partition("#")[0], body))
        kind = "application/x-www-form-urlencoded"
        if self.in_place:
            answer = self.client.post(address, body, content_type=kind, headers={"X-Fragment": "1"})
            ok, text = (
                answer.status_code == 200,
                f"<div><div id='{self.key}'><div data-activity>{answer.text}</div></div></div>",
            )
        else:
            answer = self.client.post(address, body, content_type=kind)
            ok = answer.status_code == 302
            text = self.client.get(answer.headers["Location"]).text if ok else answer.text
        if not ok:
            why = self._of(text).refusal if answer.status_code == 422 else ""
            raise Stuck(f"{self.key}: {move} gave {answer.status_code} {why}")
        self.shown = self._of(text)


def filled_in(shown: Shown, move: Move) -> list[tuple[str, str]]:
    """What a browser sends of a form: what it was drawn with, and over that what somebody did.

    Whoever fills in something that isn't on the page, or chooses what isn't offered, doesn't get away with it here.
    """
    form = shown.forms[move.handler]
    for name, value in move.fields.items():
        controls = shown.controls(move.handler, name)
        assert controls, f"{name} isn't in the form of {move.handler}"
        assert all(each.get("type") != "hidden" for each in controls), name
        if shown.kind(move.handler, name) in ("radio", "checkbox", "select"):
            offered = shown.options(move.handler, name)
            assert set([value] if isinstance(value, str) else value) <= set(offered), (name, value, offered)
        assert all("disabled" not in each.attrib for each in controls), name
    sent = [pair for pair in _drawn(form) if pair[0] not in move.fields]
    for name, value in move.fields.items():
        sent += [(name, each) for each in ([value] if isinstance(value, str) else value)]
    return [*sent, *([move.button] if move.button else [])]


def _drawn(form: HtmlElement) -> list[tuple[str, str]]:
    found = []
    for control in form.xpath(".//input[@name] | .//textarea[@name] | .//select[@name]"):
        name, kind = control.get("name"), control.get("type", "")
        if "disabled" in control.attrib or kind == "file":
            continue
        if control.tag == "textarea":
            found.append((name, re.sub(r"\A\n", "", control.text or "")))
        elif control.tag == "select":
            chosen = control.xpath("./option[@selected]") or control.xpath("./option[1]")
            found.append((name, chosen[0].get("value", "")))
        elif kind not in ("radio", "checkbox") or "checked" in control.attrib:
            found.append((name, control.get("value", "on" if kind == "checkbox" else "")))
    return found
