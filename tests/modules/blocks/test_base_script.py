"""activity.js in a real browser, against a server that can be told to fail."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Page, expect

from modules.blocks.base import BLOCKS

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not shutil.which("chromium"), reason="needs Debian's Chromium"),
]

FORM = """<form method="post" action="/post/{name}" data-activity-form>
  <label>Tekst <textarea name="tekst">{text}</textarea></label>
  <button name="knop" value="ja">Stuur</button></form>"""
WORDS = "".join(
    f' data-word-{name}="{words}"'
    for name, words in {"waiting": "Bezig", "offline": "Wacht op verbinding", "sent": "Verstuurd",
                        "refused": "Lukt niet", "expired": "Verlopen", "reload": "Opnieuw laden"}.items()
)  # fmt: skip
PAGE = (
    "<!doctype html><html lang=nl><title>t</title><body data-activity-words{words}>"
    "<script>window.drawn = []; addEventListener('activity:drawn', e => drawn.push(e.target.dataset.activity))</script>"
    "<div data-activity=een tabindex=-1>{one}</div><div data-activity=twee tabindex=-1>{two}</div>"
    "<script src=/activity.js></script><script src=/activity.js></script>"
).format(words=WORDS, one=FORM.format(name="een", text=""), two=FORM.format(name="twee", text=""))


class Server(ThreadingHTTPServer):
    """`received`: [(path, form)]. `answers`: what to answer next, {"status", "html", "wait", "headers"}; then 200."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.received: list[tuple[str, dict[str, list[str]]]] = []
        self.answers: list[dict[str, Any]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        script = self.path == "/activity.js"
        body = (BLOCKS / "static" / "activity.js").read_text() if script else PAGE
        self._send(200, body, {"Content-Type": "text/javascript" if script else "text/html; charset=utf-8"})

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.server.received.append((self.path, form))
        answer = self.server.answers.pop(0) if self.server.answers else {}
        time.sleep(answer.get("wait", 0))
        html = answer.get("html", f"<h2 data-focus>Klaar {self.path}</h2><script>window.hacked = 1</script>")
        self._send(answer.get("status", 200), html, {"Content-Type": "text/html", **answer.get("headers", {})})

    def _send(self, status: int, body: str, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
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


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    context = browser.new_context()
    page = context.new_page()
    page.goto(server.url)
    yield page
    context.close()


def write(page: Page, name: str, text: str) -> None:
    page.locator(f"[data-activity={name}] textarea").fill(text)
    page.locator(f"[data-activity={name}] button").click()


def status(page: Page, name: str) -> Any:
    return page.locator(f"[data-activity={name}] + [role=status]")


def test_the_answer_takes_the_place_of_the_form_and_gets_the_focus(page: Page, server: Server) -> None:
    write(page, "een", "hallo")
    expect(page.locator("[data-activity=een] h2")).to_be_focused()
    assert server.received == [("/post/een", {"tekst": ["hallo"], "knop": ["ja"]})]
    assert page.locator("[data-activity=twee] form").count() == 1
    assert page.evaluate("drawn") == ["een", "twee", "een"]
    assert page.evaluate("window.hacked") is None


def test_a_double_click_sends_once(page: Page, server: Server) -> None:
    server.answers = [{"wait": 0.3}]
    page.locator("[data-activity=een] button").dblclick()
    expect(page.locator("[data-activity=een] h2")).to_be_visible()
    assert len(server.received) == 1


def test_the_button_shows_it_is_under_way(page: Page, server: Server) -> None:
    server.answers = [{"wait": 1.5}]
    page.locator("[data-activity=een] button").click()
    expect(page.locator("[data-activity=een] button")).to_have_attribute("aria-disabled", "true")
    expect(page.locator("[data-activity=een] button")).to_have_attribute("aria-busy", "true")
    expect(page.locator("[data-activity=een]")).to_have_attribute("aria-busy", "true")
    expect(status(page, "een")).to_have_text("Bezig")
    expect(page.locator("[data-activity=een] h2")).to_be_visible()
    assert page.locator("[data-activity=een]").get_attribute("aria-busy") is None


def test_a_refused_form_comes_back_with_what_was_typed(page: Page, server: Server) -> None:
    server.answers = [
        {"status": 422, "html": FORM.format(name="een", text="hallo") + "<p role=alert data-focus>Fout</p>"}
    ]
    write(page, "een", "hallo")
    expect(page.locator("[data-activity=een] [role=alert]")).to_be_focused()
    assert page.locator("[data-activity=een] textarea").input_value() == "hallo"
    write(page, "een", "beter")
    expect(page.locator("[data-activity=een] h2")).to_be_visible()


def test_without_connection_the_forms_wait_and_go_out_in_order(page: Page, server: Server) -> None:
    page.context.set_offline(True)
    write(page, "een", "eerst")
    expect(status(page, "een")).to_have_text("Wacht op verbinding")
    write(page, "twee", "daarna")
    expect(status(page, "twee")).to_have_text("Wacht op verbinding")
    assert page.locator("[data-activity=een] textarea").input_value() == "eerst"
    page.locator("[data-activity=een] textarea").fill("eerst, aangevuld")
    page.context.set_offline(False)
    expect(page.locator("[data-activity=twee] h2")).to_be_visible()
    assert [(path, form["tekst"]) for path, form in server.received] == [
        ("/post/een", ["eerst, aangevuld"]), ("/post/twee", ["daarna"]),
    ]  # fmt: skip
    expect(status(page, "een")).to_have_text("Verstuurd")


@pytest.mark.parametrize("code", [500, 503, 429])
def test_a_server_that_cannot_now_is_asked_again(page: Page, server: Server, code: int) -> None:
    server.answers = [{"status": code, "html": "stuk"}]
    write(page, "een", "hallo")
    expect(page.locator("[data-activity=een] h2")).to_be_visible()
    assert len(server.received) == 2


def test_one_stuck_activity_does_not_hold_up_another(page: Page, server: Server) -> None:
    server.answers = [{"status": 503, "headers": {"Retry-After": "60"}}]
    write(page, "een", "blijft hangen")
    expect(status(page, "een")).to_have_text("Wacht op verbinding")
    server.answers = [{"status": 503, "headers": {"Retry-After": "60"}}]
    write(page, "twee", "gaat door")
    expect(page.locator("[data-activity=twee] h2")).to_be_visible()
    assert page.locator("[data-activity=een] textarea").input_value() == "blijft hangen"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"status": 403}, "Verlopen"), ({"status": 401}, "Verlopen"), ({"status": 409}, "Verlopen"),
        ({"status": 404}, "Lukt niet"), ({"status": 413}, "Lukt niet"),
        ({"html": "<!doctype html><html><form>Aanmelden</form>"}, "Verlopen"),
        ({"status": 302, "headers": {"Location": "/aanmelden"}}, "Verlopen"),
    ],
)  # fmt: skip
def test_what_will_not_work_is_said_with_a_way_on_and_the_text_stays(
    page: Page, server: Server, answer: dict[str, Any], said: str
) -> None:
    server.answers = [answer]
    write(page, "een", "mijn tekst")
    expect(status(page, "een")).to_contain_text(said)
    expect(status(page, "een").get_by_role("link", name="Opnieuw laden")).to_be_visible()
    assert page.locator("[data-activity=een] textarea").input_value() == "mijn tekst"
    assert page.locator("[data-activity=een] button").get_attribute("aria-disabled") is None
    assert len(server.received) == 1


def test_leaving_is_only_asked_about_while_something_is_unsent(page: Page) -> None:
    asked = """(() => {
        const leaving = new Event("beforeunload", { cancelable: true });
        dispatchEvent(leaving);
        return leaving.defaultPrevented;
    })()"""
    assert page.evaluate(asked) is False
    page.context.set_offline(True)
    write(page, "een", "nog niet weg")
    expect(status(page, "een")).to_have_text("Wacht op verbinding")
    assert page.evaluate(asked) is True
    page.context.set_offline(False)
    expect(page.locator("[data-activity=een] h2")).to_be_visible()
    assert page.evaluate(asked) is False


def test_the_workbench_can_start_an_activity_that_came_later(page: Page) -> None:
    page.evaluate("""() => {
        const box = document.createElement("div");
        box.innerHTML = "<div data-activity=laat></div>";
        document.body.append(box);
        TussenruimteActivity({}, [box]);
    }""")
    assert page.evaluate("drawn").count("laat") == 1
