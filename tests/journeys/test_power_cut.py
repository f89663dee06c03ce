"""The process is killed between an answer and the score at the LMS, again and again: nothing lost, nothing twice."""

from __future__ import annotations

import random
import re
import threading
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from django.db import connection

from tests.factories import module_folder
from tests.forms import answer_form, option
from tests.journeys.site import Site, running

pytestmark = [pytest.mark.browser, pytest.mark.postgresql]
# Where SQLite is, all is in the one process that dies. On PostgreSQL there are the worker and the queue besides.
CUTS, PATIENCE = 10 if connection.vendor == "sqlite" else 6, 60
COURSE = "/leerlijn/stroomstoring/"

# Run in the site's own environment: a module of one required quiz a cut, in a course of the demo's LMS.
PREPARE = """
import sys
from pathlib import Path
from django.conf import settings
from learning.people.queries import organisation, person_by_username
from learning.runtime.publishing import publish_folder
from lti.platform import services as platform
from lti.platform.models import Tool
edition = publish_folder(Path({folder!r}))
home, launch = organisation("demo"), settings.BASE_URL + "/lti/launch"
course = platform.set_course(home, slug="stroomstoring", title="Stroomstoring", summary="")
placement = platform.place(course, position=1, title="Proef", summary="", tool=Tool.objects.get(),
                           target_link_uri=launch, custom={{"module": "proefmodule"}})
platform.set_line_item(placement, label="Proef")
platform.add_member(course, person=person_by_username("deelnemer"), role="learner")
platform.add_member(course, person=person_by_username("trainer"), role="instructor")
print("placement", placement.key)
"""


class Somebody:
    """A browser with no more than cookies, that also keeps Secure ones on the loopback and says that it is no frame, as
    real ones do."""

    def __init__(self) -> None:
        self.cookies: dict[str, dict[str, str]] = {}

    def ask(self, method: str, address: str, **more: object) -> httpx.Response:
        """Follows redirects and the forms by which an LMS and a tool speak to each other."""
        for _ in range(12):
            host = urlsplit(address).netloc
            jar = "; ".join(f"{name}={value}" for name, value in self.cookies.get(host, {}).items())
            headers = {"Cookie": jar, "Sec-Fetch-Dest": "document", **more.pop("headers", {})}  # type: ignore[dict-item]
            response = httpx.request(method, address, headers=headers, timeout=30, **more)  # type: ignore[arg-type]
            for cookie in response.headers.get_list("set-cookie"):
                name, _, value = cookie.split(";")[0].partition("=")
                self.cookies.setdefault(host, {})[name] = value
            if response.is_redirect:
                method, address, more = "GET", urljoin(address, response.headers["Location"]), {}
            elif 'id="onward"' in response.text:
                method, (address, form) = "POST", form_of(response.text, address)
                more = {"data": form}
            else:
                return response
        raise AssertionError("too many redirects")


def form_of(html: str, base: str) -> tuple[str, dict[str, str]]:
    form = re.search(r'<form[^>]*id="onward".*?</form>', html, re.S)[0]  # type: ignore[index]
    action = unescape(re.search(r'action="([^"]*)"', form)[1])  # type: ignore[index]
    fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form)
    return urljoin(base, action), {unescape(name): unescape(value) for name, value in fields}


def at_the_lms(site: Site, name: str) -> Somebody:
    somebody = Somebody()
    page = somebody.ask("GET", f"{site.lms}/inloggen/").text
    ticket = re.search(rf'name="ticket" value="([^"]*)"><button[^>]*><strong>{name}', page)[1]  # type: ignore[index]
    assert somebody.ask("POST", f"{site.lms}/instappen/", data={"ticket": unescape(ticket)}).is_success
    return somebody


@pytest.fixture
def site(kept_site: Path, tmp_path: Path) -> Iterator[Site]:
    with running(tmp_path / "site", like=kept_site) as site:
        yield site


