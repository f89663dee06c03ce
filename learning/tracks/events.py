"""The news others hear: published words. Each is sent inside the transaction of what happened.

A receiver records what must follow (`jobs.services.record`) and does nothing else; it may not fail for reasons of
its own, for the learner's answer would be lost with it.
"""

from django.dispatch import Signal

# There is a new edition of a module. Arguments: module, document (what `content.read` reads).
edition_published = Signal()

# A person was enrolled in a module. Arguments: enrolment_id, person_id, module ("dialoogprincipes").
enrolled = Signal()

# A complete attempt was kept. Arguments: person_id, organisation_id, usage ("dialoogprincipes/lens-1"),
# number (1 = the first), score (0..1 or None).
attempt_scored = Signal()

# An activity is done, for the first time. Arguments: enrolment_id, person_id, module, activity.
activity_completed = Signal()

# More required activities are done than before. Arguments: enrolment_id, person_id, module, done, required.
progress_made = Signal()

# Every required activity is done, for the first time. Arguments: enrolment_id, person_id, module.
module_completed = Signal()

# All that the edition somebody follows asks is done: mostly together with the former; later and once more for who went
# over to an edition that asks more. Arguments: enrolment_id, person_id, module.
edition_finished = Signal()

# Something was shown that a certificate asks for: an attempt at an Eindpunt or a Herhaalmoment was kept, and with it
# what may have become done. Arguments: enrolment_id.
shown = Signal()

# A trainer judged a practice case; what came of it, `additions.practice_of` says. Arguments: enrolment_id.
practice_judged = Signal()

# Somebody did what a learning record store may hear of (curriculum 3.0, "xAPI"). Arguments: person_id, usage
# ("dialoogprincipes/lens-1"; "" is their journal), happened, once (names this, where the same may be told twice; "" is
# new each time). `happened` are dicts in the order in which it happened: {"verb"}, and where it is known "item" (the
# author's id of a part of that activity), "response" (the author's id of what was chosen), "score" (0..1), "success",
# "duration" (whole seconds), "attempt" (1 = the first), "stream". Never what somebody wrote, and of class C and D the
# verb alone: `modules.blocks.base.ActivityBlock.tell` sees to that for activities. Who sends it needn't ask whether
# anybody listens. The verbs are in `xapi.vocabulary`.
told = Signal()

# Somebody is further in something of others in a track, or was given another score there. Arguments: link_id,
# person_id, organisation_id, status (a Status), score (0..1 or None).
external_progressed = Signal()
