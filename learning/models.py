"""The tables of every room, gathered: one app, one migration history, so that a model can move house."""

from learning.competences.models import *
from learning.files.models import *
from learning.journal.models import *
from learning.notices.models import *
from learning.owndata.models import *
from learning.people.models import *
from learning.practice.models import *
from learning.recordings.models import *
from learning.runtime.models import *
from learning.tracks.models import *
