"""The news of this room, each sent inside the transaction of what happened. A receiver records what must follow."""

from django.dispatch import Signal

# What others know of somebody's work changed: a round was handed in or taken back, a reading of it was given or hidden.
# Arguments: person_id.
shown = Signal()
