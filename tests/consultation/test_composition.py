"""Assemblies of representatives made up as the law wants: 村民委员会组织法 art. 25."""

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from consultation.models import Blueprint, BlueprintComposition, Invitation, StageComposition
from consultation.reference import BadStages, composition_line, composition_of
from consultation.services import attending, blueprints, sessions, voting
from consultation.services.rooms import room_of
from consultation.services.sessions import Guest
from lib.errors import RuleViolation
from organizations.models import User
from tests.factories import consultation as makers
from tests.factories import voting as rooms

pytestmark = pytest.mark.django_db
VILLAGE = ("representatives >= 4/5", "women representatives >= 1/3")


def assembly(*lines, **more):
    """A planned session without anybody, whose form asks for `lines`."""
    place = makers.make_place()
    blueprint = makers.make_blueprint(
        (("session", "session", {}),), code="villagers", form="villagers",
        rules={"session": [rooms.QUORUM, rooms.MAJORITY]},
    )  # fmt: skip
    stage = blueprint.stages.get()
    for line in lines:
        BlueprintComposition.objects.create(stage=stage, **composition_of(line))
    found = makers.fresh(makers.make_running(place, blueprint))
    session = sessions.plan_session(found, rooms.plan(), by=place.host, at=makers.AT)
    return place, found, session


def invite(place, session, *, women=0, men=0, committee=0, guests=0):
    people = [
        *(Guest(f"女{n}", "representatives", is_woman=True) for n in range(women)),
        *(Guest(f"男{n}", "representatives", is_woman=False) for n in range(men)),
        *(Guest(f"委{n}", "committee", is_woman=True) for n in range(committee)),
        *(Guest(f"客{n}", "experts", is_member=False) for n in range(guests)),
    ]
    sessions.invite(session, people, by=place.host, at=makers.AT)


def opened(place, session):
    return sessions.open_session(session, by=place.host, at=rooms.BEGIN)


# (women and men who represent, committee, opens): exactly at the share, and one person below it.
EDGES = [
    (7, 9, 4, True),  # 16 of 20 are representatives, 7 of 20 women among them
    (7, 8, 5, False),  # 15 of 20: less than four fifths
    (5, 8, 2, True),  # 5 of 15 are a third
    (4, 9, 2, False),  # 4 of 15 are not
    (0, 0, 0, False),
]


@pytest.mark.parametrize(("women", "men", "committee", "opens"), EDGES)
def test_the_law_counts_members_to_the_last_one(women, men, committee, opens):
    place, _found, session = assembly(*VILLAGE)
    invite(place, session, women=women, men=men, committee=committee, guests=30)
    if opens:
        assert opened(place, session).state == "open"
        return
    with pytest.raises(RuleViolation) as refused:
        opened(place, session)
    assert refused.value.code == "composition"
    session.refresh_from_db()
    assert session.state == "planned"


def test_women_who_do_not_represent_do_not_count_as_women_who_do():
    place, _found, session = assembly("women representatives >= 1/3")
    invite(place, session, women=2, men=6, committee=4)
    with pytest.raises(RuleViolation):
        opened(place, session)


def test_a_number_of_representatives_can_be_asked_for():
    place, _found, session = assembly("representatives >= 21", "women representatives >= 1")
    invite(place, session, women=1, men=19)
    with pytest.raises(RuleViolation):
        opened(place, session)
    invite(place, session, men=1)
    assert opened(place, session).state == "open"


def test_what_is_only_a_warning_opens_and_is_shown_red_to_everybody(client):
    place, found, session = assembly("women representatives >= 1/3 | warning")
    invite(place, session, women=1, men=3)
    desk = reverse("consultation:session", args=[session.pk])
    client.force_login(place.host)
    before = client.get(desk).content.decode()
    assert "4 人中有 1 人" in before
    page = reverse("consultation:published_consultation", args=[found.number])
    assert "4 人中有 1 人" not in client.get(page).content.decode()  # people are still invited
    opened(place, session)
    client.logout()
    shown = client.get(page).content.decode()
    told = shown.index("居民代表中的妇女：组成人员 4 人中有 1 人，应当不少于 1/3：未达到。")
    assert "tone-overdue" in shown[shown.index("makeup") : told]


