"""A town with a person for every role, the same roles in another town, one row of everything."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from cases.models import (
    BulkMove,
    CallBack,
    CallBackRule,
    CaseExport,
    Erasure,
    PhoneLookUp,
    Reason,
    RetentionRule,
    SavedView,
    SelfConfirmation,
    StageLimit,
    Terms,
    WarningStep,
)
from cases.services import whistles
from funding import services as money
from lib.roles import Role
from organizations import catalogues, services
from organizations.models import (
    AccessToken,
    CalendarDay,
    Citation,
    Delivery,
    Law,
    LawArticle,
    Message,
    NotificationRule,
    WorkingPeriod,
)
from organizations.services import changes
from organizations.services.wishes import make_feed_address
from routing.models import DangerWord
from tests.factories import cases as stages
from tests.factories.funding import (
    BanFactory,
    BankAccountFactory,
    RungFactory,
    SourceFactory,
    SourceRuleFactory,
)
from tests.factories.grids import AreaMembershipFactory, BodyTerritoryFactory, TerritoryFactory
from tests.factories.organizations import (
    LONG_AGO,
    BodyFactory,
    DutyHoursFactory,
    PostFactory,
    SkillFactory,
    UserFactory,
)
from tests.factories.residents import verified
from tests.factories.routing import AdmissionFactory, CommunityDutyFactory, VersionFactory
from tests.permissions import (
    appraisal,
    committee,
    duties,
    emergency,
    ground,
    legislation,
    mutual,
    public_money,
    rolls,
    service,
    sessions,
    talent,
    visits,
)
from tests.permissions.consultation import make_consultations
from tests.permissions.money import make_money
from tests.permissions.opinions import make_opinions

ELSEWHERE = "~"
STRANGER, ANONYMOUS = "stranger", "anonymous"
# Administrators work for the whole installation: there is no other town for them.
LOCAL = [role for role in Role if not role.value.endswith("_admin")]
ACTORS = [
    *[role.value for role in Role],
    *[f"{role.value}{ELSEWHERE}" for role in LOCAL],
    STRANGER,
    ANONYMOUS,
]


@dataclass
class World:
    town: Any
    people: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, Any] = field(default_factory=dict)
    appraisals: dict[str, Any] = field(default_factory=dict)
    case: Any = None
    published: Any = None
    money: dict[str, Any] = field(default_factory=dict)
    message: Any = None
    token: Any = None
    statement: Any = None
    pay: Any = None
    whistle: Any = None
    callback: Any = None
    topic: Any = None
    version: Any = None
    delivery: Any = None
    citation: Any = None
    confirmed: Any = None
    feed: str = ""
    view: Any = None
    ground: dict[str, Any] = field(default_factory=dict)
    bulk: Any = None
    of_money: dict[str, Any] = field(default_factory=dict)
    consultation: dict[str, Any] = field(default_factory=dict)
    opinions: dict[str, Any] = field(default_factory=dict)
    rolls: dict[str, Any] = field(default_factory=dict)
    visit: Any = None
    sessions: dict[str, Any] = field(default_factory=dict)
    mutual: dict[str, Any] = field(default_factory=dict)
    duties: dict[str, Any] = field(default_factory=dict)
    service: dict[str, Any] = field(default_factory=dict)
    talent: dict[str, Any] = field(default_factory=dict)
    legislation: Any = None
    emergency: dict[str, Any] = field(default_factory=dict)
    committee: dict[str, Any] = field(default_factory=dict)


def make_world():
    town = stages.make_town()
    world = World(town)
    _people_at_home(world)
    _people_elsewhere(world)
    world.people[STRANGER] = UserFactory()
    _cases(world)
    world.consultation = make_consultations(world.town)
    _rows(world)
    world.money = make_money(world.town)
    world.opinions = make_opinions(world.town)
    world.mutual = mutual.make_mutual(world.town)
    world.rows |= mutual.catalogue_rows(world.mutual)
    world.duties = duties.make_duties(world.town)
    world.rows |= duties.catalogue_rows(world.duties)
    world.service = service.make_service(world.town)
    world.rows |= service.catalogue_rows(world.service)
    world.talent = talent.make_talent(world.town)
    world.rows |= talent.catalogue_rows(world.talent)
    world.legislation = legislation.make_legislation(world.town)
    world.rows |= legislation.catalogue_rows()
    world.emergency = emergency.make_emergency(world.town)
    world.rows |= emergency.catalogue_rows(world.emergency)
    world.committee = committee.make_committee(world.town)
    world.rows |= committee.catalogue_rows(world.committee)
    _own_things(world)
    _whistle(world)
    world.appraisals = appraisal.make_appraisals(world.town)
    world.rows |= appraisal.catalogue_rows(world.appraisals)
    _together(world)
    return world


def _together(world):
    """What needs other things of the world."""
    world.visit = visits.make_visit(world)
    world.rolls = rolls.make_rolls(world.town)
    world.sessions = sessions.make_sessions(world.town)
    world.of_money = public_money.examples_of(world)


def _people_at_home(world):
    """Those whom a case has met, and one in the office or the centre for each role besides."""
    town = world.town
    named = {
        Role.HANDLER: town.handler, Role.DEPARTMENT_HEAD: town.head, Role.ACCEPTOR: town.acceptor,
        Role.DISPATCHER: town.dispatcher, Role.DUTY_OFFICER: town.duty_officer,
        Role.VERIFIER: town.verifier, Role.COMMITTEE_MEMBER: town.committee,
        Role.GRID_WORKER: town.worker,
    }  # fmt: skip
    for role in Role:
        if role in named:
            world.people[role.value] = named[role]
        else:
            body = town.office if role.value.startswith("finance") else town.centre
            world.people[role.value] = PostFactory(role=role, body=body).person


def _people_elsewhere(world):
    other = TerritoryFactory(town=True, parent=world.town.city, name="别镇")
    office = BodyFactory(name="别镇办公室")
    BodyTerritoryFactory(body=office, territory=other)
    for role in LOCAL:
        world.people[f"{role.value}{ELSEWHERE}"] = PostFactory(role=role, body=office).person


def _cases(world):
    town = world.town
    world.case = stages.handling(town, photos=[stages.photo()])
    world.published = stages.closed(town, text="路灯不亮", title="路灯不亮")
    told = stages.closed(town, channel="hotline", by=town.acceptor, reporter_phone="13812345678")
    world.callback = told.callbacks.get()
    CallBack.objects.update(answer_until=timezone.now() + datetime.timedelta(days=9))
    world.topic = stages.topic_of(world.case)
    world.version = VersionFactory(made_by=town.system)


def _whistle(world):
    town = world.town
    said = {"kind": "enforcement", "text": "占道", "bodies": [town.office], **stages.POINT}
    world.whistle = whistles.blow(by=town.committee, at=timezone.now(), **said)


def _rows(world):
    """One row of each catalogue, in the home town where that means something."""
    town, by, at = world.town, world.town.system, timezone.now()
    community = BodyFactory(community=True)
    BodyTerritoryFactory(body=community, territory=town.community)
    post = town.posts.handler
    DutyHoursFactory(post=post)
    skill = changes.create(SkillFactory.build(), by=by, at=at)
    period = WorkingPeriod.objects.create(
        starts=datetime.time(8, 30), ends=datetime.time(12), valid_from=LONG_AGO
    )
    day = CalendarDay.objects.create(day=datetime.date(2027, 1, 4), is_working=False, reason="调休")
    from axes.models import AccessFailureLog, AccessLog

    from organizations.models import ChangeRecord

    seen = {"username": "x", "ip_address": "127.0.0.1", "attempt_time": at}
    world.rows = {
        "bodies": town.office,
        "kinds": town.office.kind,
        "people": post.person,
        "posts": post,
        "skills": skill,
        "reasons": Reason.objects.create(
            move="return", code="other", name="其他", name_en="Other", valid_from=LONG_AGO
        ),
        "terms": Terms.objects.create(valid_from=LONG_AGO),
        "automatic-confirmations": SelfConfirmation.objects.create(
            body=BodyFactory(), valid_from=LONG_AGO
        ),
        "calendar-days": day,
        "working-periods": period,
        "danger-words": DangerWord.objects.create(
            word="着火", kind="unless_calmed", number="119", valid_from=LONG_AGO
        ),
        "stage-limits": changes.create(
            StageLimit(stage="check", amount=2, unit="work_day", valid_from=LONG_AGO), by=by, at=at
        ),
        "callback-rules": changes.create(CallBackRule(valid_from=LONG_AGO), by=by, at=at),
        "warning-steps": changes.create(
            WarningStep(limit="sign", percent=80, audience="handler", valid_from=LONG_AGO),
            by=by,
            at=at,
        ),
        "exports": CaseExport.objects.create(
            by=town.handler, at=at, language="en", format="csv", masked=True, state="taken"
        ),
        "retention": changes.create(RetentionRule(kind="contact", days=90), by=by, at=at),
        "erasures": Erasure.objects.create(
            kind="contact", at=at, by=by, ended_before=at, cases=0, digest="x" * 64
        ),
        "phone-looks": PhoneLookUp.objects.create(
            by=town.acceptor, at=at, phone="138****5678", reason="x", found=0
        ),
        "notification-rules": changes.create(
            NotificationRule(
                kind="*", channel="email", timing="digest", urgent=False, valid_from=LONG_AGO
            ),
            by=by,
            at=at,
        ),
        "changes": ChangeRecord.objects.of(skill).get(),
        "sign-ins": AccessLog.objects.create(**seen),
        "sign-in-failures": AccessFailureLog.objects.create(**seen),
        "territories": town.place,
        "area-members": AreaMembershipFactory(town=town.place),
        "body-territories": town.office.territories.get(),
        "post-territories": post.territories.create(territory=town.grid, valid_from=LONG_AGO),
        "sources": town.line.source,
        "purposes": town.purpose,
        "lines": town.line,
        "source-rules": SourceRuleFactory(source=town.line.source),
        "bans": BanFactory(source=town.line.source),
        "rungs": RungFactory(source=SourceFactory()),
        "bank-accounts": BankAccountFactory(body=town.office),
        "categories": town.small,
        "standards": town.standard,
        "duties": town.duty,
        "community-lists": CommunityDutyFactory(body=community, category=town.small),
        "admissions": AdmissionFactory(category=town.small, community=community, line=town.line),
    }
    law = Law.objects.create(
        code="permissions", kind="law", title="x", title_en="x", short_title="x", issued_by="x",
        read_at="x", valid_from=LONG_AGO,
    )  # fmt: skip
    article = LawArticle.objects.create(
        law=law, number=1, gist="x", gist_en="x", valid_from=LONG_AGO
    )
    world.rows |= {"laws": law, "law-articles": article}
    duty = world.rows["community-lists"]
    world.citation = Citation.objects.create(
        law=law, number=1, kind=duty._meta.label_lower, key=str(duty.pk), changed_on=at.date()
    )
    world.rows |= public_money.catalogue_rows(town)
    world.rows |= world.consultation["catalogues"]
    world.rows |= visits.catalogue_rows(town)
    world.rows |= ground.catalogue_rows()
    world.ground = ground.make_ground(town)
    money.allow_purposes(town.line.source, purposes=[town.purpose], by=by, at=at)


def _own_things(world):
    """A message and a token of the handler: everybody else must not find them."""
    at = timezone.now()
    services.inbox.send(to=[world.town.handler], key="x", kind="x", at=at)
    world.message = Message.objects.get(key=f"x:{world.town.handler.pk}")
    world.delivery = Delivery.objects.create(
        key="x", channel="sms", to=world.town.handler, shown_address="138****5678", kind="x",
        state="failed", made_at=at, due_at=at,
    )  # fmt: skip
    world.view = SavedView.objects.create(
        name="x", person=world.town.handler, made_by=world.town.handler, made_at=at
    )
    world.bulk = BulkMove.objects.create(by=world.town.handler, at=at, move="sign", done_at=at)
    world.confirmed = verified(by=world.town.acceptor, at=at).verifications.get()
    world.feed = make_feed_address(world.town.handler, at=at)
    world.token = AccessToken.objects.create(
        person=world.town.handler, name="x", digest="x" * 64, created_at=at
    )


def rows_of_every_catalogue(world):
    missing = {one.key for one in catalogues.every()} - world.rows.keys()
    assert missing == set(), f"say in tests/permissions/world.py which row stands for {missing}"
    return world.rows
