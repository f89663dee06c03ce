"""Where two learners of the demo are with their practice case: one just held the talk, one waits for a trainer; and
talks of before, which a trainer judged.

All of it is invented, as the people are.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import NAMESPACE_OID, uuid5

from django.utils import timezone

from config.demo.days import days_ago
from learning.practice.feedback import Words
from learning.practice.models import Assignment, GivenTo, State, Verdict, Work
from learning.practice.queries import library
from learning.practice.queries.giving import To
from learning.practice.services import doing, giving, observing, reading

if TYPE_CHECKING:
    from learning.people.models import Group, Person

_PREPARED = (
    "Een melkveehouder bij de beek, die ik al twee keer heb afgezegd.",
    "Zeker: hij kreeg de brief in mei. Ik neem aan dat hij boos is.",
    "Dat hij vraagt wanneer het besluit valt. Dat weet ik niet.",
    "Hoe is het voorjaar hier gegaan?",
    "Ik kan vertellen waar het onderzoek staat en vrijdag terugbellen. Over het peil kan ik niets beloven.",
)
_TOLD = (
    (
        "We zaten aan de keukentafel. Ik had me voorgenomen om niet over het peil te beginnen. Dat heb ik vier minuten "
        "volgehouden. Toen zei hij: “Jullie komen altijd met de uitkomst.”"
    ),
    (
        "Ik wilde uitleggen. Ik heb mijn koffie gepakt en niks gezegd. Dat was heel lang. Daarna heb ik samengevat "
        "wat ik hoorde."
    ),
    "Hij ging rechtop zitten en vertelde over zijn vader. Ik merkte dat ik mijn adem inhield, en dat dat minder werd.",
    "Vrijdag bel ik hem. Het moment dat kantelde was de stilte na zijn verwijt.",
)
_SEEN = {
    "zag": "Je wachtte nadat hij over “altijd de uitkomst” begon. De tweede keer dat je samenvatte, knikte hij.",
    "moment": "Toen je je koffie pakte in plaats van te antwoorden.",
    "vraag": "Wat dacht je in die stilte?",
}


def go_ahead(assignment: Assignment, persons: Mapping[str, Person]) -> None:
    """Their work is made at once, and taken as far as that. Who did anything already stays where they are."""
    giving.make_works(assignment.pk)
    for username, go in (("deelnemer", _hold), ("deelnemer2", _hand_in)):
        work = Work.objects.filter(assignment=assignment, person=persons[username], state=State.GIVEN).first()
        if work is not None and not work.draft_version:
            go(work)


def held_and_judged(person: Person, group: Group, *, case: str, by: Person, learning_level: str) -> None:
    """A talk of some weeks ago, which a trainer found enough; where that case is published."""
    found = next((each for each in library.given_out(by) if each.usage == case), None)
    version = library.newest_version(found) if found else None
    if version is None:
        return
    with days_ago(_GIVEN):
        today = timezone.localdate()
        terms = giving.Terms(
            starts_on=today, due_on=today + timedelta(days=21), rounds_max=3, peers=0, second_reader=False
        )
        to, key = To(GivenTo.PERSON, group=group, people=(person.pk,)), uuid5(NAMESPACE_OID, f"demo:{case}:{person.pk}")
        given = giving.give(version, to=to, terms=terms, by=by, key=key)
        giving.make_works(given.pk)
    work = Work.objects.get(assignment=given, person=person)
    with days_ago(_HELD):
        _hand_in(work)
    with days_ago(_JUDGED):
        _find_enough(work, by=by, learning_level=learning_level)


_GIVEN, _HELD, _JUDGED = 19, 9, 6
_PRAISED = Words(
    saw="Je wachtte na zijn verwijt, en vatte pas samen toen hij uitgesproken was.",
    asks="Wat zou er gebeuren als je die stilte volgende keer nog iets langer laat?",
)


def _find_enough(work: Work, *, by: Person, learning_level: str) -> None:
    taken = reading.take_up(work.pk, by=by)
    levels = {criterion.id: 3 for criterion in doing.document_of(work).rubric}
    reading.give(
        taken.pk, by=by, levels=levels, words=_PRAISED, based_on=taken.version, verdict=Verdict.ENOUGH,
        learning_level=learning_level,
    )  # fmt: skip


def _hold(work: Work) -> None:
    """Prepared, held, and seen by a colleague who was there."""
    document = doing.document_of(work)
    prepared = {
        **{f"voorbereiding-{index}": text for index, text in _asked(document.preparation.lines, _PREPARED)},
        **{f"veilig-{index}": "ja" for index in range(len(document.safety))},
        "gevoerd": (timezone.localdate() - timedelta(days=1)).isoformat(),
    }
    doing.save(work.pk, prepared, based_on=0)
    doing.prepare(work.pk, by=work.person)
    doing.hold(work.pk, by=work.person)
    observation, _link = observing.ask(work.pk, words="Wil je erop letten wanneer ik samenvat?")
    observing.answer(observation.pk, _SEEN)


def _hand_in(work: Work) -> None:
    """As above, looked back on and handed in: a trainer and a colleague are asked to read."""
    _hold(work)
    document = doing.document_of(work)
    told = {
        "vorm-tekst": "ja",
        **{f"verslag-{index}": text for index, text in _asked(document.after.lines, _TOLD)},
        **{f"niveau-{criterion.id}": "2" for criterion in document.rubric},
        **{f"bewijs-{criterion.id}": _proof(criterion.id) for criterion in document.rubric},
        "leerniveau": "individueel",
    }
    version = Work.objects.values_list("draft_version", flat=True).get(pk=work.pk)
    doing.save(work.pk, told, based_on=version)
    doing.hand_in(work.pk, by=work.person)


def _asked(lines: tuple[str, ...], texts: tuple[str, ...]) -> list[tuple[int, str]]:
    """A text for each question, the last one where there are more."""
    return [(index, texts[min(index, len(texts) - 1)]) for index in range(len(lines))]


def _proof(criterion: str) -> str:
    return {
        "luisteren": "“Jullie komen altijd met de uitkomst”: dat heb ik herhaald en gevraagd wat hij miste.",
        "oordeel": "Ik dacht dat hij boos zou zijn. Hij was vooral moe, vertelde hij.",
        "stem": "Ik heb gezegd dat ik over de vergunning niet ga, en dat ik vrijdag bel.",
    }.get(criterion, "Vrijdag bel ik hem terug over wat ik nog moest uitzoeken.")
