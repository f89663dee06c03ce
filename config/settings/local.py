"""One machine, one process: the demo, and where developers work."""

from config.environment import read_or_stop
from config.settings.base import *

globals().update(settings_for(read_or_stop(production=False)))
