"""The page shells, the choices in the footer, and what holds for every template in the house."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template, render_to_string
from django.test import Client, RequestFactory
from django.utils import translation
from lxml import html

from design import build, context_processors, views
from design.components import Crumb
from design.templatetags import design as tags

pytestmark = pytest.mark.urls("tests.design.urls")

ROOT = build.ROOT
OURS = sorted((ROOT / "design" / "templates").rglob("*.html"))
HOUSE = sorted(
    file
    for room in ("design", "learning", "lti", "certificates", "modules", "config")
    for file in (ROOT / room).rglob("*.html")
)
STOPS = ("400.html", "403.html", "403_csrf.html", "404.html", "429.html", "500.html", "503.html")


def name_of(file: Path) -> str:
    return str(file.relative_to(ROOT))


@pytest.mark.parametrize("file", HOUSE, ids=name_of)
def test_no_template_holds_a_style_or_a_handler_of_its_own(file: Path) -> None:
    """The policy forbids both: style-src 'self', script-src without 'unsafe-inline'."""
    text = re.sub(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", "", file.read_text(), flags=re.DOTALL)
    assert re.findall(r"<[^>]*\s(style|on[a-z]+)\s*=", text) == []
    assert re.findall(r"<style\b|javascript:", text) == []
    assert [tag for tag in re.findall(r"<script\b[^>]*>", text) if "src=" not in tag] == []


@pytest.mark.parametrize("file", OURS, ids=name_of)
def test_every_template_compiles(file: Path) -> None:
    get_template(str(file.relative_to(ROOT / "design" / "templates")))


def test_the_nl_design_system_classes_we_style_are_the_ones_we_write() -> None:
    written = "".join(file.read_text() for file in [*HOUSE, ROOT / "design" / "templatetags" / "design.py"])
    composed = {f"utrecht-alert--{kind}" for kind in tags.ALERT_KINDS.values()}
    composed |= {f"utrecht-{kind}{state}" for kind in ("textbox", "textarea", "select") for state in ("", "--invalid")}
    assert set(re.findall(r"\b(?:utrecht|nl)-[a-z][a-z-]*[a-z]\b", written)) | composed == build.CLASSES


def test_every_nl_design_system_class_has_its_styles() -> None:
    styles = (build.VENDOR / "components.css").read_text()
    assert {name for name in build.CLASSES if not re.search(rf"\.{name}(?![\w-])", styles)} == set()


@pytest.mark.parametrize("name", STOPS)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_page_that_stops_somebody_says_what_to_do_even_without_a_request(name: str, language: str) -> None:
    """Django renders 400 and 500 without context processors."""
    with translation.override(language):
        page = html.document_fromstring(get_template(name).render())
    assert page.get("lang") == language
    assert len(page.xpath("//h1")) == 1
    assert page.xpath("//h1")[0].text_content().strip() in page.xpath("string(//title)")
    assert page.xpath("//main//p")
    if name != "503.html":
        assert page.xpath("//main//a[@href='/']")


def test_the_page_for_a_server_error_needs_nothing_that_could_be_broken() -> None:
    source = (ROOT / "design" / "templates" / "500.html").read_text()
    assert set(re.findall(r"\{% (\w+)", source)) <= {
        "load",
        "get_current_language",
        "translate",
        "comment",
        "endcomment",
    }


def shell(name: str = "design/page.html", **cookies: str) -> html.HtmlElement:
    request = RequestFactory().get("/leren/?stap=2")
    request.COOKIES.update(cookies)
    request.user = None  # type: ignore[assignment]
    return html.document_fromstring(render_to_string(name, {"stop_href": "/terug"}, request=request))


def test_a_chosen_theme_is_on_the_page_before_anything_is_drawn() -> None:
    assert shell(thema="donker").get("data-thema") == "donker"
    assert shell(thema="<script>").get("data-thema") is None
    assert shell().get("data-thema") is None


def test_the_switches_come_back_to_where_somebody_was() -> None:
    assert shell().xpath("//footer//input[@name='next']/@value") == ["/leren/?stap=2"] * 2


def test_the_theme_that_is_on_is_the_one_that_is_pressed() -> None:
    page = shell(thema="licht")
    assert page.xpath("//button[@aria-pressed='true']/@value") == ["licht"]
    assert shell().xpath("//button[@aria-pressed='true']/@value") == ["systeem"]


@pytest.mark.parametrize("name", ["design/page.html", "design/quiet.html"])
def test_the_keyboard_meets_the_way_past_the_header_first(name: str) -> None:
    page = shell(name)
    first = page.xpath("(//a | //button)[1]")[0]
    assert first.get("href") == "#inhoud"
    assert page.xpath("//main/@id") == ["inhoud"]


def test_a_page_knows_that_it_is_in_the_frame_of_an_lms(rf: RequestFactory) -> None:
    framed = context_processors.look(rf.get("/", headers={"Sec-Fetch-Dest": "iframe"}))
    alone = context_processors.look(rf.get("/", headers={"Sec-Fetch-Dest": "document"}))
    assert (framed["in_frame"], alone["in_frame"]) == (True, False)
    page = html.document_fromstring(render_to_string("design/page.html", {"in_frame": True}))
    assert page.xpath("//body/@class") == ["in-kader "]


def test_a_quiet_page_has_one_way_out() -> None:
    assert shell("design/quiet.html").xpath("//header//a/@href") == ["/", "/terug"]


def test_a_theme_of_the_installation_is_loaded_after_ours(tmp_path: Path, settings: object) -> None:
    assert not context_processors.has_own_theme(None)
    assert not context_processors.has_own_theme(tmp_path)
    (tmp_path / "theme").mkdir()
    (tmp_path / "theme" / "theme.css").write_text(":root {}")
    assert context_processors.has_own_theme(tmp_path / "theme")
    page = html.document_fromstring(render_to_string("design/page.html", {"own_theme": True}))
    assert page.xpath("//link[@rel='stylesheet']/@href")[-1] == "/static/theme/theme.css"


def test_the_last_crumb_is_the_page_itself() -> None:
    drawn = html.fragment_fromstring(
        render_to_string("design/breadcrumb.html", {"crumbs": [Crumb("Leerlijn", "/"), Crumb("Module 1")]}).strip()
    )
    assert drawn.xpath("string(//*[@aria-current='page'])") == "Module 1"


# --- the choices themselves


def test_a_theme_is_remembered_also_in_the_frame_of_an_lms(client: Client) -> None:
    answer = client.post("/weergave/thema", {"thema": "donker", "next": "/leren/?stap=2"})
    assert (answer.status_code, answer["Location"]) == (302, "/leren/?stap=2")
    cookie = answer.cookies[views.THEME_COOKIE]
    assert (cookie.value, cookie["samesite"], cookie["secure"], cookie["partitioned"]) == ("donker", "None", True, True)


def test_as_my_device_forgets_the_choice(client: Client) -> None:
    cookie = client.post("/weergave/thema", {"thema": "systeem"}).cookies[views.THEME_COOKIE]
    assert (cookie.value, cookie["max-age"]) == ("", 0)


def test_a_script_gets_no_page_in_return(client: Client) -> None:
    answer = client.post("/weergave/thema", {"thema": "licht"}, headers={"X-Fragment": "1"})
    assert (answer.status_code, answer.content) == (204, b"")


def test_a_language_is_remembered_and_used(client: Client) -> None:
    answer = client.post("/weergave/taal", {"taal": "en", "next": "/onderdelen/"})
    assert answer.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
    assert 'lang="en"' in client.get("/onderdelen/").text


@pytest.mark.parametrize(("path", "field"), [("thema", "thema"), ("taal", "taal")])
@pytest.mark.parametrize("value", ["", "rood", "nl; Path=/", "<b>"])
def test_anything_else_is_refused_and_remembers_nothing(client: Client, path: str, field: str, value: str) -> None:
    answer = client.post(f"/weergave/{path}", {field: value})
    assert answer.status_code == 400
    assert not answer.cookies


@pytest.mark.parametrize(
    "elsewhere",
    ["https://kwaad.example/", "//kwaad.example", "javascript:alert(1)", "http:///kwaad", "\\\\kwaad.example"],
)
def test_a_switch_never_sends_anybody_to_another_site(client: Client, elsewhere: str) -> None:
    assert client.post("/weergave/thema", {"thema": "licht", "next": elsewhere})["Location"] == "/"


@pytest.mark.parametrize("path", ["/weergave/thema", "/weergave/taal"])
def test_choosing_is_a_post(client: Client, path: str) -> None:
    assert client.get(path).status_code == 405


def test_choosing_starts_no_session(client: Client) -> None:
    answer = client.post("/weergave/thema", {"thema": "licht"})
    assert settings.SESSION_COOKIE_NAME not in answer.cookies


def test_a_form_from_elsewhere_is_stopped_with_what_to_do() -> None:
    request = RequestFactory().post("/")
    request.user = None  # type: ignore[assignment]
    answer: HttpResponse = views.csrf_failure(request, reason="Origin checking failed")
    assert answer.status_code == 403
    assert "Origin checking" not in answer.text


# --- the specimen sheet


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_sheet_shows_every_component(client: Client, language: str) -> None:
    page = html.document_fromstring(client.get("/onderdelen/", headers={"accept-language": language}).text)
    assert page.get("lang") == language
    for shown in (
        "knop--verder",
        "keuze",
        "voortgang",
        "lussen",
        "melding--fout",
        "tabelrol",
        "leeg",
        "laden",
        "dialoog",
        "bladeren",
        "uitklap",
        "stappen",
    ):
        assert page.xpath(f"//*[contains(concat(' ', @class, ' '), ' {shown} ')]"), shown
    assert len(page.xpath("//*[contains(@class, 'knop--verder')]")) == 1


def test_the_sheet_stays_inside(client: Client, settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.conf.settings.DEMO", False, raising=False)
    monkeypatch.setattr("django.conf.settings.DEBUG", False, raising=False)
    assert client.get("/onderdelen/").status_code == 404


def test_the_policy_lets_a_page_load_only_from_here(client: Client) -> None:
    answer = client.get("/onderdelen/")
    policy = answer["Content-Security-Policy"]
    assert "style-src 'self'" in policy
    assert "unsafe-inline" not in policy
    addresses = html.document_fromstring(answer.text).xpath("//link/@href | //script/@src | //img/@src")
    assert addresses
    assert [address for address in addresses if not address.startswith("/")] == []


def test_a_request_that_changes_something_is_not_where_a_switch_goes_back_to() -> None:
    request: HttpRequest = RequestFactory().post("/antwoord")
    assert context_processors.look(request)["here"] == "/"
