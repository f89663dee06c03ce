"""When a fragment may be published: the gates of curriculum 3.b, 4.4 and 6.3 that a machine can see.

Written for content as it arrives, so nothing is taken for granted about types.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from modules.authoring import Problem
from modules.blocks.dialoguefragment import rules
from modules.blocks.shares import MIN_EXPERTS

CONSTRUCTED = "Geconstrueerd fragment, geen echte opname"
# Curriculum 4.4: what a fragment may be evidence for.
COMPETENCES = {"C1", "C2", "C3"}
SELF_CHECKS = 3
# A turn may start a little before the last one ends: people do.
OVERLAP = 0.5


def problems(data: Mapping[str, Any]) -> list[Problem]:
    """Everything that keeps this fragment from being published."""
    turns = data.get("beurten")
    if not isinstance(turns, list) or not turns or not all(isinstance(turn, Mapping) for turn in turns):
        return [Problem(("beurten",), "een fragment bestaat uit beurten")]
    ids = [str(turn.get("id", "")) for turn in turns]
    return [
        *_words(data),
        *_origin(data),
        *_sound(data),
        *_turns(turns, _mapping(data, "sprekers")),
        *_times(turns),
        *_key(data, ids),
        *_interventions(data, ids),
        *_completion(data, ids),
    ]


def _mapping(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = data.get(name)
    return value if isinstance(value, Mapping) else {}


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _words(data: Mapping[str, Any]) -> Iterator[Problem]:
    for name in ("titel", "inleiding"):
        if not _is_text(data.get(name)):
            yield Problem((name,), f"'{name}' ontbreekt")
    minutes = data.get("minuten")
    if isinstance(minutes, bool) or not isinstance(minutes, int | float) or minutes <= 0:
        yield Problem(("minuten",), "zeg hoeveel minuten dit kost")
    competences = data.get("competenties")
    named = [entry for entry in competences if isinstance(entry, Mapping)] if isinstance(competences, list) else []
    if not named:
        yield Problem(("competenties",), "noem waar dit fragment bewijs voor kan zijn")
    for index, entry in enumerate(named):
        if entry.get("code") not in COMPETENCES:
            yield Problem(("competenties", index, "code"), "een fragment kan alleen bewijs zijn voor C1, C2 en C3")


def _origin(data: Mapping[str, Any]) -> Iterator[Problem]:
    if data.get("herkomst") not in ("geconstrueerd", "toestemming"):
        yield Problem(("herkomst",), "kies 'geconstrueerd' of 'toestemming'")
    elif data["herkomst"] == "geconstrueerd" and data.get("label") != CONSTRUCTED:
        yield Problem(("label",), f"moet precies zo luiden: {CONSTRUCTED}")
    elif not _is_text(data.get("label")):
        yield Problem(("label",), "zeg waar deze opname vandaan komt")


def _sound(data: Mapping[str, Any]) -> Iterator[Problem]:
    audio = _mapping(data, "audio")
    for form in ("opus", "mp3"):
        path = audio.get(form)
        if not (_is_text(path) and str(path).endswith(f".{form}")):
            yield Problem(("audio", form), f"noem het geluid als .{form}")
    captions = data.get("captions")
    if not (_is_text(captions) and str(captions).endswith(".vtt")):
        yield Problem(("captions",), "noem de ondertiteling (.vtt)")


def _turns(turns: Sequence[Mapping[str, Any]], speakers: Mapping[str, Any]) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, turn in enumerate(turns):
        name = str(turn.get("id", ""))
        if not name or name in seen:
            yield Problem(("beurten", index, "id"), "elke beurt heeft een eigen id")
        seen.add(name)
        if turn.get("spreker") not in speakers:
            yield Problem(("beurten", index, "spreker"), "deze spreker staat niet bij 'sprekers'")
        if not _is_text(turn.get("tekst")):
            yield Problem(("beurten", index, "tekst"), "de beurt heeft geen tekst")


def _times(turns: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    moments = [(rules.seconds(turn.get("start")), rules.seconds(turn.get("eind"))) for turn in turns]
    for index, (start, end) in enumerate(moments):
        if start is None or end is None:
            yield Problem(("beurten", index, "start" if start is None else "eind"), "geen tijd, zoals 64.5 of '1:04'")
        elif end <= start:
            yield Problem(("beurten", index, "eind"), "de beurt eindigt voordat hij begint")
    for index, ((start, end), (following, _)) in enumerate(pairwise(moments), 1):
        if start is None or end is None or following is None:
            continue
        if following <= start:
            yield Problem(("beurten", index, "start"), "de beurten staan niet op volgorde van tijd")
        elif end > following + OVERLAP:
            yield Problem(("beurten", index - 1, "eind"), "de beurt loopt te ver door in de volgende")


def _key(data: Mapping[str, Any], ids: Sequence[str]) -> Iterator[Problem]:
    key, experts = _mapping(data, "sleutel"), _count(data.get("n_experts"))
    if experts < MIN_EXPERTS:
        yield Problem(("n_experts",), f"minstens {MIN_EXPERTS} experts moeten de beurten gemerkt hebben")
    found = [
        *(Problem(("sleutel",), f"beurt {turn} heeft geen sleutel") for turn in ids if turn not in key),
        *(Problem(("sleutel", turn), "er is geen beurt met dit id") for turn in key if turn not in ids),
        *(problem for turn, shares in key.items() for problem in _shares(turn, shares, experts)),
    ]
    yield from found
    if found or experts < 2:
        return
    kappa = rules.key_kappa(key, experts)
    if kappa is None or kappa < rules.MIN_KAPPA:
        worth = "niet te berekenen" if kappa is None else f"{kappa:.2f}".replace(".", ",")
        yield Problem(("sleutel",), f"de experts zijn het te weinig eens: kappa van Fleiss is {worth}, nodig is 0,40")


def _count(value: object) -> int:
    """A whole number, or 0 where there is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _shares(turn: str, shares: object, experts: int) -> Iterator[Problem]:
    """`experts` is 0 when their number isn't known."""
    if not isinstance(shares, Mapping) or not shares:
        yield Problem(("sleutel", turn), "geef per code het deel van de experts")
        return
    numbers = []
    for code, share in shares.items():
        if code not in rules.CODES:
            yield Problem(("sleutel", turn, str(code)), "onbekende code")
        if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
            yield Problem(("sleutel", turn, str(code)), "een deel ligt tussen 0 en 1")
            return
        if experts and abs(share * experts - round(share * experts)) > 0.05:
            yield Problem(("sleutel", turn, str(code)), f"dit deel is geen heel aantal van {experts} experts")
        numbers.append(share)
    if abs(sum(numbers) - 1) > 0.01:
        yield Problem(("sleutel", turn), "de delen tellen niet op tot 1")


