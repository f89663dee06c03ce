"""What people are told of practice cases: the kinds, their sentences, and which step tells which.

Each is about a work (`facts["work"]`, its number); sentences name the title of the case and the first names of who
learns together, never what anybody wrote.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning.notices.kinds import Facts, Line, kind
from learning.people.models import Person, Role
from learning.practice.flow import Event
from learning.practice.models import Assessment, Part, Stage, State, Work

if TYPE_CHECKING:
    from django.db.models import QuerySet

GIVEN = "praktijk.gegeven"
HANDED_IN = "praktijk.ingediend"
RETURNED = "praktijk.terug"
ENOUGH = "praktijk.voldoende"
GOES_ON = "praktijk.loopt_door"
REOPENED = "praktijk.heropend"
OVERTURNED = "praktijk.hersteld"
WITHDRAWN = "praktijk.ingetrokken"
# Beside the flow.
PEER_ASKED = "praktijk.meelezen"
PEER_GAVE = "praktijk.meegelezen"
LATE = "praktijk.na_de_datum"
EXTENDED = "praktijk.verzet"
OBSERVED = "praktijk.observatie"
OBJECTED = "praktijk.bezwaar"
ANSWERED = "praktijk.bezwaar_beantwoord"
SECOND_ASKED = "praktijk.tweede"
HANDED_OVER = "praktijk.overgedragen"
TAKEN_OVER = "praktijk.overgenomen"
TO_READ = "praktijk.ter_lezing"
READ_ALONG = "praktijk.lezer_klaar"
READER_GONE = "praktijk.lezer_weg"
HIDDEN = "praktijk.verborgen"

FOR_TRAINERS = frozenset({HANDED_IN, OBJECTED, SECOND_ASKED, HANDED_OVER, TAKEN_OVER, TO_READ, READ_ALONG, READER_GONE})

KIND_OF: dict[Event, str] = {
    Event.GIVE: GIVEN,
    Event.HAND_IN: HANDED_IN,
    Event.RETURN: RETURNED,
    Event.ENOUGH: ENOUGH,
    Event.GO_ON: GOES_ON,
    Event.REOPEN: REOPENED,
    Event.OVERTURN: OVERTURNED,
    Event.WITHDRAW: WITHDRAWN,
}


def _name(person: Person) -> str:
    """The first name; somebody whose name isn't known here is a colleague."""
    return person.name.split()[0] if person.name.strip() else _("een collega")


def _sentence(text: str) -> str:
    """Also where it begins with "een collega"."""
    return text[:1].upper() + text[1:]


def _register(name: str, label: str | Promise, sentence: Callable[[Mapping[str, Any]], str]) -> None:
    """`sentence` gets {title, name, round, due}, of which `name` is the learner's."""

    @kind(name, label=label, role=Role.TRAINER if name in FOR_TRAINERS else "")
    def told(person: Person, facts: Sequence[Facts]) -> Sequence[Line | None]:
        """One query, however many notices."""
        works = Work.objects.filter(
            pk__in={each["work"] for each in facts}, person__organisation=person.organisation_id
        )
        if name == PEER_ASKED:  # what was taken back, passed on or withdrawn isn't asked any more
            works = works.filter(pk__in=_asked_of(person))
        known = {work.pk: work for work in works.select_related("person", "assignment__version__case")}
        return [_line(person, known.get(each["work"]), each) for each in facts]

    def _line(person: Person, work: Work | None, facts: Facts) -> Line | None:
        if work is None:
            return None
        due = date_format(date.fromisoformat(facts["due"]), "j F") if "due" in facts else ""
        words = {
            "title": work.assignment.version.case.title,
            "name": _name(work.person),
            "round": facts.get("round", work.round),
            "due": due,
        }
        return Line(
            _sentence(sentence(words)), _address(person, work, name),
            mailed=_sentence(sentence({**words, "name": _("een collega")})),
        )  # fmt: skip


def _asked_of(person: Person) -> QuerySet[Assessment, int]:
    asked = Assessment.objects.filter(person=person, part=Part.PEER).exclude(stage=Stage.DECLINED)
    asked = asked.exclude(~Q(stage=Stage.GIVEN), work__state=State.WITHDRAWN)
    return asked.values_list("work", flat=True)


def _address(person: Person, work: Work, name: str) -> str:
    if work.person_id == person.pk:
        return reverse("practice:work", args=[work.key])
    if name in (PEER_ASKED, HIDDEN):
        return reverse("practice:peer", args=[work.key])
    return reverse("desk:work", args=[work.key])


