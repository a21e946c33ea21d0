"""A city's archive comes in as history: matters that began and ended in another system.

They arrive as they are, with their own times: no task, no money, no load, no message, no routing,
and nobody of ours who handled or checked them (`Case.is_history`). What the archive says is still
open lies on the desk of its department's head, or of the dispatcher where we know no department.
"""

import datetime
import hashlib

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.models import Case, CaseEvent, Reporter
from cases.services.importing.mapping import Mapping, Unusable
from cases.services.importing.sheets import Row
from cases.services.moves import next_event
from cases.workflow import Desk, State
from lib.chain import seasoned
from organizations.models import Body, BodyKind, User
from organizations.models.bodies import Nature
from organizations.services import make_body
from routing.models import Category
from routing.services import make_category

SINCE = datetime.date(2000, 1, 1)
LONGEST_NAME = 60


class Archive:
    """Knows bodies and kinds by code and name; makes those that are missing, if it may.

    `pretends`: in a trial run what would be made counts as there.
    """

    def __init__(
        self, mapping: Mapping, *, by: User, at: datetime.datetime, create_missing: bool
    ) -> None:
        self.mapping, self.by, self.at = mapping, by, at
        self.creates, self.pretends = create_missing, False
        self._bodies: dict[str, Body] = {}
        self._categories: dict[str, Category] = {}
        if mapping.history:
            self._read()

    def _read(self) -> None:
        for body in Body.objects.order_by("-pk"):
            self._bodies |= {body.code: body, body.name: body, body.name_en: body}
        for row in Category.objects.small_classes().order_by("-pk"):
            self._categories |= {row.code: row, row.name: row, row.name_en: row}

    def take_over(self, case: Case, row: Row, said: dict[str, str]) -> None:
        """Bring an unsaved case to where the archive left it. Raises Unusable."""
        due, closed = self._moment(row, "due_at"), self._moment(row, "closed_at")
        body = self.body(said.get("body", ""), said.get("body_name", ""))
        case.is_history, case.filed_at, case.route_at = True, case.created_at, None
        case.refusal, case.lead_body, case.handle_due_at = "", body, due
        if closed is None:
            case.state, case.desk_body = State.FILED, body
            case.desk = Desk.HEAD if body else Desk.DISPATCH
            return
        if closed < case.created_at:
            raise Unusable(_("It was closed before it was received."))
        if closed > self.at:
            raise Unusable(_("It was closed in the future."))
        case.state, case.desk, case.ended_at = State.CLOSED, Desk.NOBODY, closed

    def _moment(self, row: Row, name: str) -> datetime.datetime | None:
        reading = self.mapping.fields.get(name)
        return reading.moment(row.cells) if reading else None

    def body(self, code: str, name: str) -> Body | None:
        """The body of that code or name; None where the archive names none."""
        wanted = code or name
        if not wanted:
            return None
        found = self._bodies.get(code) or self._bodies.get(name)
        if found is None and self.pretends:
            return None
        if found is None and not self.creates:
            raise Unusable(_("There is no body “%(name)s”.") % {"name": name or code})
        if found is None:
            found = self._new_body(code or _code_of(self.mapping.system, name), name or code)
            self._bodies |= {wanted: found, found.name: found}
        return found

    def _new_body(self, code: str, name: str) -> Body:
        kind = BodyKind.objects.filter(nature=Nature.DEPARTMENT).order_by("pk").first()
        if kind is None:
            raise Unusable(_("Load the kinds of bodies first: load_reference_data."))
        values = {"kind": kind, "code": code, "name": name, "name_en": name, "valid_from": SINCE}
        return make_body(by=self.by, at=self.at, **values)

    def category(self, code: str, name: str) -> Category | None:
        """The small class of that code or name; None where the archive names none."""
        if not (code or name):
            return None
        found = self._categories.get(code or name) or self._categories.get(name)
        if found is None and not (self.creates or self.pretends):
            raise Unusable(_("There is no category “%(code)s”.") % {"code": code or name})
        if found is None and self.creates:
            found = self._new_category(code or name, name or code)
            self._categories[code or name] = found
        return found

    def _new_category(self, wanted: str, name: str) -> Category:
        large = Category.objects.filter(code=self.mapping.system, parent=None).first()
        if large is None:
            large = self._make(code=self.mapping.system, name=self.mapping.system, parent=None)
        return self._make(code=_code_of(self.mapping.system, wanted), name=name, parent=large)

    def _make(self, *, code: str, name: str, parent: Category | None) -> Category:
        names = {"name": name[:LONGEST_NAME], "name_en": name[:LONGEST_NAME]}
        since = timezone.localdate(self.at)
        return make_category(
            code=code, parent=parent, valid_from=since, by=self.by, at=self.at, **names
        )


def _code_of(system: str, name: str) -> str:
    """A code for what another system knows by a name alone: the same name, the same code."""
    return f"{system}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def archived_events(case: Case, reporter: Reporter, *, by: User) -> list[CaseEvent]:
    """Its history, at the moments at which it happened elsewhere."""
    state, case.state = case.state, State.FILED
    facts = {
        "system": case.origin_system,
        "channel": case.channel,
        "words": seasoned(f"{case.title}\n{case.text}", reporter.salt),
        "category": case.category_id,
        "place": [case.town_id, case.community_id, case.grid_id],
        "body": case.lead_body_id,
    }
    events = [next_event(case, "take_over", before="", by=by, at=case.created_at, facts=facts)]
    case.state = state
    if case.ended_at is not None:
        due = {"due": case.handle_due_at.isoformat()} if case.handle_due_at else {}
        events.append(
            next_event(
                case, "closed_elsewhere", before=State.FILED, by=by, at=case.ended_at, facts=due
            )
        )
    return events
