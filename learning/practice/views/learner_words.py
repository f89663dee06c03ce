"""What the learner's pages say: where they are in the flow, what is asked, what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from design.components import State as Place
from design.components import Step
from learning.practice.drafts import EXPERIENCED, LEARNING_LEVEL
from learning.practice.models import Form, State, Work
from learning.practice.queries.learner import Whole

# The page of a work has one of these as what comes next.
PREPARE, TALK, LOOK_BACK, WAIT, DONE, WITHDRAWN = (
    "voorbereiden", "gesprek", "terugkijken", "wachten", "klaar", "ingetrokken",
)  # fmt: skip
_NEXT = {
    State.GIVEN: PREPARE,
    State.PREPARED: TALK,
    State.HELD: LOOK_BACK,
    State.RETURNED: LOOK_BACK,
    State.HANDED_IN: WAIT,
    State.REVISED: WAIT,
    State.READING: WAIT,
    State.ENOUGH: DONE,
    State.GOES_ON: DONE,
    State.WITHDRAWN: WITHDRAWN,
}


def next_thing(work: Work) -> str:
    return _NEXT[State(work.state)]


def steps(work: Work) -> list[Step]:
    """The flow in five words, and where somebody is in it. What goes on outside was read, and isn't rond."""
    labels = [
        _("Voorbereiden"),
        _("Het gesprek"),
        _("Aanvullen") if work.state == State.RETURNED else _("Terugkijken"),
        _("Anderen lezen"),
        _("Loopt door") if work.state == State.GOES_ON else _("Voldoende"),
    ]
    here = [PREPARE, TALK, LOOK_BACK, WAIT, DONE].index(next_thing(work))
    enough = work.state == State.ENOUGH
    return [Step(label, _place(index, here, enough)) for index, label in enumerate(labels)]


def _place(index: int, here: int, enough: bool) -> Place:
    if index < here or enough:
        return "gedaan"
    return "hier" if index == here else "straks"


def asks(work: Work) -> str:
    """One line: what this work asks now, or how it stands."""
    return {
        State.GIVEN: _("Bereid je gesprek voor"),
        State.PREPARED: _("Voer het gesprek, en vertel daarna wanneer dat was"),
        State.HELD: _("Kijk terug en lever in"),
        State.HANDED_IN: _("Ingeleverd. Anderen lezen het"),
        State.READING: _("Je trainer leest het nu"),
        State.RETURNED: _("Je trainer heeft een vraag voor je"),
        State.REVISED: _("Opnieuw ingeleverd. Je trainer leest het"),
        State.ENOUGH: _("Voldoende"),
        State.GOES_ON: _("Loopt door buiten"),
        State.WITHDRAWN: _("Ingetrokken: je hoeft er niets meer voor te doen"),
    }[State(work.state)]


FORMS = {
    Form.TEXT: lambda: (_("Ik schrijf het op"), _("Vier vragen, in je eigen woorden.")),
    Form.SPOKEN: lambda: (_("Ik spreek het in"), _("Alleen jij praat, hoogstens tien minuten.")),
    Form.OBSERVED: lambda: (
        _("Een collega was erbij"),
        _("Die schrijft op wat er te zien was. Een account is niet nodig."),
    ),
    Form.RECORDED: lambda: (
        _("Er is een opname van het gesprek"),
        _("Alleen als iedereen aan tafel vooraf ja zei. Meestal is inspreken genoeg."),
    ),
}  # fmt: skip


