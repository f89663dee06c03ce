"""Our activities run in the XBlock workbench as `script/workbench` starts it: another runtime, none of our Django."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Response, expect

from tests.journeys.site import ROOT, answers, free_port

pytestmark = pytest.mark.browser

# Those whose first form anybody can fill in.
TYPES = [
    "lesson", "streamlens", "cardsort", "quiz", "dialoguefragment", "conversationsim", "journal",
    "worksheet", "longline", "qualityplanner", "walkplanner", "tabledesign", "agreement", "storycollection",
    "selfcheck", "exitcard", "lookback", "inferenceladder", "conditioncheck", "layermap", "polarisationmap", "rubric",
    "practicecase",
]  # fmt: skip


@pytest.fixture(scope="module")
def workbench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Its address, with nothing answered yet."""
    folder, port = tmp_path_factory.mktemp("workbench"), free_port()
    command = [sys.executable, str(ROOT / "script" / "run_workbench.py"), "--port", str(port), "--folder", str(folder)]
    with (folder / "log").open("wb") as log, subprocess.Popen(command, cwd=folder, stdout=log, stderr=log) as process:
        address = f"http://127.0.0.1:{port}"
        try:
            _wait_for(address, process, folder / "log")
            yield address
        finally:
            process.terminate()


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        if answers(f"{address}/"):
            return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise AssertionError(f"the workbench didn't start:\n{log.read_text()[-3000:]}")


@pytest.fixture
def wrong(page: Page) -> list[str]:
    """What a page complains about while it is looked at."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)))

    def heard(answer: Response) -> None:
        if answer.status >= 400 and "favicon" not in answer.url:
            found.append(answer.url)

    page.on("response", heard)
    return found


def _open(page: Page, workbench: str, name: str) -> Locator:
    page.goto(f"{workbench}/scenario/{name}/")
    activity = page.locator(f"[data-activity={name}]")
    expect(activity.locator("h1, h2").first).to_be_visible()
    return activity


def _answer(activity: Locator) -> None:
    """The first form, as anybody would fill it: a choice in each group and list, words, the first button."""
    form = activity.locator("form[data-activity-form]").first
    form.locator("details").evaluate_all("folds => folds.forEach(fold => { fold.open = true; })")
    for box in form.locator("input[type=checkbox]").all():
        # Of a Terugblik it says that there is nothing to write.
        box.set_checked(box.get_attribute("name") != "geen", force=True)
    for field in form.locator("input[type=date]").all():
        field.fill((date.today() + timedelta(days=30)).isoformat())  # noqa: DTZ011
    for field in form.locator("input[type=text][inputmode=decimal]").all():
        field.fill("10")
    for list_ in form.locator("select").all():
        list_.select_option(index=1)
    if form.locator("input[name=schuilnaam]").count():
        form.locator("input[name=schuilnaam]").fill("Wilg")
    for group in dict.fromkeys(radio.get_attribute("name") for radio in form.locator("input[type=radio]").all()):
        form.locator(f"input[type=radio][name='{group}']").first.check(force=True)
    if form.locator("textarea").count():
        form.locator("textarea").first.fill("Ik hoorde vooral mezelf.")
    form.locator("button:visible").first.click()


def test_it_shows_each_of_our_types_and_nothing_else(page: Page, workbench: str) -> None:
    page.goto(workbench)
    links = page.locator("a[href^='/scenario/']")
    ours = {point.name for point in entry_points(group="xblock.v1") if point.value.startswith("modules.blocks.")}
    assert {(link.get_attribute("href") or "").split("/")[2] for link in links.all()} == ours >= set(TYPES)


@pytest.mark.parametrize("name", TYPES)
def test_an_answer_is_drawn_and_still_there_after_loading_anew(
    page: Page, workbench: str, wrong: list[str], name: str
) -> None:
    activity = _open(page, workbench, name)
    before = activity.inner_text()
    with page.expect_response(lambda answer: "/handler/" in answer.url) as posted:
        _answer(activity)
    assert posted.value.status == 200
    expect(activity).not_to_have_text(before, use_inner_text=True)
    expect(activity).not_to_have_attribute("aria-busy", "true")
    after = activity.inner_text()
    assert after != before
    anew = _open(page, workbench, name).inner_text()
    assert anew != before
    # Only a word that something was just kept is gone.
    assert set(anew.splitlines()) <= set(after.splitlines())
    assert wrong == []


def test_two_learners_do_not_see_each_others_answers(page: Page, workbench: str) -> None:
    activity = _open(page, workbench, "journal")
    _answer(activity)
    expect(activity.locator("li")).to_contain_text(["Ik hoorde vooral mezelf."])
    page.goto(f"{workbench}/scenario/journal/?student=student_2")
    expect(page.locator("[data-activity=journal]")).not_to_contain_text("Ik hoorde vooral mezelf.")