def _interventions(data: Mapping[str, Any], ids: Sequence[str]) -> Iterator[Problem]:
    turns, models = data.get("interventie_beurten"), _mapping(data, "model_interventies")
    chosen = [str(turn) for turn in turns] if isinstance(turns, list) else []
    if not chosen:
        yield Problem(("interventie_beurten",), "noem de beurten waarbij je zelf iets kunt zeggen")
    for index, turn in enumerate(chosen):
        if turn not in ids:
            yield Problem(("interventie_beurten", index), f"er is geen beurt {turn}")
        elif not _is_text(models.get(turn)):
            yield Problem(("model_interventies",), f"beurt {turn} heeft geen voorbeeldzin")
    for turn in models:
        if turn not in chosen:
            yield Problem(("model_interventies", turn), "hoort niet bij een van de 'interventie_beurten'")
    for turn, note in _mapping(data, "toelichting").items():
        if turn not in ids or not _is_text(note):
            yield Problem(("toelichting", turn), "een toelichting is een tekst bij een beurt die er is")
    checks = data.get("zelfchecks")
    if not isinstance(checks, list) or len(checks) != SELF_CHECKS or not all(map(_is_text, checks)):
        yield Problem(("zelfchecks",), "stel precies drie vragen over de eigen zin")


def _completion(data: Mapping[str, Any], ids: Sequence[str]) -> Iterator[Problem]:
    if not 1 <= _count(_mapping(data, "afronden").get("gemerkt")) <= len(ids):
        yield Problem(("afronden", "gemerkt"), f"zeg hoeveel beurten gemerkt moeten zijn: 1 tot en met {len(ids)}")
