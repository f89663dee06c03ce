"""The tables of practice: cases and their versions, the work of people on them, and what others said of it."""

from learning.practice.models.cases import *
from learning.practice.models.feedback import *
from learning.practice.models.work import *