def test_no_score_is_lost_or_sent_twice_when_the_power_is_cut(site: Site, tmp_path: Path) -> None:
    folder = module_folder(tmp_path / "proefmodule", units=1, quizzes=CUTS)
    said = site.manage("shell", "-v", "0", "-c", PREPARE.format(folder=str(folder)))
    placement = re.search(r"placement (\S+)", said)[1]  # type: ignore[index]
    learner, trainer = at_the_lms(site, "Sanne de Wit"), at_the_lms(site, "Tineke Bos")
    launched = learner.ask("GET", f"{site.lms}/lti/platform/launch/{placement}")
    assert "Proefmodule" in launched.text

    chance = random.Random(20261125)
    for done in range(1, CUTS + 1):
        page = one_answer(learner, site, done)
        sending = threading.Thread(target=finish, args=(learner, site, page))
        sending.start()
        # By turns somewhere on the way of the answer, and just after it, when the score is on its way.
        if done % 2:
            time.sleep(chance.uniform(0, 0.25))
        else:
            sending.join()
            time.sleep(chance.uniform(0, 0.08))
        site.kill()
        sending.join()
        site.start()
        # What the page kept is sent again; whether it had arrived or not, the end is the same.
        finish(learner, site, quiz_on_page(learner, site, done))
        wait_for(trainer, site, 100 * done // CUTS)

    history = site.manage("shell", "-v", "0", "-c", COUNT)
    assert history.split() == [str(CUTS), str(CUTS), str(CUTS), "FullyGraded", "1.0"]


COUNT = """
from learning.runtime.models import Attempt
from learning.tracks.models import ActivityProgress, Enrolment
from lti.platform.models import Result
enrolment = Enrolment.objects.get(module__slug="proefmodule")
result = Result.objects.get(person=enrolment.person)
print(Attempt.objects.filter(person=enrolment.person, usage__startswith="proefmodule/", number=1).count(),
      ActivityProgress.objects.filter(enrolment=enrolment, status="afgerond").count(),
      enrolment.done, result.grading_progress, result.score / result.maximum)
"""


def quiz_on_page(learner: Somebody, site: Site, number: int) -> str:
    page = learner.ask("GET", f"{site.tool}/leren/proefmodule/u1/").text
    activities = page.split('<div class="activiteit" ')
    return next(each for each in activities if each.startswith(f'id="quiz-1-{number}"'))


def one_answer(learner: Somebody, site: Site, number: int) -> str:
    """The first of two questions; the activity with the second one open."""
    return send(learner, site, send(learner, site, quiz_on_page(learner, site, number), "Vier, meestal"), "")


def finish(learner: Somebody, site: Site, page: str) -> None:
    """The second answer, unless it is there already. The connection may break half-way."""
    if "En een kip?" in page and "Bevestig" in page:
        try:
            send(learner, site, page, "Twee")
        except httpx.TransportError:
            return


def send(learner: Somebody, site: Site, page: str, words: str) -> str:
    action, fields = answer_form(page)
    if words:
        fields["antwoord"] = option(page, words)
    by_script = {"X-Fragment": "1", "Sec-Fetch-Dest": "empty"}
    response = learner.ask("POST", site.tool + action, data=fields, headers=by_script)
    assert response.status_code == 200, response.text[:300]
    return response.text


def wait_for(trainer: Somebody, site: Site, percent: int) -> None:
    """Until the LMS says so much, in whole percents downwards. Here only that it does; what a dead process worked on
    is first taken up when its lease ends (`jobs.leases`)."""
    wanted = "rond" if percent == 100 else f"{percent} %"
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        table = trainer.ask("GET", f"{site.lms}{COURSE}cijferboek/").text
        if wanted in " ".join(re.sub(r"<[^>]+>", " ", table).split()):
            return
        time.sleep(0.2)
    raise AssertionError(f"the LMS never heard of {wanted}; processes said:\n{site.log.read_text()[-2000:]}")
