import datetime

import pytest

from funding import services
from funding.models import Line, LinePurpose
from lib.errors import RuleViolation
from lib.roles import Role
from organizations.models import ChangeRecord
from tests.factories.funding import LineFactory, PurposeFactory, SourceFactory
from tests.factories.organizations import BodyFactory, PostFactory, UserFactory

pytestmark = pytest.mark.django_db
AT = datetime.datetime(2026, 11, 23, 2, 0, tzinfo=datetime.UTC)
DAY = datetime.date(2026, 1, 1)


@pytest.fixture
def by():
    return UserFactory()


@pytest.fixture
def roads(by):
    return PurposeFactory(code="roads")


@pytest.fixture
def public(by, roads):
    source = SourceFactory()
    services.allow_purposes(source, purposes=[roads], by=by, at=AT)
    return source


def make(source, *purposes, by, body=None):
    return services.make_line(
        code="2026-roads", name="道路", source=source, body=body or BodyFactory(),
        valid_from=DAY, purposes=purposes, by=by, at=AT,
    )  # fmt: skip


def test_a_new_line_is_empty_and_names_its_purposes(by, public, roads):
    line = make(public, roads, by=by)
    assert (line.received, line.available) == (0, 0)
    assert [row.purpose for row in line.purposes.all()] == [roads]
    actions = ChangeRecord.objects.of(line).order_by("number").values_list("after", flat=True)
    assert actions[1] == {"purposes": ["roads"]}


def test_a_purpose_that_the_source_forbids_makes_no_line(by, public):
    with pytest.raises(RuleViolation) as refusal:
        make(public, PurposeFactory(), by=by)
    assert refusal.value.code == "purpose_not_allowed"
    assert Line.objects.exists() is False


def test_purposes_are_replaced_as_a_whole(by, public, roads):
    lamps = PurposeFactory(code="lamps")
    services.allow_purposes(public, purposes=[roads, lamps], by=by, at=AT)
    line = make(public, roads, by=by)
    services.change_line(line, purposes=[lamps], name="路灯", by=by, at=AT)
    assert list(LinePurpose.objects.values_list("purpose", flat=True)) == [lamps.pk]


def test_what_lines_name_cannot_be_taken_from_their_source(by, public, roads):
    make(public, roads, by=by)
    with pytest.raises(RuleViolation):
        services.allow_purposes(public, purposes=[], by=by, at=AT)
    assert public.allowed.count() == 1


def test_owner_and_source_of_a_line_stay(by):
    line = LineFactory()
    with pytest.raises(TypeError):
        services.change_line(line, body=BodyFactory(), by=by, at=AT)


def test_an_ended_line_keeps_its_money(by):
    line = LineFactory(free=100_00)
    ended = services.end_line(line, on=datetime.date(2027, 1, 1), by=by, at=AT)
    assert (ended.valid_to, ended.available) == (datetime.date(2027, 1, 1), 100_00)


def typed(line_code, source, body, purpose):
    return {
        "code": line_code, "name": "道路", "source": source.pk, "body": body.code,
        "purposes": [purpose.pk], "valid_from": "2026-01-01",
    }  # fmt: skip


def test_a_finance_clerk_makes_lines_of_their_own_body_only(client, public, roads):
    maker = PostFactory(role=Role.FINANCE_MAKER)
    client.force_login(maker.person)
    client.post("/catalogue/lines/new/", typed("mine", public, maker.body, roads))
    answer = client.post("/catalogue/lines/new/", typed("theirs", public, BodyFactory(), roads))
    assert list(answer.context["form"].errors) == ["__all__"]
    line = Line.objects.get()
    assert line.code == "mine"
    assert client.get(f"/catalogue/lines/{line.pk}/edit/").status_code == 200


def test_a_line_of_another_body_is_not_there_and_the_administrator_only_looks(client):
    line = LineFactory()
    client.force_login(PostFactory(role=Role.FINANCE_MAKER).person)
    assert client.get(f"/catalogue/lines/{line.pk}/").status_code == 404
    client.force_login(PostFactory(role=Role.SYSTEM_ADMIN).person)
    assert client.get(f"/catalogue/lines/{line.pk}/").status_code == 200
    assert client.get(f"/catalogue/lines/{line.pk}/edit/").status_code == 403


def test_a_source_is_changed_with_what_it_may_be_used_for(client, public, roads):
    lamps = PurposeFactory()
    client.force_login(PostFactory(role=Role.SYSTEM_ADMIN).person)
    client.post(
        f"/catalogue/sources/{public.pk}/edit/",
        {
            "code": public.code,
            "name": "公共财政",
            "name_en": "Public",
            "rank": 1,
            "purposes": [roads.pk, lamps.pk],
        },
    )
    assert set(public.allowed.values_list("purpose", flat=True)) == {roads.pk, lamps.pk}
