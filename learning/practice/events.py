"""The news of this room, each sent inside the transaction of what happened. A receiver records what must follow."""

from django.dispatch import Signal

# Somebody's work was shown or judged: a round was handed in, or a reading of it was given. Arguments: person_id.
shown = Signal()
