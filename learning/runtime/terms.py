"""How long what this room keeps of people is kept: a module whole, and what has a day of its own until then."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from learning.people.retention import LEARNING, OWN_DAY, falls_under, warns, wipes
from learning.runtime import expiring, forgetting, wiping
from learning.runtime.models import Attempt, BlockState, CountedAnswer

falls_under(LEARNING, Attempt, CountedAnswer)
falls_under(
    LEARNING, BlockState,
    said=_("%(term)s nadat je er voor het laatst iets mee deed; wat je voor jezelf schreef, tot je het wist"),
)  # fmt: skip

warns(LEARNING)(forgetting.warn)
wipes(LEARNING, due=forgetting.due, at_once=25)(forgetting.forget)
wipes(OWN_DAY, due=wiping.due)(wiping.wipe)
# One at a time: what can't be opened holds nobody else's promise up.
wipes(OWN_DAY, due=expiring.due, at_once=1)(expiring.forget)
