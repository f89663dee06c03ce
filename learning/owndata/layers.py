"""The notice of what is kept of people (AVG art. 13), in three layers: some sentences, each kind of data, and the law.

What there is comes from the register by which somebody gets and loses it (`learning.people.personal`), how long it
stays from the terms by which it is wiped (`learning.people.retention`), and who else has it from the settings. Words of
our own are only why and who sees it, for a handful of groups. A kind of a room that has no group stops the page: a test
asks every one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from learning.owndata.additions import basis_of_figures
from learning.people import retention
from learning.people.erasing import Line
from learning.people.models import Person, Role
from learning.people.personal import Held, Words, all_held
from learning.people.queries import holds

_OWN = frozenset({"person", "pk", ""})
_OTHERS = "anderen"


@dataclass(frozen=True)
class Group:
    """`key`: its anchor. `short`: what is in it, in a sentence that begins "We bewaren"."""

    key: str
    title: Words
    short: Words
    why: Words
    seen_by: Words


GROUPS = (
    Group(
        "wie", _("Wie je bent"), _("wie je bent"),
        _("Om je te herkennen, je bij je groep te zetten, en je leeromgeving te vertellen hoever je bent."),
        _("Je trainers zien je naam, en je e-mailadres als je leeromgeving dat gaf. Wie met je meeleest of iets van je "
          "krijgt, ziet je naam. Beheer ziet welke leeromgevingen meedoen."),
    ),
    Group(
        "leren", _("Wat je leert"), _("wat je deed in modules"),
        _("Om je verder te laten gaan waar je was, je feedback te geven, en een module af te ronden."),
        _("Jij. Je trainer ziet hoever je bent, en wat je inlevert. Cijfers over minstens vijf mensen samen ziet je "
          "trainer van de groep, en HR van de organisatie als dat is afgesproken. Wat alleen voor jou is, ligt "
          "versleuteld en leest niemand anders."),
    ),
    Group(
        "journaal", _("Je journaal en wat je insprak"), _("wat je in je journaal schreef of insprak"),
        _("Om terug te kijken op wat je meemaakte. Het telt nergens voor mee."),
        _("Alleen jij. Het ligt versleuteld. Wie je zelf een stuk laat lezen, leest dat stuk tot de dag die je koos."),
    ),
    Group(
        "praktijk", _("Je praktijkwerk"), _("je praktijkwerk en wat anderen daarvan vonden"),
        _("Om je te laten oefenen met echte gesprekken, en er een oordeel en raad bij te geven."),
        _("Wat je inlevert, lezen je trainers, wie zij laten meelezen, en de collega die met jou meeleest. Je concept "
          "lees jij alleen. Wat je schrijft en inspreekt, ligt versleuteld."),
    ),
    Group(
        "groei", _("Je groei en je bewijzen"), _("wat je laat zien en welke bewijzen je hebt"),
        _("Om te laten zien wat je kunt en wat je nog mist, en om een bewijs te kunnen controleren."),
        _("Jij, en wie jij een deelkaart geeft. Leer je in een groep, dan ziet je trainer je niveaus bij de "
          "competenties van jullie module, en waar die op rusten. Wie de code van een bewijs heeft, kan zien of het "
          "klopt. HR ziet van één persoon alleen of er een certificaat is, en alleen als dat voor je werk "
          "moet en je dat verteld is."),
    ),
    Group(
        _OTHERS, _("Wat je deed met het werk van anderen"), _("wat je zei van het werk van anderen"),
        _("Om anderen te laten leren van wat je zag, en om na te kunnen gaan hoe een oordeel tot stand kwam."),
        _("Van wie het werk is, en hun trainers. Wat je als trainer voor jezelf opschreef, lees jij alleen. Wie naar "
          "cijfers over anderen keek, kan de ondernemingsraad zien. Wat van een ander is, blijft zo lang als die ander "
          "het heeft: lees ‘je’ hieronder dan als die ander."),
    ),
    Group(
        "berichten", _("Je berichten, en wat achter de schermen gebeurt"), _("welke berichten je kreeg"),
        _("Om je te vertellen wat er voor je klaarstaat, en om af te maken wat je vroeg."),
        _("Alleen jij. Van wat er achter de schermen gebeurt, ziet beheer aantallen, en nummers van wat misging."),
    ),
)  # fmt: skip
_BY_KEY = {group.key: group for group in GROUPS}
_BY_ROOM = {
    "learning.people": "wie", "lti.tool": "wie", "lti.platform": "wie",
    "learning.tracks": "leren", "learning.runtime": "leren",
    "learning.journal": "journaal", "learning.recordings": "journaal",
    "learning.practice": "praktijk", "learning.files": "praktijk",
    "learning.competences": "groei", "certificates": "groei",
    "learning.notices": "berichten", "learning.owndata": "berichten", "jobs": "berichten",
}  # fmt: skip


def group_of(held: Held) -> Group:
    """What hangs on somebody's own things is of its room; what they did with things of others is together. Raises
    LookupError for a room nobody thought of."""
    room = next((room for room in _rooms(held.model.__module__) if room in _BY_ROOM), "")
    key = _BY_ROOM[room]
    is_own = held.path.rpartition("__")[2] in _OWN and (room == "certificates" or not held.reason)
    return _BY_KEY[key if is_own else _OTHERS]


def _rooms(module: str) -> Iterable[str]:
    """ "learning.journal.models": "learning.journal", "learning"."""
    parts = module.split(".")
    return (".".join(parts[:length]) for length in (2, 1))


# --- the second layer


@dataclass(frozen=True)
class KindOfData:
    """`term`: how long it stays. `stays`: why, without the person, when they are erased; "" when it goes."""

    title: Words
    term: str
    stays: Words


@dataclass(frozen=True)
class Part:
    group: Group
    kinds: Sequence[KindOfData]


def parts() -> list[Part]:
    """No query."""
    found: dict[str, list[KindOfData]] = defaultdict(list)
    for held in all_held():
        found[group_of(held).key].append(KindOfData(held.title, retention.term_of(held.model), held.stays))
    return [Part(group, found[group.key]) for group in GROUPS]


@dataclass(frozen=True)
class Counted:
    """Of one group what somebody has: what goes, and what stays and why."""

    group: Group
    lines: Sequence[Line]

    @property
    def count(self) -> int:
        return sum(line.count for line in self.lines)


def counted(lines: Sequence[Line]) -> list[Counted]:
    """Of a preview of erasing, in the order of the notice. What there is nothing of is left out."""
    found: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        found[group_of(line.held).key].append(line)
    return [Counted(group, found[group.key]) for group in GROUPS if found[group.key]]


# --- the first and the third


@dataclass(frozen=True)
class Elsewhere:
    """Who has something of people because a setting says so. `where`: a host, "" where it is known by its name."""

    who: str | Promise
    where: str
    what: str | Promise
    after: str | Promise


def elsewhere() -> list[Elsewhere]:
    """What there is outside this place, and what becomes of that when somebody is erased here."""
    found = [
        Elsewhere(
            _("Je leeromgeving (LMS)"), "", _("Je resultaten, als je via een leeromgeving binnenkomt."),
            _("Wat daar staat, blijft daar. Vraag het aan wie die leeromgeving beheert."),
        ),
        Elsewhere(
            _("Gereedschap van anderen"), "",
            _("Als het in je cursus staat: een nummer voor jou, en je naam of e-mailadres als je organisatie dat "
              "aanzette."),
            _("Wat daar staat, blijft daar. Vraag het aan wie dat gereedschap beheert."),
        ),
        Elsewhere(
            _("Reservekopieën"), "", _("Alles wat hier staat, tot de kopie wordt overschreven."),
            _("Ze gaan weg als de kopie wordt overschreven. Wordt er een teruggezet, dan sta je er weer in. Vraag "
              "beheer dan om je opnieuw te wissen."),
        ),
    ]  # fmt: skip
    if settings.XAPI_URL:
        found.append(
            Elsewhere(
                _("Een archief van leerresultaten (LRS)"), _host(settings.XAPI_URL),
                _("Welke oefening je deed, wanneer en hoe goed, onder een nummer. Nooit je naam of wat je schreef."),
                _("Dat blijft daar, onder dat nummer. Vraag beheer om het te laten wissen vóór je hier alles wist: "
                  "daarna is niet meer te vinden welk nummer van jou was."),
            )
        )  # fmt: skip
    if settings.STORAGE_URL:
        found.append(
            Elsewhere(
                _("Opslag van bestanden"), _host(settings.STORAGE_URL),
                _("Geluid, en het bestand met je gegevens als je daarom vraagt. Versleuteld: daar gaat het niet open."),
                _("Gaat weg, nog vóór de rest."),
            )
        )  # fmt: skip
    if settings.MAIL_FROM:
        found.append(
            Elsewhere(
                _("E-mail"), settings.MAIL_FROM.rpartition("@")[2],
                _("Je e-mailadres en wat er voor je klaarstaat, als je mail wilt. Nooit wat je schreef."),
                _("Wat al in je postvak ligt, blijft daar."),
            )
        )  # fmt: skip
    return found


def _host(address: str) -> str:
    return urlsplit(address).hostname or ""


@dataclass(frozen=True)
class Around:
    """What the notice says of this organisation. `helpers`: names of who looks after it. `basis`: on what HR's figures
    rest, "" while HR sees none; `least`: over how many people they are. `silent`: when all goes by itself, "" for
    never."""

    organisation: str
    helpers: Sequence[str]
    basis: str
    least: int
    silent: str
    certificates_stay: bool


def around(person: Person) -> Around:
    """Two or three queries."""
    beheer = Person.objects.filter(holds([Role.BEHEER]), organisation=person.organisation_id, is_active=True)
    silent = retention.SILENT
    return Around(
        organisation=person.organisation.name,
        helpers=list(beheer.exclude(name="").order_by("name", "pk").values_list("name", flat=True)[:3]),
        basis=basis_of_figures(person.organisation_id),
        least=settings.FIGURES_K,
        silent=silent.words if silent.runs else "",
        certificates_stay=settings.CERTIFICATES_SURVIVE_ERASURE,
    )
