"""What the page of effect says, tier by tier (curriculum 6.2): the page draws it and a file holds it, so that neither
says more."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from learning.competences import privacy
from learning.competences.effect import measures, pictures
from learning.competences.effect.measures import CLASSES, bins_of
from learning.competences.effect.pictures import Picture
from learning.competences.effect.sums import FEWEST_COMPARED
from learning.competences.models import ShownMeasure
from learning.competences.queries.hr.effect import Told
from learning.competences.views.hr import words
from learning.competences.views.hr.workbooks import Line as FileLine
from learning.practice.agreement import FEWEST_ROUNDS

# What the curriculum suggests for year one (6.2); whoever owns the programme sets them.
FINISH, MARK, GAIN, KEEP, HAND_IN, RESPOND = 60, 8, 15, 10, 70, 40
WIDEST_CHANGE = 40


@dataclass(frozen=True)
class Said:
    words: str
    value: str


@dataclass(frozen=True)
class Line:
    """Of a module: `n` people of the `of` it could have been, both as may be shown (`counted`); None where it says
    nothing of people. `said`: [] where they are too few. `language`: of the label."""

    label: str
    n: int | str | None = None
    of: int | str | None = None
    missing: int | None = None
    said: Sequence[Said] = ()
    picture: Picture | None = None
    language: str = ""


@dataclass(frozen=True)
class Table:
    """`first`: what a line is of. `of`: of whom it could have been, in words. `aim`: the suggested one. `legend`: how
    the picture is read. `fewest`: from how many people on a line says something; `waits`: what it takes where that is
    more than people."""

    key: str
    title: str
    lines: Sequence[Line]
    of: str = ""
    legend: str = ""
    aim: str = ""
    fewest: int = 0
    waits: str = ""
    first: str = ""
    folded: bool = False

    @property
    def there(self) -> Sequence[Line]:
        return [line for line in self.lines if line.said]

    @property
    def too_few(self) -> str:
        """What can't be shown, by name."""
        return ", ".join(line.label for line in self.lines if not line.said)


@dataclass(frozen=True)
class Tier:
    """`number`: of LTEM. `source`: what it is measured by. `missing`, `not_said`: what is to be kept in mind. Without
    `tables` it isn't measured, and `source` says why."""

    key: str
    number: str
    title: str
    source: str
    tables: Sequence[Table] = ()
    missing: str = ""
    not_said: str = ""

    @property
    def is_there(self) -> bool:
        return any(table.there for table in self.tables)


def tiers(modules: Sequence[Told], agreement: ShownMeasure | None, k: int) -> list[Tier]:
    return [_taking_part(modules, k), _liking(modules, k), _knowing(modules, k), _deciding(modules),
            _doing(modules, agreement, k), _carrying_over(modules, k), _bringing_about()]  # fmt: skip


# --- a line of a module


def counted(n: int, of: int) -> int | str:
    """Below twenty people a part isn't counted out: "5–9", in fives as shares are in steps of five."""
    if of >= privacy.ROUNDED_BELOW:
        return n
    least = n // privacy.ROUNDED_TO * privacy.ROUNDED_TO
    return f"{least}–{least + privacy.ROUNDED_TO - 1}"


Read = Callable[[ShownMeasure], tuple[Sequence[Said], Picture | None]]


def _lines(modules: Sequence[Told], name: str, read: Read) -> list[Line]:
    return [_line(told.title, told.measures.get(name), read, language="nl") for told in modules]


def _line(label: str, row: ShownMeasure | None, read: Read, language: str = "") -> Line:
    if row is None:
        return Line(label, language=language)
    said, picture = read(row)
    missing = privacy.percent(row.of - row.n, row.of)
    return Line(label, counted(row.n, row.of), counted(row.of, row.of), missing, said, picture, language)


def _share(aim: int | None = None) -> Read:
    """How many of who it could have been."""

    def read(row: ShownMeasure) -> tuple[Sequence[Said], Picture]:
        percent = privacy.percent(row.n, row.of)
        return [Said(_("aandeel"), f"{percent}%")], pictures.share(percent, aim)

    return read


