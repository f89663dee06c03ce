"""What a role in an LMS's course means here.

Only roles in the course count, and the least that fits is given:

- Learner, Mentor, a role we don't know, or none at all: deelnemer;
- Instructor, with its sub-roles such as TeachingAssistant: trainer;
- ContentDeveloper of a course, and an administrator of the course, the institution or the LMS: nothing more. Who makes
  one course, or runs an LMS, doesn't decide for the organisation here: `redacteur` (what tools of others hear of
  people) and `beheer` are only ever given here. Choosing content for their own course is another matter: `may_choose`.
"""

from __future__ import annotations

from collections.abc import Iterable

from lti.claims import INSTITUTION_ROLE, MEMBERSHIP, SYSTEM_ROLE

LEARNER, TRAINER = "deelnemer", "trainer"

_OURS = {"Learner": LEARNER, "Instructor": TRAINER}

_CHOOSES_IN_COURSE = frozenset({"Instructor", "ContentDeveloper", "Administrator"})
_CHOOSES_ANYWHERE = frozenset(
    f"{kind}#{name}"
    for kind in (INSTITUTION_ROLE, SYSTEM_ROLE)
    for name in ("Administrator", "SysAdmin", "AccountAdmin")
)
"""An LMS may launch its course designers with no role in the course but only as who runs the institution or the LMS."""


def ours(roles: Iterable[str]) -> frozenset[str]:
    """Never empty: whoever may open the course may at least learn."""
    found = {_OURS.get(_in_course(role), "") for role in roles} - {""}
    return frozenset(found or {LEARNER})


def may_choose(roles: Iterable[str]) -> bool:
    """Whether somebody with these roles decides what a course holds. Gives no role of ours."""
    return any(role in _CHOOSES_ANYWHERE or _in_course(role) in _CHOOSES_IN_COURSE for role in roles)


def _in_course(role: str) -> str:
    """The principal role in the course that a role says somebody has, or "".

    `…/membership#Instructor`, `…/membership/Instructor#TeachingAssistant` (Core §A.2.3), and the bare `Instructor` that
    is allowed for roles in a course only.
    """
    if "#" not in role and "/" not in role and ":" not in role:
        return role
    kind, _, name = role.removeprefix(MEMBERSHIP).partition("#")
    if not role.startswith(MEMBERSHIP):
        return ""
    return name if kind == "" else kind.removeprefix("/")
