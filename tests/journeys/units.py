"""Doing units 1.1, 1.2 and 1.5 of "Dialoog is een werkwoord", as somebody with a keyboard does them."""

from __future__ import annotations

import re
from typing import Any

import yaml
from playwright.sync_api import Locator, expect

from tests.journeys.keys import Keys, Place
from tests.journeys.three_units import MODULE

QUOTES = str.maketrans("", "", "“”\"‘’'")


def authored(file: str) -> dict[str, Any]:
    """What the author wrote, without its wrapping key."""
    data = yaml.safe_load((MODULE / file).read_text())
    return dict(next(iter(data.values())) if len(data) == 1 else data)


def activity(place: Place, kind: str) -> Locator:
    return place.locator(f'[data-activity="{kind}"]').first


def button(within: Locator, words: str | re.Pattern[str]) -> Locator:
    return within.get_by_role("button", name=words)


def lens(keys: Keys, place: Place) -> None:
    """Twenty sentences as the key has them, then three said the other way round."""
    block, data = activity(place, "streamlens"), authored("1.1/lens.yaml")
    for number, item in enumerate(data["items"], 1):
        expect(block.get_by_text(f"Uitspraak {number} van {len(data['items'])}").first).to_be_visible()
        keys.choose(block.locator(f'input[name=stroom][value="{item["stroom"]}"]'))
        keys.choose(block.locator(f'input[name=dimensie][value="{item["dimensie"]}"]'))
        keys.press(button(block, "Bevestig"))
        keys.press(button(block, re.compile("Volgende uitspraak|Bekijk wat je hoorde")))
    keys.press(button(block, "Verder: andersom gezegd"))
    for _ in data["hertaal"]:
        keys.write(block.locator("textarea[name=tekst]"), "Ik zeg het op mijn eigen manier.")
        keys.press(button(block, "Vergelijk"))
        keys.choose(block.locator("input[name=herkent]").first)
        keys.press(button(block, re.compile("Volgende zin|Rond af")))
    expect(block.get_by_text("afgerond").first).to_be_visible()


def quiz(keys: Keys, place: Place) -> None:
    block, data = activity(place, "quiz"), authored("1.2/quiz.yaml")
    for item in data["items"]:
        expect(block).to_contain_text(loose(item["vraag"]))
        right = [option["tekst"] for option in item["opties"] if option.get("goed")]
        for words in right:
            option = block.locator("label", has_text=loose(words)).locator("input")
            if item["soort"] == "meer":
                keys.press(option, "Space")
            else:
                keys.choose(option)
        keys.press(button(block, "Bevestig"))
        keys.press(button(block, re.compile("Volgende vraag|Bekijk het geheel")))
    expect(block.get_by_text("Deze vragen zijn rond")).to_be_visible()


def fragment(keys: Keys, place: Place) -> None:
    """Read it, mark twelve turns as most experts did, lay that beside theirs."""
    block, data = activity(place, "dialoguefragment"), authored("1.2/fragment-a.yaml")
    keys.press(button(block, "Ik heb geluisterd of gelezen"))
    for turn in data["beurten"][: data["afronden"]["gemerkt"]]:
        shares = data["sleutel"][turn["id"]]
        code = max(shares, key=shares.get)
        target = block.locator(f'input[name="merk-{turn["id"]}"][value="{code}"]')
        target.wait_for(state="attached")
        if not target.is_visible():
            keys.press(target.locator("xpath=ancestor::details/summary"))
        keys.choose(target)
    keys.press(button(block, "Leg naast de experts"))
    expect(block.get_by_text("Jouw oor naast dat van de experts")).to_be_visible()


def conversation(keys: Keys, place: Place, choices: str) -> None:
    """Play "Koffie bij Ten Have" along these choices ("acaaaaa" ends with boots by the door)."""
    block, data = activity(place, "conversationsim"), authored("1.5/koffie.yaml")
    node = data["start"]
    for letter in choices:
        choice = next(each for each in data["nodes"][node]["keuzes"] if each["id"] == letter)
        move = block.locator(".zet", has_text=loose(choice["tekst"]))
        expect(move).to_be_visible()
        keys.press(move)
        node = choice["naar"]
    expect(block.locator(".nabespreking")).to_be_visible()


def loose(text: str) -> re.Pattern[str]:
    """The same words, whatever quotes and spaces are between them on the page."""
    words = " ".join(text.translate(QUOTES).split())
    return re.compile(r"[“”\"‘’'\s]*".join(re.escape(letter) for letter in words if letter != " "))
