"""The form with which a trainer gives a case out."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning.practice import documents
from learning.practice.models import GivenTo
from learning.practice.queries import giving as queries
from learning.practice.queries.giving import To
from learning.practice.services.giving import Terms
from learning.tracks.groups.queries import groups_of
from modules.blocks.practicecase.rules import PEERS_MAX, ROUNDS_MAX

if TYPE_CHECKING:
    from collections.abc import Mapping

    from learning.people.models import Group, Person
    from learning.practice.models import CaseVersion
    from learning.tracks.models import Track

LONGEST = 2000
FURTHEST = timedelta(days=730)
GROUP, CHOICE, TRACK = "groep", "keuze", "leerlijn"


def _day(label: Any, **more: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, input_formats=["%Y-%m-%d"], **more)


class GivingForm(forms.Form):
    """`key` makes a second press the first. `people` is asked once somebody wants to choose them from a group."""

    variant = forms.TypedChoiceField(label=gettext_lazy("Variant"), coerce=int, initial=0, widget=forms.RadioSelect)
    to = forms.ChoiceField(label=gettext_lazy("Aan wie"), widget=forms.RadioSelect)
    people = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Kies wie"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    starts_on = _day(gettext_lazy("Vanaf"))
    due_on = _day(gettext_lazy("Uiterste datum"))
    rounds_max = forms.IntegerField(label=gettext_lazy("Rondes, hoogstens"), min_value=1, max_value=ROUNDS_MAX)
    peers = forms.IntegerField(
        label=gettext_lazy("Collega’s die meelezen"), min_value=0, max_value=PEERS_MAX,
        help_text=gettext_lazy("Uit dezelfde groep. Nul, één of twee."),
    )  # fmt: skip
    second_reader = forms.BooleanField(
        label=gettext_lazy("Een tweede trainer leest mee voordat de feedback teruggaat"), required=False
    )
    message = forms.CharField(
        label=gettext_lazy("Bericht erbij"), required=False, max_length=LONGEST,
        help_text=gettext_lazy("Wie de case krijgt, leest dit boven de opdracht."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, trainer: Person, version: CaseVersion, **kwargs: Any) -> None:
        """Two queries, one more when people are chosen."""
        super().__init__(*args, **kwargs)
        self.trainer, self.document = trainer, documents.read(version.document)
        today = timezone.localdate()
        self.groups = {group.pk: group for group in groups_of(trainer) if not queries.has_ended(group, today)}
        self.tracks = {track.pk: track for track in queries.tracks_of(trainer)}
        self._offer_variants()
        self.fields["to"].choices = list(self._ways())  # type: ignore[attr-defined]
        self._offer_people()

    @classmethod
    def blank(cls, *, trainer: Person, version: CaseVersion, to: str = "") -> GivingForm:
        document, today = documents.read(version.document), timezone.localdate()
        initial = {
            "to": to, "starts_on": today, "due_on": today + timedelta(days=document.days),
            "rounds_max": document.rounds_max, "peers": document.peers, "second_reader": document.second_reader,
            "key": uuid.uuid4(),
        }  # fmt: skip
        return cls(initial=initial, trainer=trainer, version=version)

    def _offer_variants(self) -> None:
        if not self.document.variants:
            del self.fields["variant"]
            return
        own = [(number, each.name) for number, each in enumerate(self.document.variants, 1)]
        self.fields["variant"].choices = [(0, _("De opdracht zelf")), *own]  # type: ignore[attr-defined]

    def _ways(self) -> Any:
        for number, group in self.groups.items():
            name = group.name or _("Groep zonder naam")
            yield f"{GROUP}:{number}", _("Iedereen in %(group)s") % {"group": name}
            yield f"{CHOICE}:{number}", _("Een of meer mensen uit %(group)s") % {"group": name}
        for number, track in self.tracks.items():
            yield f"{TRACK}:{number}", _("Iedereen die met leerlijn %(track)s bezig is") % {"track": track.title}

    def _offer_people(self) -> None:
        """Of the group that was chosen; nobody is asked for where everybody gets it."""
        group = self._chosen_from()
        if group is None:
            del self.fields["people"]
            return
        learners = [(person.pk, person.name or _("naam niet gedeeld")) for person in queries.learners_in(group)]
        self.fields["people"].choices = learners  # type: ignore[attr-defined]
        self.fields["people"].required = True
        self.fields["people"].error_messages["required"] = _("Kies minstens één mens.")

    def _chosen_from(self) -> Group | None:
        chosen = self.data.get("to", "") if self.is_bound else str(self.initial.get("to", ""))
        way, _colon, number = chosen.partition(":")
        return self.groups.get(int(number)) if way == CHOICE and number.isdecimal() and len(number) < 12 else None

    @property
    def asked_whom(self) -> bool:
        """Whether the page already showed whom one can choose from this group."""
        return self.is_bound and self.data.get("gevraagd") == self.data.get("to")

    @property
    def must_ask_whom(self) -> bool:
        return "people" in self.fields and not self.asked_whom

    def clean_starts_on(self) -> date:
        day: date = self.cleaned_data["starts_on"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("Kies vandaag of een dag die nog komt."))
        if day > timezone.localdate() + FURTHEST:
            raise forms.ValidationError(_("Kies een dag binnen twee jaar."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        starts, due = data.get("starts_on"), data.get("due_on")
        if starts and due and due < starts:
            self.add_error("due_on", _("De uiterste datum kan niet voor de begindatum liggen."))
        elif due and due > timezone.localdate() + FURTHEST:
            self.add_error("due_on", _("Kies een dag binnen twee jaar."))
        group = self.whom.group if "to" in data else None
        if starts and group and group.ends_on and queries.has_ended(group, starts):
            ended = date_format(group.ends_on, "j F Y")
            self.add_error("to", _("Deze groep stopt op %(day)s. Daarna zet je er niets meer in uit.") % {"day": ended})
        return data

    @property
    def whom(self) -> To:
        """Of a form in which it was chosen."""
        way, _colon, number = self.cleaned_data["to"].partition(":")
        group: Group | None = self.groups.get(int(number))
        if way == TRACK:
            track: Track = self.tracks[int(number)]
            return To(GivenTo.TRACK, track=track)
        if way == GROUP:
            return To(GivenTo.GROUP, group=group)
        people = tuple(self.cleaned_data.get("people", ()))
        return To(GivenTo.PERSON if len(people) == 1 else GivenTo.SELECTION, group=group, people=people)

    @property
    def terms(self) -> Terms:
        """Of a valid form."""
        names = ("starts_on", "due_on", "rounds_max", "peers", "second_reader", "message")
        chosen: Mapping[str, Any] = {name: self.cleaned_data[name] for name in names}
        number = self.cleaned_data.get("variant", 0)
        return Terms(variant=self.document.variants[number - 1].name if number else "", **chosen)
