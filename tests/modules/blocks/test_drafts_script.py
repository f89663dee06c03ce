"""drafts.js in a real browser: a form that keeps itself, in one window and in two, with and without a connection."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page, expect
from webob import Request

from modules.blocks.base import BLOCKS
from modules.blocks.worksheet.block import Worksheet
from tests.modules.blocks.test_worksheet import sheet
from tests.modules.toy import Played

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not shutil.which("chromium"), reason="needs Debian's Chromium"),
]

SCRIPTS = ("activity.js", "drafts.js", "druk.js")


class Server(ThreadingHTTPServer):
    """A worksheet of one learner. `refuse`: what autosave answers instead of its own; `wait`: seconds before that."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.played = Played(Worksheet, sheet())
        self.lock = threading.Lock()
        self.handled: list[str] = []
        self.refuse = 0
        self.wait = 0.0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/"

    @property
    def values(self) -> dict[str, str]:
        values: dict[str, str] = self.played.block.values
        return values


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        name = self.path.rpartition("/")[2]
        if name in SCRIPTS:
            self._send(200, (BLOCKS / "static" / name).read_text(), "text/javascript")
            return
        with self.server.lock:
            block = self.server.played.block
            body = block.wrapped(block.body())
        scripts = "".join(f"<script src=/{name}></script>" for name in SCRIPTS)
        self._send(
            200, f"<!doctype html><html lang=nl><title>t</title><body>{body}{scripts}", "text/html; charset=utf-8"
        )

    def do_POST(self) -> None:
        data = self.rfile.read(int(self.headers["Content-Length"]))
        handler = self.path.rpartition("/")[2]
        kept = handler == "autosave"
        time.sleep(self.server.wait if kept else 0)
        if kept and self.server.refuse:
            self._send(self.server.refuse, "", "text/plain")
            return
        with self.server.lock:
            self.server.handled.append(handler)
            played = self.server.played
            form = "application/x-www-form-urlencoded"
            request = Request.blank(self.path, method="POST", body=data, content_type=form)
            answer = played.runtime.handle(played.block, handler, request)
        self._send(answer.status_int, answer.text, answer.content_type)

    def _send(self, status: int, body: str, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *args: object) -> None:
        """Quiet: a test says what it needs."""


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def window(browser: Browser, server: Server) -> Page:
    page = browser.new_context().new_page()
    page.goto(server.url)
    return page


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    page = window(browser, server)
    yield page
    page.context.close()


def write(page: Page, words: str) -> None:
    page.get_by_label("Hoe klinkt het?").fill(words)


def kept(page: Page, words: str = "Bewaard om") -> None:
    expect(page.locator("[data-bewaard]")).to_contain_text(words)


def test_what_is_typed_is_kept_a_moment_later_and_said_politely(page: Page, server: Server) -> None:
    write(page, "Zacht")
    kept(page)
    assert server.values == {"vraag_hoe": "Zacht"}
    assert page.locator("[data-bewaard]").get_attribute("role") == "status"
    expect(page.get_by_label("Hoe klinkt het?")).to_be_focused()
    expect(page.get_by_role("button", name="Draai de laatste wijziging terug")).to_be_visible()


def test_typing_on_is_one_post(page: Page, server: Server) -> None:
    page.get_by_label("Hoe klinkt het?").press_sequentially("Heel erg zacht", delay=30)
    kept(page)
    assert server.handled == ["autosave"]


def test_after_keeping_itself_the_button_and_undo_go_on_as_one_window(page: Page, server: Server) -> None:
    write(page, "Zacht")
    kept(page)
    write(page, "Zachter")
    page.get_by_role("button", name="Bewaar").click()
    expect(page.get_by_role("heading", name="Bewaard om")).to_be_visible()
    assert server.values == {"vraag_hoe": "Zachter"}
    page.get_by_role("button", name="Draai de laatste wijziging terug").click()
    expect(page.get_by_label("Hoe klinkt het?")).to_have_value("Zacht")


def test_a_press_while_it_keeps_itself_waits_and_isnt_a_clash(page: Page, server: Server) -> None:
    server.wait = 1.0
    with page.expect_request("**/autosave"):
        write(page, "Zacht")
    write(page, "Zachter")
    page.get_by_role("button", name="Bewaar").click()
    expect(page.get_by_role("heading", name="Bewaard om")).to_be_visible()
    assert (server.handled, server.values) == (["autosave", "keep"], {"vraag_hoe": "Zachter"})


def test_without_a_connection_it_says_so_and_keeps_it_when_it_can(page: Page, server: Server) -> None:
    server.refuse = 503
    write(page, "Zacht")
    kept(page, "Nog niet bewaard: geen verbinding")
    expect(page.get_by_label("Hoe klinkt het?")).to_have_value("Zacht")
    server.refuse = 0
    page.evaluate("dispatchEvent(new Event('online'))")
    kept(page)
    assert server.values == {"vraag_hoe": "Zacht"}


def test_whoever_was_away_too_long_is_told_to_copy_their_words(page: Page, server: Server) -> None:
    server.refuse = 401
    write(page, "Zacht")
    kept(page, "Kopieer je tekst")
    assert server.values == {}


def test_two_windows_that_keep_themselves_lose_nothing(browser: Browser, page: Page, server: Server) -> None:
    other = window(browser, server)
    write(page, "Van hier")
    kept(page)
    other.get_by_label("Je eerste vraag?").fill("Van daar")
    kept(other)
    assert server.values == {"vraag_hoe": "Van hier", "vraag_eerste": "Van daar"}
    write(other, "Ook van daar")
    kept(other, "In een ander venster is hetzelfde veranderd")
    assert server.values["vraag_hoe"] == "Van hier"
    other.get_by_role("button", name="Bewaar").click()
    expect(other.get_by_role("group", name="Welke tekst houd je?")).to_be_visible()
    other.get_by_label("Wat ik hier schreef").check(force=True)
    other.get_by_role("button", name="Bewaar").click()
    expect(other.get_by_role("heading", name="Bewaard om")).to_be_visible()
    assert server.values["vraag_hoe"] == "Ook van daar"
    other.context.close()


def test_leaving_in_the_middle_of_a_sentence_keeps_it(page: Page, server: Server) -> None:
    write(page, "Halverwege een")
    page.goto("about:blank")
    for _ in range(50):
        if server.values:
            break
        time.sleep(0.1)
    assert server.values == {"vraag_hoe": "Halverwege een"}


def test_on_paper_stands_what_is_in_the_fields_now(page: Page) -> None:
    write(page, "Zacht")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator("[data-afdruk=vraag_hoe]")).to_have_text("Zacht")


def test_starting_again_asks_first_and_can_be_undone(page: Page, server: Server) -> None:
    write(page, "Zacht")
    page.get_by_role("button", name="Bewaar").click()
    page.get_by_text("Begin opnieuw").click()
    page.get_by_role("button", name="Ja, maak alles leeg").click()
    expect(page.get_by_label("Hoe klinkt het?")).to_have_value("")
    page.get_by_role("button", name="Draai de laatste wijziging terug").click()
    expect(page.get_by_label("Hoe klinkt het?")).to_have_value("Zacht")
