"""Files of legislation, brought to a stage by the service."""

import datetime

from consultation.models import Consultation
from consultation.services import drafts
from lib.roles import Role
from oversight.models import LegislationLimit
from oversight.services import legislating
from oversight.services.legislating import Proposed
from tests.factories.opinions import NOW, make_open
from tests.factories.organizations import LONG_AGO, PostFactory

DAY = datetime.timedelta(days=1)
TEXT = "第一条 为了规范物业管理，制定本条例。\n第二条 物业服务人应当公示收支。"
BEFORE_COMMENTS = ("justify", "schedule", "draft")


def limits():
    LegislationLimit.objects.get_or_create(
        stage="commenting", valid_from=LONG_AGO, defaults={"least_days": 30, "most_days": 60}
    )
    LegislationLimit.objects.get_or_create(
        stage="passed_law", valid_from=LONG_AGO, defaults={"most_days": 120}
    )


def officer(body=None):
    """The committee member whose body drafts."""
    more = {} if body is None else {"body": body}
    return PostFactory(role=Role.COMMITTEE_MEMBER, **more).person


def begun(*, by=None, at=NOW, **said):
    limits()
    by = by or officer()
    values = {
        "title": "物业管理条例（修订）", "subject": "property", "summary": "收支不公开，投诉多。",
        "body": by.posts.get().body,
    }  # fmt: skip
    return legislating.begin_file(Proposed(**{**values, **said}), by=by, at=at)


def moved(row, *names, at=NOW, **said):
    for name in names:
        row = legislating.advance(row, name, by=row.made_by, at=at, **said)
    return row


def consulted(*, at=NOW, by=None, place=None):
    """(file, consultation): open for comments, with a draft of two articles."""
    found = make_open(place, code=f"council-{Consultation.objects.count()}")
    host = found.place_of_test.host
    drafts.bring_in(found, title="物业管理条例（草案）", text=TEXT, by=host, at=at)
    row = begun(by=by, at=at)
    row = legislating.set_consultation(row, found, by=row.made_by, at=at)
    return moved(row, *BEFORE_COMMENTS, "consult", at=at), found