def wrong(name: str, reason: str) -> str:
    """Beside the field. `reason`: see `learning.practice.checks`."""
    start = name.partition("-")[0]
    special = {
        ("voorbereiding", "leeg"): _("Schrijf minstens bij één vraag iets op. Dan begint je gesprek niet blanco."),
        ("veilig", "kies"): _("Kies een antwoord. Twijfel je, overleg dan eerst."),
        ("gevoerd", "datum"): _("Vul de dag van het gesprek in."),
        ("gevoerd", "toekomst"): _("Die dag moet nog komen. Vul de dag in waarop het gesprek was."),
        ("niveau", "kies"): _("Kies wat het meest lijkt op wat je deed."),
        (LEARNING_LEVEL, "kies"): _("Kies waar het in je gesprek vooral om ging. Je trainer kijkt daarna mee."),
        ("bewijs", "zin"): _("Haal minstens één zin aan waaraan je dit ziet."),
        ("verslag", "leeg"): _("Schrijf hier nog iets op, of kies een andere manier om het te laten zien."),
        ("bezwaar", "zin"): _("Schrijf in een zin wat er niet klopt."),
        ("tot", "datum"): _("Kies een dag vanaf vandaag, hoogstens een jaar vooruit."),
        ("vraag", "vraag"): _("Stel minstens één vraag. Daar kan de ander mee verder."),
        ("plek", "kies"): _("Kies een zin om iets bij te zetten."),
        ("wie", "leeg"): _("Noem een functie, geen naam."),
        ("zag", "leeg"): _("Schrijf op wat je zag of hoorde."),
    }
    general = {
        "leeg": _("Hier staat nog niets."),
        "kies": _("Maak een keuze."),
        "zin": _("Schrijf minstens één zin."),
        "lang": _("Dit is te lang. Kort het in."),
        "veel": _("Er staan al heel veel opmerkingen. Haal er eerst een weg."),
        "vorm": _("Dit is nog niet klaar. Maak het af, of kies een andere manier."),
        "toestemming": _("Leg eerst vast wie er ja zei op de opname."),
        "datum": _("Vul een datum in."),
        "vraag": _("Stel minstens één vraag."),
    }
    return special.get((start, reason)) or general[reason]


def label_of(whole: Whole, name: str) -> str:
    """What a field is called above the form, where all that is wrong stands."""
    start, _dash, rest = name.partition("-")
    lines = {"voorbereiding": whole.document.preparation.lines, "verslag": whole.document.after.lines}
    if start in lines:
        return lines[start][int(rest)]
    if start == "veilig":
        return whole.document.safety[int(rest)]
    criterion = whole.document.criterion(rest)
    if criterion:
        return criterion.name
    if start == "vorm":
        return FORMS[Form(rest)]()[0]
    others = {
        "gevoerd": _("De dag van het gesprek"),
        "toestemming": _("Toestemming voor de opname"),
        LEARNING_LEVEL: learning_level(),
        EXPERIENCED: _("Ik doe dit al"),
    }
    return others.get(start, "")


def learning_level() -> str:
    return _("Op welk leerniveau was dit?")


@dataclass(frozen=True)
class Proposal:
    """A later last day, to be taken with one press."""

    day: date
    words: str


def proposals(work: Work) -> list[Proposal]:
    start = max(work.due_on, timezone.localdate())
    weeks = {1: _("Een week later"), 2: _("Twee weken later"), 4: _("Vier weken later")}
    return [Proposal(start + timedelta(weeks=number), words) for number, words in weeks.items()]


def waits_for(whole: Whole) -> str:
    """In a sentence, who reads now."""
    names = list(whole.trainers)
    if whole.work.state == State.READING:
        return _("Je trainer is begonnen met lezen.")
    if not names:
        return _("Er is nu geen trainer in je groep. Wat je inleverde, wacht tot die er is.")
    trainer = names[0] if len(names) == 1 else _("een van je trainers")
    return _("Je hoort van %(trainer)s binnen tien werkdagen wat opviel, met een vraag.") % {"trainer": trainer}


def lost(whole: Whole, sent: Mapping[str, str]) -> list[tuple[str, str]]:
    """[(question, text)] of what was typed but isn't in the draft and can't be any more."""
    return [
        (label_of(whole, name), text)
        for name, text in sent.items()
        if text and whole.draft.fields.get(name) != text and name.startswith(("voorbereiding", "verslag", "bewijs"))
    ]
