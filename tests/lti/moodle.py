"""A Moodle 4.5 as far as its services go, with the habits that were recorded of a real one.

The numbers in docstrings are the rows of that record; what isn't said there is as the specification has it. It runs
over `hostile.Server`: what a test scripts for an address comes before what Moodle would say.
"""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from lti import claims as words
from lti.keys import jwks
from tests.lti.hostile import LEARNER, Asked, Claims, Lms, Reply, Server

COURSE, TYPE = "2", "3"
ROOT = "/mod/lti/services.php"
CURLY = ("“".encode().decode("latin-1"), "”".encode().decode("latin-1"))


@dataclass
class Grade:
    score: float | None
    stamp: int


@dataclass
class Column:
    """`activity`: the activity's own, made by Moodle; `maximum` is the gradebook's, whatever a score says."""

    number: int
    item: dict[str, Any]
    maximum: float = 100.0
    activity: bool = False
    grades: dict[str, Grade] = field(default_factory=dict)


@dataclass
class Enrolled:
    user: str
    name: str
    email: str
    roles: tuple[str, ...] = ("Learner",)
    status: str = "Active"


class Moodle(Server):
    def __init__(self) -> None:
        super().__init__()
        self.published = jwks("tool")
        """What our address for keys gives: taken along, for the server's thread may not look in the database."""
        self.columns: dict[int, Column] = {}
        self.people: list[Enrolled] = []
        self.shares_names = True
        self.tokens: set[str] = set()
        self.keys: Any = {"keys": []}
        self.keys_fetched = 0
        self.taken: list[tuple[str, float, str, int]] = []
        """Scores that were taken, in order: (user, share, grading progress, moment)."""

    # --- what a test says of it

    def column(self, **item: Any) -> Column:
        number = 10 + len(self.columns)
        self.columns[number] = Column(number, item, activity=not item.get("resourceId"))
        item.update(id=self.address(number), scoreMaximum=100, label=item.get("label", "Dialoog"))
        return self.columns[number]

    def address(self, number: int) -> str:
        return f"{self.url}{ROOT}/{COURSE}/lineitems/{number}/lineitem?type_id={TYPE}"

    @property
    def line_items(self) -> str:
        return f"{self.url}{ROOT}/{COURSE}/lineitems?type_id={TYPE}"

    @property
    def memberships(self) -> str:
        return f"{self.url}{ROOT}/CourseSection/{COURSE}/bindings/{TYPE}/memberships"

    def claims(self, lms: Lms, *, column: Any = None, **changes: Any) -> Claims:
        """Of a launch. The link's own column is named when there is exactly one (row 19: none after deep linking)."""
        scopes = [
            words.AGS_LINE_ITEM_SCOPE, words.AGS_LINE_ITEM_READ_SCOPE, words.AGS_RESULT_SCOPE, words.AGS_SCORE_SCOPE,
        ]  # fmt: skip
        endpoint: dict[str, Any] = {"scope": scopes, "lineitems": self.line_items}
        if column:
            endpoint["lineitem"] = column.item["id"]
        nrps = {"context_memberships_url": self.memberships, "service_versions": ["1.0", "2.0"]}
        context = {"id": COURSE, "label": "RUIMTE", "title": "Ruimte", "type": ["CourseSection"]}
        claims = lms.claims(
            **{words.AGS_ENDPOINT: endpoint, words.NRPS_SERVICE: nrps, words.CONTEXT: context, "sub": "7", **changes}
        )
        if not self.shares_names:
            for name in ("name", "given_name", "family_name", "email"):
                claims.pop(name)
        return claims

    # --- what it says

    def reply(self, asked: Asked) -> Reply:
        if asked.route == "/token":
            return self._token(asked)
        if not asked.route.startswith(ROOT):
            return super().reply(asked)
        if asked.headers.get("Authorization", "").removeprefix("Bearer ") not in self.tokens:
            return Reply(401)
        return self._service(asked)

    def _service(self, asked: Asked) -> Reply:
        parts = asked.route.removeprefix(ROOT).strip("/").split("/")
        if parts[0] == "CourseSection":
            return self._members(asked)
        if len(parts) == 2:
            return self._make(asked) if asked.method == "POST" else self._columns(asked)
        column = self.columns.get(int(parts[2]))
        if column is None:
            return Reply(404)
        if asked.method == "DELETE":
            # Row 5: it removes even the activity's own, with its grades.
            del self.columns[column.number]
            return Reply(204, body=b"")
        return self._score(column, asked) if parts[-1] == "scores" else self._results(column, asked)

    def _token(self, asked: Asked) -> Reply:
        """Row 13: an hour; `iat` may not be in the future. Row 14: an unknown kid makes it fetch our keys again."""
        assertion = asked.form["client_assertion"]
        try:
            claims = jwt.decode(assertion, KeySet.import_key_set(self.keys), algorithms=["RS256"]).claims
        except (JoseError, ValueError):
            self.keys, self.keys_fetched = self.published, self.keys_fetched + 1
            try:
                claims = jwt.decode(assertion, KeySet.import_key_set(self.keys), algorithms=["RS256"]).claims
            except (JoseError, ValueError):
                return Reply(400, {"error": "invalid_client"})
        if claims["iat"] > time.time():
            return Reply(400, {"error": "invalid_request"})
        token = f"token-{len(self.tokens)}"
        self.tokens.add(token)
        return Reply(
            body={"access_token": token, "token_type": "Bearer", "expires_in": 3600, "scope": asked.form["scope"]}
        )

    def _columns(self, asked: Asked) -> Reply:
        """Row 6: a Link with `&amp;` and curly quotes."""
        wanted = {"resource_link_id": "resourceLinkId", "resource_id": "resourceId", "tag": "tag"}
        found = [
            column.item
            for column in self.columns.values()
            if all(
                column.item.get(member) == asked.query[name] for name, member in wanted.items() if name in asked.query
            )
        ]
        start, limit = int(asked.query.get("from", 0)), int(asked.query.get("limit", 0)) or len(found) or 1
        headers = {}
        if start + limit < len(found):
            following = urlencode({**asked.query, "limit": limit, "from": start + limit}).replace("&", "&amp;")
            headers["Link"] = f"<{self.url}{asked.route}?{following}>; rel={CURLY[0]}next{CURLY[1]}"
        return Reply(body=found[start : start + limit], headers=headers)

    def _make(self, asked: Asked) -> Reply:
        return Reply(201, body=self.column(**asked.json).item)

    def _score(self, column: Column, asked: Asked) -> Reply:
        """Rows 1 to 4."""
        score = asked.json
        learners = {each.user for each in self.people if "Learner" in each.roles}
        if score["userId"] not in learners or ("scoreGiven" in score and "scoreMaximum" not in score):
            return Reply(400)
        stamp = int(dt.datetime.fromisoformat(score["timestamp"]).timestamp())
        grade = column.grades.get(score["userId"])
        if grade and grade.stamp >= stamp:
            return Reply(409)
        share = min(max(score.get("scoreGiven", 0) / score.get("scoreMaximum", 1), 0.0), 1.0)
        is_graded = score["gradingProgress"] == "FullyGraded"
        column.grades[score["userId"]] = Grade(share * column.maximum if is_graded else None, stamp)
        self.taken.append((score["userId"], share, score["gradingProgress"], stamp))
        return Reply(200, body=b"")

    def _results(self, column: Column, asked: Asked) -> Reply:
        listed = [
            {
                "id": f"{column.item['id']}/{user}",
                "userId": user,
                "resultScore": grade.score,
                "resultMaximum": column.maximum,
            }
            for user, grade in column.grades.items()
            if grade.score is not None
        ]
        return Reply(body=listed)

    def _members(self, asked: Asked) -> Reply:
        """Row 7: everybody at once without a limit, else a good Link; roles are short. Rows 8 and 18: no names unless
        they are shared, then only ids."""
        start, limit = int(asked.query.get("from", 0)), int(asked.query.get("limit", 0)) or len(self.people) or 1
        headers = {"Content-Type": words.NRPS_TYPE}
        if start + limit < len(self.people):
            following = urlencode({**asked.query, "limit": limit, "from": start + limit})
            headers["Link"] = f'<{self.url}{asked.route}?{following}>; rel="next"'
        members = [self._member(each) for each in self.people[start : start + limit]]
        context = {"id": COURSE, "label": "RUIMTE", "title": "Ruimte"}
        return Reply(body={"id": asked.path, "context": context, "members": members}, headers=headers)

    def _member(self, each: Enrolled) -> dict[str, Any]:
        named = {"name": each.name, "email": each.email} if self.shares_names else {}
        return {"user_id": each.user, "roles": list(each.roles), "status": each.status, **named}


MOODLE_LEARNER = [
    "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Student",
    LEARNER,
]
"""Row 7: in launches roles are full addresses."""
