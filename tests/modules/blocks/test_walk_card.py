"""The card of a walk goes along in one's pocket: one page, however full the plan is (curriculum 3.m)."""

from __future__ import annotations

import io
import shutil

import pikepdf
import pytest
from playwright.sync_api import Browser

from design.apps import DesignConfig
from modules.blocks.base import BLOCKS
from modules.blocks.walkplanner import rules
from modules.blocks.walkplanner.block import WalkPlanner
from tests.journeys.site import ROOT
from tests.modules.blocks.drafting import keep
from tests.modules.blocks.test_walkplanner import GOOD, company, planner
from tests.modules.toy import Played

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not shutil.which("chromium"), reason="needs Debian's Chromium"),
]

SENTENCE = "We lopen langs het water en horen hoe het hier vroeger ging. "
FULL = {
    **GOOD,
    **company(20),
    **dict.fromkeys(("rolverdeling", "toegankelijk", "plan_b"), (SENTENCE * 10)[:450]),
    "vraag": (SENTENCE * 5)[:250],
    **{f"haltes-{n}-plek": f"Halte bij het gemaal {n}" for n in range(rules.MOST_STOPS)},
    **{f"haltes-{n}-vraag": (SENTENCE * 3)[:150] for n in range(rules.MOST_STOPS)},
}


def printed(browser: Browser, html: str) -> pikepdf.Pdf:
    folder = ROOT / DesignConfig.name / "static" / "design"
    sheets = [*(folder / f"{name}.css" for name in ("tokens", "base", "components")), BLOCKS / "static" / "drafts.css"]
    style = "".join(f"<style>{sheet.read_text()}</style>" for sheet in sheets)
    page = browser.new_page()
    # The letters of a machine that lacks ours are wider: it fits with those too.
    header = "<header class=kop><div class=breed><a class=merk>Tussenruimte</a></div></header>"
    page.set_content(f"<!doctype html><html lang=nl>{style}<body>{header}<main class=breed>{html}</main>")
    pdf = page.pdf(prefer_css_page_size=True)
    page.close()
    return pikepdf.open(io.BytesIO(pdf))


def test_a_full_plan_prints_on_one_page(browser: Browser) -> None:
    played = Played(WalkPlanner, planner())
    assert keep(played, FULL).status_code == 200
    with printed(browser, played.view()) as pdf:
        assert len(pdf.pages) == 1


def test_before_there_is_a_card_the_empty_form_is_printed(browser: Browser) -> None:
    with printed(browser, Played(WalkPlanner, planner()).view()) as pdf:
        assert len(pdf.pages) > 1
