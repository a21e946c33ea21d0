import pytest

from grids.models import BodyTerritory, Level, PostTerritory, Territory
from lib.roles import Role
from tests.factories.grids import TerritoryFactory
from tests.factories.organizations import BodyFactory, PostFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_system(client):
    client.force_login(PostFactory(role=Role.SYSTEM_ADMIN).person)
    return client


def test_a_territory_is_found_by_name_and_its_code_and_parent_stay(as_system):
    town = TerritoryFactory(town=True, name="黄江镇")
    found = as_system.get("/catalogue/territories/?q=黄江").context["lines"]
    assert [row for row, _cells in found] == [town]
    fields = as_system.get(f"/catalogue/territories/{town.pk}/edit/").context["form"].fields
    assert {"code", "level", "parent"} & fields.keys() == set()
    as_system.post(
        f"/catalogue/territories/{town.pk}/edit/",
        {"name": "黄江镇", "aliases": "黄江\n 江镇 \n黄江"},
    )
    town.refresh_from_db()
    assert town.aliases == ["黄江", "江镇"]


def test_a_territory_in_the_wrong_place_is_refused_with_a_sentence(as_system):
    typed = {
        "level": Level.GRID,
        "code": "441900114001001",
        "name": "x",
        "valid_from": "2026-01-01",
    }
    answer = as_system.post("/catalogue/territories/new/", typed)
    assert list(answer.context["form"].errors) == ["__all__"]
    assert Territory.objects.exists() is False


def test_a_body_and_its_posts_are_given_territory(as_system):
    town = TerritoryFactory(town=True)
    community = TerritoryFactory(community=True, parent=town)
    body = BodyFactory()
    post = PostFactory(body=body)
    given = {"valid_from": "2026-01-01"}
    outside = {**given, "post": f"{post.pk} {post}", "territory": community.code}
    answer = as_system.post("/catalogue/post-territories/new/", outside)
    assert list(answer.context["form"].errors) == ["__all__"]
    as_system.post(
        "/catalogue/body-territories/new/", {**given, "body": body.code, "territory": town.name}
    )
    as_system.post("/catalogue/post-territories/new/", outside)
    assert BodyTerritory.objects.get().territory == town
    assert PostTerritory.objects.get().territory == community


def test_coverage_is_ended_not_rewritten(as_system):
    row = BodyTerritory.objects.create(
        body=BodyFactory(), territory=TerritoryFactory(town=True), valid_from="2026-01-01"
    )
    assert as_system.get(f"/catalogue/body-territories/{row.pk}/edit/").status_code == 404
    as_system.post(f"/catalogue/body-territories/{row.pk}/end/", {"on": "2027-01-01"})
    row.refresh_from_db()
    assert str(row.valid_to) == "2027-01-01"


def test_the_page_of_a_body_shows_its_territory_and_its_posts(as_system):
    post = PostFactory()
    row = BodyTerritory.objects.create(
        body=post.body, territory=TerritoryFactory(town=True), valid_from="2026-01-01"
    )
    panels = as_system.get(f"/catalogue/bodies/{post.body_id}/").context["panels"]
    shown = {panel.key: [each for each, _cells in context["lines"]] for panel, context in panels}
    assert (shown["posts"], shown["body-territories"]) == ([post], [row])