def test_who_is_invited_after_the_doors_opened_does_not_tip_the_vote():
    place, found, session = assembly(*VILLAGE)
    invite(place, session, women=2, men=3, committee=1)
    session = opened(place, session)
    asked = voting.Question("是否同意？", "person", rooms.after(hours=1), session=session)
    vote = voting.draft_vote(found, asked, by=place.host, at=rooms.BEGIN)
    invite(place, session, committee=3)
    with pytest.raises(RuleViolation) as refused:
        voting.open_vote(vote, by=place.host, at=rooms.BEGIN)
    assert refused.value.code == "composition"
    invite(place, session, women=7, men=4)
    assert voting.open_vote(vote, by=place.host, at=rooms.BEGIN).state == "open"


def test_what_a_consultation_asks_for_is_a_copy_that_stays():
    _place, _found, _session = assembly(*VILLAGE)
    BlueprintComposition.objects.all().delete()
    assert [composition_line(vars(row)) for row in StageComposition.objects.all()] == [*VILLAGE]
    for change in ({"numerator": 0, "least": 1}, {"is_binding": False}):
        with pytest.raises(DatabaseError), transaction.atomic():
            StageComposition.objects.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        StageComposition.objects.all().delete()


def test_the_table_refuses_what_asks_for_nothing():
    _place, _found, session = assembly()
    for columns in ({}, {"numerator": 2, "denominator": 1, "of": "representatives"},
                    {"numerator": 1, "denominator": 2}):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            StageComposition.objects.create(stage=session.stage, **columns)
    assert room_of(session).makeup == []


@pytest.mark.parametrize(
    "line", ["women >= 1/3", "representatives >= 4/5", "women members >= 1 | warning"]
)
def test_lines_are_read_as_they_are_written(line):
    assert composition_line(composition_of(line)) == line


@pytest.mark.parametrize("line", ["", "representatives", "representatives > 1/2", "women >= half"])
def test_other_lines_are_refused(line):
    with pytest.raises(BadStages):
        composition_of(line)


def test_the_forms_of_the_law_say_who_makes_them_up(db):
    blueprints.load_reference(by=User.objects.system(), at=timezone.now())
    rows = BlueprintComposition.objects.select_related("stage__blueprint").order_by("pk")
    found = {}
    for row in rows:
        found.setdefault(row.stage.blueprint.code, []).append(composition_line(vars(row)))
    assert found == {
        "four-two": [f"{line} | warning" for line in VILLAGE],
        "villagers-representatives": [*VILLAGE],
        "members-representatives": ["members >= 21", "women members >= 1 | warning"],
    }
    assert Blueprint.objects.get(code="villagers-representatives").form == "villagers"


def test_women_are_noted_only_where_the_form_asks_for_it(client):
    place, _found, session = assembly("women representatives >= 1/3")
    client.force_login(place.host)
    page = reverse("consultation:session_change", args=[session.pk, "invite"])
    assert "is_woman" in client.get(page).content.decode()
    said = {"guests": "李秀\n张兰", "capacity": "representatives", "is_member": "on"}
    assert client.post(page, {**said, "is_woman": "on"}).status_code == 302
    assert client.post(page, {**said, "guests": "王强"}).status_code == 302
    assert dict(Invitation.objects.values_list("name", "is_woman")) == {
        "李秀": True, "张兰": True, "王强": False,
    }  # fmt: skip
    other = rooms.planned(*rooms.in_session(), members=1)[0]
    client.force_login(other.made_by)
    plain = reverse("consultation:session_change", args=[other.pk, "invite"])
    assert "is_woman" not in client.get(plain).content.decode()
    assert Invitation.objects.get(session=other).is_woman is None


def test_checked_in_people_are_counted_apart_from_who_makes_up_the_assembly():
    """The composition is that of the members; who came is the quorum's."""
    place, _found, session = assembly(*VILLAGE)
    invite(place, session, women=3, men=2)
    session = opened(place, session)
    for row in session.invitations.filter(is_woman=False):
        attending.check_in_by_clerk(row, by=place.worker, at=rooms.BEGIN)
    assert [one.holds for one in room_of(session).makeup] == [True, True]
