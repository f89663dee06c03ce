"""The news others hear about people. Each is sent inside the transaction of what happened, as `tracks.events`."""

from django.dispatch import Signal

# People are out of a group: taken out by its trainer, or no longer on the class list of an LMS. What they did stays
# theirs. Arguments: group_id, person_ids (a list of numbers; learners and trainers).
left_group = Signal()