_register(
    GIVEN, gettext_lazy("Er staat een praktijkcase voor je klaar"),
    lambda words: _("Er staat een praktijkcase voor je klaar: “%(title)s”.") % words,
)  # fmt: skip
_register(
    HANDED_IN, gettext_lazy("Iemand uit je groep leverde een praktijkcase in"),
    lambda words: _("%(name)s leverde “%(title)s” in, ronde %(round)s.") % words,
)  # fmt: skip
_register(
    RETURNED, gettext_lazy("Je trainer gaf je praktijkcase terug met een vraag"),
    lambda words: _("Je trainer las “%(title)s” en heeft een vraag voor je.") % words,
)  # fmt: skip
_register(
    ENOUGH, gettext_lazy("Je praktijkcase is voldoende"),
    lambda words: _("“%(title)s” is voldoende. Lees wat je trainer zag.") % words,
)  # fmt: skip
_register(
    GOES_ON, gettext_lazy("Je praktijkcase loopt door"),
    lambda words: _("“%(title)s” loopt door. Lees wat je trainer zag.") % words,
)  # fmt: skip
_register(
    REOPENED, gettext_lazy("Je praktijkcase is weer open"),
    lambda words: _("“%(title)s” is weer open: je kunt nog een ronde inleveren.") % words,
)  # fmt: skip
_register(
    OVERTURNED, gettext_lazy("Je praktijkcase is na een bezwaar alsnog voldoende"),
    lambda words: _("“%(title)s” is na je bezwaar alsnog voldoende.") % words,
)  # fmt: skip
_register(
    WITHDRAWN, gettext_lazy("Een praktijkcase is ingetrokken"),
    lambda words: _("“%(title)s” is ingetrokken. Je hoeft er niets meer voor te doen.") % words,
)  # fmt: skip
_register(
    PEER_ASKED, gettext_lazy("Een collega uit je groep vraagt je mee te lezen"),
    lambda words: _("%(name)s vraagt je mee te lezen bij “%(title)s”.") % words,
)  # fmt: skip
_register(
    PEER_GAVE, gettext_lazy("Een collega las met je mee"),
    lambda words: _("Een collega las met je mee bij “%(title)s”.") % words,
)  # fmt: skip
_register(
    LATE, gettext_lazy("De datum van een praktijkcase is voorbij"),
    lambda words: _("De datum van “%(title)s” (%(due)s) is voorbij. Verzetten kan altijd.") % words,
)  # fmt: skip
_register(
    EXTENDED, gettext_lazy("De datum van een praktijkcase is verzet"),
    lambda words: _("De datum van “%(title)s” is verzet naar %(due)s.") % words,
)  # fmt: skip
_register(
    OBSERVED, gettext_lazy("Een collega schreef op wat er te zien was"),
    lambda words: _("De collega die erbij was, schreef op wat er te zien was bij “%(title)s”.") % words,
)  # fmt: skip
_register(
    OBJECTED, gettext_lazy("Iemand is het niet eens met een beoordeling"),
    lambda words: _("%(name)s is het niet eens met een beoordeling van “%(title)s”. Lees jij het als tweede?") % words,
)  # fmt: skip
_register(
    ANSWERED, gettext_lazy("Er is een antwoord op je bezwaar"),
    lambda words: _("Een tweede beoordelaar las “%(title)s” na je bezwaar.") % words,
)  # fmt: skip
_register(
    SECOND_ASKED, gettext_lazy("Je bent geloot als tweede beoordelaar"),
    lambda words: _("Je bent geloot als tweede beoordelaar van “%(title)s”.") % words,
)  # fmt: skip
_register(
    HANDED_OVER, gettext_lazy("Een collega-trainer draagt iemand aan je over"),
    lambda words: _("Je begeleidt voortaan %(name)s bij “%(title)s”.") % words,
)  # fmt: skip
_register(
    TO_READ, gettext_lazy("Een collega-trainer vraagt je als tweede lezer"),
    lambda words: _("Je collega vraagt je mee te lezen voordat “%(title)s” naar %(name)s gaat.") % words,
)  # fmt: skip
_register(
    TAKEN_OVER, gettext_lazy("Een collega-trainer neemt iemand van je over"),
    lambda words: _("Een collega begeleidt nu %(name)s bij “%(title)s”. Wat jij schreef, blijft van jou.") % words,
)  # fmt: skip
_register(
    READ_ALONG, gettext_lazy("Je tweede lezer is klaar"),
    lambda words: _("Je tweede lezer las wat je aan %(name)s schreef bij “%(title)s”.") % words,
)  # fmt: skip
_register(
    READER_GONE, gettext_lazy("Je tweede lezer leest niet meer mee"),
    lambda words: _("Wat je aan %(name)s schreef bij “%(title)s” is weer van jou: je tweede lezer is er niet meer.")
    % words,
)  # fmt: skip
_register(
    HIDDEN, gettext_lazy("Een trainer verborg wat jij bij een collega schreef"),
    lambda words: _("Een trainer verborg wat jij schreef bij “%(title)s” van %(name)s. Lees waarom.") % words,
)  # fmt: skip