Call = Callable[[tuple[int, ...]], str]
"""What a bin is called, by its values."""


def _by(*names: str) -> Call:
    return lambda values: words.together(names, values)


def _spread(row: ShownMeasure, call: Call, facts: Mapping[str, Any] | None = None) -> tuple[list[Said], Picture | None]:
    """Each bin by name, with its share; one bin says nothing but that all are in it."""
    bins = list(bins_of(row.facts if facts is None else facts))
    if len(bins) < 2:
        return [Said(_("verdeling"), _("te weinig verschil om te tonen"))], None
    shares = [privacy.percent(people, row.n) for _values, people in bins]
    said = [Said(call(values), f"{share}%") for (values, _people), share in zip(bins, shares, strict=True)]
    return said, pictures.parts(shares)


def _spread_of(*names: str) -> Read:
    return lambda row: _spread(row, _by(*names))


def _number(value: float, decimals: int = 0) -> str:
    """With the minus of a printer, which no spreadsheet takes for the start of a formula."""
    return str(number_format(value, decimals)).replace("-", "\N{MINUS SIGN}")


def _change(value: float) -> str:
    if not value:
        return _("geen")
    words = _("%(n)s punten erbij") if value > 0 else _("%(n)s punten eraf")
    return words % {"n": _number(abs(value))}


# --- 1 and 2


def _taking_part(modules: Sequence[Told], k: int) -> Tier:
    return Tier(
        "meedoen", "1–2", _("Meedoen"), _("Uit wat het systeem bijhoudt, doorlopend."),
        [
            Table("begonnen", _("Begonnen"), _lines(modules, measures.BEGUN, _share()), fewest=k,
                  of=_("wie in een team zit dat de leerlijn volgt, of zat toen het die volgde")),
            Table("af", _("Afgemaakt"), _lines(modules, measures.FINISHED, _share(FINISH)), fewest=k,
                  of=_("wie begon"), aim=_("%(aim)s%% van wie begint") % {"aim": FINISH}),
            *(Table(f"units-{told.module}", _("Per unit: %(module)s") % {"module": told.title}, _units(told),
                    first=_("Unit"), folded=True) for told in modules),
        ],
        missing=_(
            "Wie nog niet begon of nog bezig is, telt later misschien mee. Van wie begon en van wie klaar is, tellen "
            "sommigen pas later mee, zodat niemand te vinden is. Waarom iemand stopte, weten we niet."
        ),
        not_said=_("Dat iemand iets leerde. Wie een module af heeft, heeft hem gedaan; meer weet je hier niet."),
    )  # fmt: skip


def _units(told: Told) -> list[Line]:
    """Where people stand still, as it stands at "Waar het vastloopt", and what a unit takes."""
    row = told.measures[measures.FOLLOWS]
    units = row.facts["units"]
    names = [name for name, _median, _plan in units]
    lines = []
    for values, people in bins_of(row.facts):
        share = privacy.percent(people, row.n)
        lines.append(
            Line(
                words.standing(names, values),
                said=[Said(_("staat hier nu"), f"{share}%")],
                picture=pictures.share(share),
            )
        )
    times = [
        Line(name, said=[Said(_("mediaan"), _("%(n)s minuten, bedoeld %(plan)s") % {"n": median, "plan": plan})])
        for name, median, plan in units
        if median is not None
    ]
    return lines + times


# --- 3


