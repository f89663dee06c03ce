"""What the register keeps of people, and of who was erased: with CERTIFICATES_SURVIVE_ERASURE, and of who only left,
the number and the date of a certificate, so that its paper can still be recognised; else nothing."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from certificates import services, store
from certificates.models import Certificate
from learning.people.models import Person
from learning.people.personal import Facts, Words, about, columns, first_wipes, goes_along, outlives_leaving, personal
from learning.tracks.models import Enrolment


def _stays() -> Words:
    if not settings.CERTIFICATES_SURVIVE_ERASURE:
        return ""
    return _("Van een bewijs dat geldt, blijven het nummer en de datum, verder niets.")


@personal(Certificate, "person", _("Je bewijzen en certificaten"), stays=_stays)
def _certificate(row: Certificate) -> Facts:
    return {**columns(row, "facts"), "document": row.facts}


about(services.ISSUE, "enrolment", Enrolment, "person")
about(services.ISSUE_MODULE, "enrolment", Enrolment, "person")
about(services.RENDER, "certificate", Certificate, "person")


@first_wipes
def _wipe_documents(person: Person) -> None:
    for code in Certificate.objects.filter(person=person).values_list("code", flat=True):
        store.delete(code)


@goes_along
def _leave_the_number(person: Person) -> None:
    services.erase_of(person, keep_number=settings.CERTIFICATES_SURVIVE_ERASURE)


@outlives_leaving
def _leave_the_number_of_who_left(person: Person) -> None:
    """Seven years is longer than they are remembered here, and whoever shows the paper elsewhere may need it."""
    services.erase_of(person, keep_number=True)
