"""Publish gates of a case (curriculum 3.k): scenes to read, at least three stops, a video with all that others need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from modules.authoring import Path, Problem
from modules.blocks.casevideo.rules import KINDS, LONGEST_IS_RIGHT_AT_MOST, SINGLE, STOPS, longest_is_right
from modules.blocks.drawings import DRAWINGS
from modules.blocks.gates import Entry, check_choice, check_common, check_texts, entries, is_number

# An SVG from elsewhere may hold a script: a drawing of ours is named by `tekening`.
PICTURES = (".png", ".jpg", ".webp")


def problems(data: Mapping[str, Any]) -> list[Problem]:
    found = list(check_common(data))
    scenes, wrong = entries(data, "scenes")
    found += wrong
    for path, scene in scenes:
        found += _check_scene(path, scene)
    stops, wrong = entries(data, "stops", at_least=STOPS)
    found += wrong
    ids = [scene["id"] for _, scene in scenes if isinstance(scene.get("id"), str)]
    for path, stop in stops:
        found += _check_stop(path, stop, ids)
    if "video" in data:
        found += _check_video(data, stops)
    if not found:
        found += _check_order(stops, ids)
        if longest_is_right([stop for _, stop in stops]) > LONGEST_IS_RIGHT_AT_MOST:
            found.append(Problem(("stops",), "het goede antwoord is te vaak het langste (in meer dan 60%)"))
    return found


def _check_scene(path: Path, scene: Mapping[str, Any]) -> Iterator[Problem]:
    yield from check_texts(scene, path, "tekst")
    if "titel" in scene:
        yield from check_texts(scene, path, "titel")
    picture = scene.get("beeld")
    if picture is not None:
        if isinstance(picture, Mapping):
            yield from check_texts(picture, (*path, "beeld"), "src", "alt")
            if not str(picture.get("src")).endswith(PICTURES):
                yield Problem(
                    (*path, "beeld", "src"), f"een beeld is een bestand van deze soort: {', '.join(PICTURES)}"
                )
        else:
            yield Problem((*path, "beeld"), "noem het beeld met src en alt")
    if "tekening" in scene:
        yield from check_choice(scene, path, "tekening", DRAWINGS)
    if "geluid" in scene:
        yield from _check_files(
            (*path, "geluid"), scene["geluid"], {"opus": ".opus", "mp3": ".mp3"}, {"captions": ".vtt"}
        )


def _check_stop(path: Path, stop: Mapping[str, Any], scenes: list[str]) -> Iterator[Problem]:
    yield from check_texts(stop, path, "vraag")
    yield from check_choice(stop, path, "na", scenes)
    yield from check_choice(stop, path, "soort", KINDS)
    if "model" in stop:
        yield from check_texts(stop, path, "model")
    if stop.get("soort") == SINGLE:
        yield from _check_options(path, stop)


def _check_options(path: Path, stop: Mapping[str, Any]) -> Iterator[Problem]:
    options = stop.get("opties")
    if not isinstance(options, list) or len(options) < 2 or not all(isinstance(o, Mapping) for o in options):
        yield Problem((*path, "opties") if "opties" in stop else path, "er horen minstens 2 opties te staan")
        return
    for index, option in enumerate(options):
        yield from check_texts(option, (*path, "opties", index), "tekst", "feedback")
        if "goed" not in option or not (option["goed"] is None or isinstance(option["goed"], bool)):
            yield Problem((*path, "opties", index), "'goed' moet true, false of null zijn")
    kinds = {option.get("goed") for option in options if not isinstance(option.get("goed"), list | dict)}
    if None in kinds and len(kinds) > 1:
        yield Problem((*path, "opties"), "zet bij alle opties true of false, of bij alle opties null")
    elif kinds == {False}:
        yield Problem((*path, "opties"), "er is geen goed antwoord; is het een mening, zet dan overal null")
    elif kinds == {True}:
        yield Problem((*path, "opties"), "alle antwoorden zijn goed; is het een mening, zet dan overal null")


def _check_video(data: Mapping[str, Any], stops: list[Entry]) -> Iterator[Problem]:
    yield from _check_files(("video",), data["video"], {"mp4": ".mp4", "captions": ".vtt"}, {"webm": ".webm"})
    if isinstance(data["video"], Mapping):
        yield from check_texts(data["video"], ("video",), "transcript")
    times: list[float] = []
    for path, stop in stops:
        if not (is_number(stop.get("tijd")) and stop["tijd"] > 0):
            yield Problem(
                (*path, "tijd") if "tijd" in stop else path, "zeg na hoeveel seconden van de video deze stop komt"
            )
        else:
            times.append(stop["tijd"])
    if any(two < one for one, two in pairwise(times)):
        yield Problem(("stops",), "de stops staan niet op volgorde van tijd")


def _check_order(stops: list[Entry], scenes: list[str]) -> Iterator[Problem]:
    places = [scenes.index(stop["na"]) for _, stop in stops]
    if places != sorted(places):
        yield Problem(("stops",), "de stops staan niet in de volgorde van de scènes")


def _check_files(path: Path, files: object, needed: Mapping[str, str], allowed: Mapping[str, str]) -> Iterator[Problem]:
    """`needed` and `allowed`: {field: how its file must end}."""
    if not isinstance(files, Mapping):
        yield Problem(path, f"noem de bestanden: {', '.join(needed)}")
        return
    for name, ending in {**needed, **allowed}.items():
        value = files.get(name)
        if (name in needed or value is not None) and not (isinstance(value, str) and value.endswith(ending)):
            yield Problem((*path, name) if name in files else path, f"noem het bestand dat eindigt op {ending}")