def _liking(modules: Sequence[Told], k: int) -> Tier:
    finished = _("wie de module af heeft")
    return Tier(
        "vinden", "3", _("Wat mensen ervan vinden"),
        _("Uit de slotkaart: vier vragen aan het eind van een module. Elke vraag mag je overslaan."),
        [
            Table("cijfer", _("Cijfer, van 1 tot 10"), _lines(modules, measures.MARK, _mark), of=finished, fewest=k,
                  legend=_("Stip: het gemiddelde, van 1 (links) tot 10 (rechts)."),
                  aim=_("gemiddeld een %(aim)s") % {"aim": MARK}),
            Table("aanbeveling", _("Zou je dit aanraden? Van 0 tot 10"),
                  _lines(modules, measures.RECOMMENDS, _recommends), of=finished, fewest=k,
                  legend=_("Donkerder is hoger. Het saldo is het aandeel 9 en 10 min het aandeel 0 tot en met 6.")),
            Table("gebruikt", _("Heb je iets geleerd wat je deze week gebruikt?"),
                  _lines(modules, measures.USED, _spread_of(_("ja"), _("nee"), _("weet ik nog niet"))), of=finished,
                  fewest=k, legend=_("Van licht naar donker: ja, nee, weet ik nog niet.")),
            Table("zwaarte", _("Hoe zwaar was het?"),
                  _lines(modules, measures.WEIGHT, _spread_of(_("te licht"), _("precies goed"), _("te zwaar"))),
                  of=finished, fewest=k, legend=_("Van licht naar donker: te licht, precies goed, te zwaar.")),
        ],
        missing=_(
            "Wie de slotkaart niet invulde, vond het misschien heel anders. Wie halverwege stopte, kreeg hem niet."
        ),
        not_said=_("Dat mensen iets anders gaan doen. Tevreden zijn en anders doen zijn twee dingen."),
    )  # fmt: skip


def _mark(row: ShownMeasure) -> tuple[Sequence[Said], Picture | None]:
    said, _parts = _spread(row, _by("", *map(str, measures.MARKS)))
    mean = row.facts["gemiddeld"]
    if mean is None:
        return said, None
    return [Said(_("gemiddeld"), _number(mean, 1)), *said], pictures.marks([("dicht", mean)], 1, 10, MARK)


def _recommends(row: ShownMeasure) -> tuple[Sequence[Said], Picture | None]:
    said, picture = _spread(row, _by(*map(str, measures.RECOMMENDATIONS)))
    balance = row.facts["saldo"]
    return [*([] if balance is None else [Said(_("saldo"), _number(balance))]), *said], picture


# --- 4


def _knowing(modules: Sequence[Told], k: int) -> Tier:
    return Tier(
        "weten", "4", _("Wat mensen weten"), _("Uit de vragen aan het Eindpunt, de eerste keer dat iemand ze maakt."),
        [Table("kennis", _("Goed beantwoord, van 100 punten"), _lines(modules, measures.KNOWLEDGE, _knowledge),
               of=_("wie de module af heeft"), fewest=k, legend=_("Donkerder is meer punten."))],
        missing=_("Alleen wie het Eindpunt haalde, beantwoordde de vragen."),
        not_said=_("Dat mensen dit hier leerden. Vooraf vroegen we niet wat ze al wisten."),
    )  # fmt: skip


def _knowledge(row: ShownMeasure) -> tuple[Sequence[Said], Picture | None]:
    said, picture = _spread(row, _points)
    mean = row.facts["gemiddeld"]
    return [*([] if mean is None else [Said(_("gemiddeld"), _number(mean))]), *said], picture


def _points(values: tuple[int, ...]) -> str:
    (low, _high), (_low, high) = CLASSES[values[0]], CLASSES[values[-1]]
    return _("%(first)s tot en met %(last)s") % {"first": low, "last": high}


# --- 5


def _deciding(modules: Sequence[Told]) -> Tier:
    points = _("Punten van 0 tot 100 voor wat iemand kiest in een gesprek dat die nog niet kende.")
    return Tier(
        "kiezen", "5", _("Wat mensen kiezen"),
        _("Uit drie gesprekken die evenveel vragen: aan het Startpunt, aan het Eindpunt en een week of langer erna."),
        [
            Table("beslissing", _("Van Startpunt naar Eindpunt"), _lines(modules, measures.DECISION, _decision),
                  of=_("wie de module af heeft"), fewest=FEWEST_COMPARED,
                  legend=points + " " + _("Open rondje: Startpunt. Dicht rondje: Eindpunt."),
                  aim=_("%(aim)s punten erbij") % {"aim": GAIN}),
            Table("herhaald", _("Wat er een week later van over is, naast het Startpunt"),
                  _lines(modules, measures.KEPT, _kept), of=_("wie hierboven meetelt"), fewest=FEWEST_COMPARED,
                  legend=_("Ruitje: het verschil met het Startpunt. Open rondje: geen verschil."),
                  aim=_("nog %(aim)s punten erbij") % {"aim": KEEP}),
        ],
        missing=_(
            "Je vergelijkt steeds dezelfde mensen. Wie stopte, zit er niet in. Stoppen vooral mensen voor wie het "
            "lastig was, dan lijkt het verschil groter dan het is."
        ),
        not_said=_(
            "Dat de module dit doet. Daarvoor is een groep nodig die nog niet begon. Laat je groepen na elkaar "
            "starten, dan is wie later begint de vergelijking."
        ),
    )  # fmt: skip


def _decision(row: ShownMeasure) -> tuple[Sequence[Said], Picture | None]:
    before, after = row.facts["voor"], row.facts["na"]
    if before is None or after is None:
        return _changed(row), None
    said = [Said(_("Startpunt"), _number(before)), Said(_("Eindpunt"), _number(after)), *_changed(row)]
    return said, pictures.marks([("open", before), ("dicht", after)], 0, 100, before + GAIN)


def _kept(row: ShownMeasure) -> tuple[Sequence[Said], Picture | None]:
    return _changed(row), _by_change(row, KEEP)


def _by_change(row: ShownMeasure, aim: int | None = None) -> Picture | None:
    change = row.facts["verschil"]
    if change is None:
        return None
    return pictures.marks([("open", 0), ("ruit", change)], -WIDEST_CHANGE, WIDEST_CHANGE, aim)


def _changed(row: ShownMeasure) -> list[Said]:
    said, _picture = _spread(row, _by(_("minder goed"), _("even goed"), _("beter")))
    change, size = row.facts["verschil"], row.facts["grootte"]
    found = [] if change is None else [Said(_("verschil"), _change(change))]
    if size:
        d, low, high = (_number(each, 1) for each in size)
        between = _("%(d)s (%(size)s), tussen %(low)s en %(high)s")
        found.append(Said(_("effectgrootte"), between % {"d": d, "size": _how_large(*size), "low": low, "high": high}))
    return found + (said if len(said) > 1 else [])


def _how_large(d: float, low: float, high: float) -> str:
    """In words of J. Cohen (1988): from 0.2 on small, from 0.5 on middling, from 0.8 on large."""
    if low <= 0 <= high:
        return _("misschien toeval")
    steps = [(0.8, _("groot")), (0.5, _("middelgroot")), (0.2, _("klein"))]
    return next((word for least, word in steps if abs(d) >= least), _("heel klein"))


# --- 6


def _doing(modules: Sequence[Told], agreement: ShownMeasure | None, k: int) -> Tier:
    same = Table(
        "overeenstemming", _("Zien trainers hetzelfde?"),
        [_line(_("Alle modules samen"), agreement, _agreement)],
        waits=_("Nog te weinig. Hier staat iets vanaf %(rounds)s rondes die twee trainers lazen, van minstens %(k)s "
                "mensen en door minstens %(k)s trainers.") % {"rounds": FEWEST_ROUNDS, "k": k},
        of=_("wie gelezen werd door twee trainers"),
        legend=_("1: steeds hetzelfde. 0: niet vaker dan bij toeval."),
    )  # fmt: skip
    return Tier(
        "doen", "6", _("Wat mensen doen in een echt gesprek"),
        _("Uit praktijkcases: een gesprek dat iemand voerde, beoordeeld door een trainer."),
        [
            Table("ingeleverd", _("Een echt gesprek ingeleverd"), _lines(modules, measures.HANDED_IN, _share(HAND_IN)),
                  of=_("wie de module af heeft"), fewest=k, aim=_("%(aim)s%%") % {"aim": HAND_IN}),
            Table("rondes", _("Eerste ronde naast laatste ronde"), _lines(modules, measures.ROUNDS, _rounds),
                  of=_("wie een gesprek inleverde"), fewest=FEWEST_COMPARED,
                  legend=_("In punten van 100; één niveau is 25. Open rondje: geen verschil. Ruitje: het verschil.")),
            same,
        ],
        missing=_("Wie geen gesprek inleverde, voerde er misschien wel een."),
        not_said=_(
            "Dat iemand vanzelf groeit. Een tweede ronde doet vooral wie iets terugkreeg. Die laatste ronde ligt dan "
            "bijna altijd hoger."
        ),
    )  # fmt: skip


def _rounds(row: ShownMeasure) -> tuple[Sequence[Said], Picture | None]:
    return _changed(row), _by_change(row)


def _agreement(row: ShownMeasure) -> tuple[Sequence[Said], Picture | None]:
    value = row.facts["overeenstemming"]
    return [Said(_("overeenstemming (kappa)"), _number(value, 1))], pictures.marks([("dicht", value)], 0, 1)


# --- 7


def _carrying_over(modules: Sequence[Told], k: int) -> Tier:
    ago = _("wie de module drie maanden of langer af heeft")
    return Tier(
        "meenemen", "7", _("Wat mensen meenemen naar hun werk"),
        _("Uit de Terugblik: vijf minuten, drie maanden na de module."),
        [
            Table("antwoord", _("Keek terug"), _lines(modules, measures.DIFFERENT, _share(RESPOND)), of=ago, fewest=k,
                  aim=_("%(aim)s%%") % {"aim": RESPOND}),
            Table("anders", _("Noemt een gesprek dat anders ging"),
                  _lines(modules, measures.DIFFERENT, _spread_of(_("ja"), _("nee"))), of=ago, fewest=k,
                  legend=_("Van licht naar donker: ja, nee.")),
            *(Table(f"zinnen-{told.module}", _("Twaalf zinnen: %(module)s") % {"module": told.title},
                    _statements(told), first=_("Zin"), of=ago, folded=True,
                    legend=_("Van licht naar donker: van bijna nooit naar bijna altijd."))
              for told in modules if measures.STATEMENTS in told.measures),
        ],
        missing=_("Wie niet terugkeek, deed misschien niets anders. Reken dus niet alsof iedereen ja zei."),
        not_said=_(
            "Dat het gesprek voor de ander ook anders was. Mensen vertellen dit over zichzelf, en hoe vaak ze het voor "
            "de module deden, staat er niet naast."
        ),
    )  # fmt: skip


def _statements(told: Told) -> list[Line]:
    """By the words they have now."""
    row, texts = told.measures[measures.STATEMENTS], told.measures[measures.FOLLOWS].facts["zinnen"]

    def line(text: str, bins: Any) -> Line:
        return _line(text, row, lambda row: _spread(row, _how_often, {"vakken": bins}), language="nl")

    return list(map(line, texts, row.facts["zinnen"]))


def _how_often(values: tuple[int, ...]) -> str:
    """ "vaak", "bijna nooit of soms"; those of whom it didn't apply may be among them, and come last."""
    names = ("", _("bijna nooit"), _("soms"), _("de helft van de keren"), _("vaak"), _("bijna altijd"))
    if values == (0,):
        return _("niet van toepassing")
    often = words.together(names, values)
    return _("%(often)s, of niet van toepassing") % {"often": often} if 0 in values else often


# --- 8


def _bringing_about() -> Tier:
    return Tier(
        "teweegbrengen", "8", _("Wat het teweegbrengt"),
        _(
            "Dit meten we nog niet. Reflectietafels, achtjes en evenwichtige pakketten gebeuren buiten dit systeem, "
            "en van verhalen over verandering is er nog geen beoordeling door de Raad van Inzicht."
        ),
    )  # fmt: skip


# --- a file of it


def file_lines(found: Sequence[Tier], period: str) -> Iterator[FileLine]:
    """A line for each thing that is said. `period`: in words."""
    yield [
        _("Trede"), _("Maat"), _("Half jaar"), _("Waarvan"), _("Mensen"), _("Van"), _("Ontbreekt (procent)"),
        _("Wat"), _("Waarde"),
    ]  # fmt: skip
    few = _("te weinig mensen om te tonen")
    for tier in found:
        for table in tier.tables:
            for line in table.lines:
                people = ["" if each is None else each for each in (line.n, line.of, line.missing)]
                start = [f"{tier.number} {tier.title}", table.title, period, line.label, *people]
                for said in line.said or [Said(few, "")]:
                    yield [*start, said.words, said.value]
