"""Pages of coverage and of borders: what is shown to whom, and what their buttons do."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from shapely.geometry import box

from grids import services
from grids.geometry import geojson_of
from grids.models import (
    BorderEdit,
    CoverageFinding,
    CoverageRule,
    CoverageRun,
    Premises,
    Territory,
    VisitPlan,
)
from lib.roles import Role
from organizations.models import Message
from tests.factories import visits
from tests.factories.grids import (
    BodyTerritoryFactory,
    BoundaryFactory,
    PostTerritoryFactory,
    TerritoryFactory,
)
from tests.factories.organizations import BodyFactory, PostFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def dispatcher(town, client):
    """Signed in; the body covers the town, in which a strip lies between the two grids."""
    body = BodyFactory()
    BodyTerritoryFactory(body=body, territory=town.town)
    person = PostFactory(role=Role.DISPATCHER, body=body).person
    client.force_login(person)
    BoundaryFactory._meta.model.objects.filter(territory=town.south).update(
        geometry=geojson_of(box(114.0, 22.8, 114.1, 22.89)), north=22.89
    )
    check()
    return person


def check():
    services.ask_check(by=UserFactory(), at=timezone.now())
    services.check_waiting(moment=timezone.now)


def blind(community):
    return CoverageFinding.objects.standing().get(kind="blind", community=community)


def test_the_page_shows_figures_list_and_ways_to_mend(client, town, dispatcher):
    answer = client.get(reverse("grids:coverage"), {"kind": "blind"})
    html = answer.content.decode()
    row = blind(town.west)
    assert reverse("grids:coverage_mend", args=[row.pk]) in html
    assert {one.territory for one in answer.context["page"].rows} == {
        town.west, town.east, town.town,
    }  # fmt: skip
    assert answer.context["town"] == town.town


def test_one_click_mends_and_the_number_falls(client, town, dispatcher):
    before = CoverageFinding.objects.standing().filter(kind="blind").count()
    client.post(reverse("grids:coverage_mend", args=[blind(town.west).pk]))
    services.check_waiting(moment=timezone.now)
    assert CoverageFinding.objects.standing().filter(kind="blind").count() == before - 1
    assert BorderEdit.objects.get().unit == town.west


def test_findings_of_another_town_are_not_there(client, town, dispatcher):
    other = BodyFactory()
    BodyTerritoryFactory(body=other, territory=TerritoryFactory(town=True, parent=town.city))
    client.force_login(PostFactory(role=Role.DISPATCHER, body=other).person)
    answer = client.get(reverse("grids:coverage"))
    assert answer.context["page"].rows == []
    row = blind(town.west)
    assert client.post(reverse("grids:coverage_mend", args=[row.pk])).status_code == 404
    assert client.get(reverse("grids:editor", args=[town.west.code])).status_code == 403
    assert BorderEdit.objects.count() == 0


def test_the_list_costs_the_same_with_one_and_with_three_findings(client, town, dispatcher):
    def cost():
        with CaptureQueriesContext(
            connection,
        ) as seen:
            client.get(reverse("grids:coverage"))
        return len(seen)

    rows = CoverageFinding.objects.standing()
    rows.exclude(pk=blind(town.west).pk).update(gone_in=CoverageRun.objects.latest("pk"))
    cost()
    one = cost()
    CoverageFinding.objects.filter(kind="blind").update(gone_in=None)
    assert CoverageFinding.objects.standing().count() == 3
    assert cost() == one


def test_the_map_gets_areas_and_points(client, town, dispatcher):
    features = client.get(reverse("grids:coverage_findings")).json()["features"]
    kinds = {feature["geometry"]["type"] for feature in features}
    assert kinds == {"Polygon", "Point"}


def test_progress_is_shown_until_the_check_has_ended(client, town, dispatcher):
    client.post(reverse("grids:coverage_check"))
    CoverageRun.objects.filter(state="waiting").update(state="running", total=10, done=4)
    answer = client.get(reverse("grids:coverage_progress"))
    assert 'value="4" max="10"' in answer.content.decode()
    assert "HX-Refresh" not in answer.headers
    CoverageRun.objects.filter(state="running").update(
        state="done", done=10, finished_at=timezone.now()
    )
    assert client.get(reverse("grids:coverage_progress")).headers["HX-Refresh"] == "true"


def posted(town, **values):
    return {
        "kind": "split",
        "territories": [str(town.north.pk)],
        "points": "113.99, 22.95\n114.11，22.95",
        "moves": "",
        "day": timezone.localdate().isoformat(),
        **values,
    }


def test_a_preview_shows_sizes_and_writes_nothing(client, town, dispatcher):
    answer = client.post(reverse("grids:editor", args=[town.west.code]), posted(town, preview="1"))
    assert answer.status_code == 200
    assert len(answer.context["plan"]["rows"]) == 2
    assert 'name="save"' in answer.content.decode()
    assert BorderEdit.objects.count() == 0


def test_saving_makes_the_grid_and_taking_back_unmakes_it(client, town, dispatcher):
    address = reverse("grids:editor", args=[town.west.code])
    assert client.post(address, posted(town, save="1")).status_code == 302
    assert Territory.objects.filter(code="441900114006003").exists()
    edit = BorderEdit.objects.get()
    assert (edit.by, edit.kind) == (dispatcher, "split")
    client.post(reverse("grids:border_undo", args=[edit.pk]))
    assert not Territory.objects.filter(code="441900114006003").exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"points": "here"}, "points"),
        ({"points": "200, 22"}, "points"),
        ({"kind": "move", "moves": "114, 22.9"}, "moves"),
        ({"kind": "move", "moves": "114, 22.9 -> there"}, "moves"),
        ({"day": ""}, "day"),
        ({"points": "113, 22"}, "__all__"),
    ],
)
def test_what_cannot_be_read_is_said_beside_the_field_and_kept(
    client, town, dispatcher, values, field
):
    answer = client.post(
        reverse("grids:editor", args=[town.west.code]), posted(town, save="1", **values)
    )
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert answer.context["form"]["points"].value() == values.get("points", posted(town)["points"])


def test_faults_stand_in_the_preview_and_there_is_no_button_to_save(client, town, dispatcher):
    values = posted(town, kind="move", moves="114.0, 23.0 -> 114.04, 22.97", preview="1")
    answer = client.post(reverse("grids:editor", args=[town.west.code]), values)
    assert len(answer.context["plan"]["faults"]) == 1
    assert 'name="save"' not in answer.content.decode()


def test_exact_outlines_are_public_and_dated_ones_stand_in_the_workbench(client, town, dispatcher):
    address = reverse("grids:editor_outlines", args=[town.west.code])
    codes = [one["properties"]["code"] for one in client.get(address).json()["features"]]
    assert codes == ["441900114006001", "441900114006002"]
    assert client.get(address, {"on": "2019-01-01"}).json()["features"] == []
    client.logout()
    public = client.get(reverse("grids:exact_outlines", args=[town.west.code]))
    assert [one["properties"]["code"] for one in public.json()["features"]] == codes
    assert client.get(address).status_code == 302


def test_premises_come_in_from_a_file_after_a_dry_run(client, town, dispatcher, tmp_path):
    def send(text, **more):
        from django.core.files.uploadedfile import SimpleUploadedFile

        file = SimpleUploadedFile("premises.csv", text.encode("utf-8"))
        return client.post(reverse("grids:premises_import"), {"file": file, **more})

    text = "\ufeffcode,name,kind,lon,lat\np1,黄江小学,学校,114.05,22.95\n"
    checked = send(text.replace("学校", "school"), dry_run="on")
    assert (checked.context["report"].added, Premises.objects.count()) == (1, 0)
    assert send(text.replace("学校", "school")).status_code == 302
    assert Premises.objects.get().grid == town.north
    assert send("a,b\n1,2\n").status_code == 422
    assert send("code,name,kind,lon,lat\np2,x,castle,1,1\n").context["report"].refused


def test_the_list_of_units_holds_what_the_person_may_draw_in(client, town, dispatcher):
    rows = client.get(reverse("grids:borders")).context["rows"]
    assert [row for row, _count in rows] == [town.east, town.west]
    assert [row.grids for row, _count in rows] == [0, 2]
    found = client.get(reverse("grids:borders"), {"q": "长龙"}).context["rows"]
    assert [row for row, _count in found] == [town.west]


def unstaffed(grid):
    return CoverageFinding.objects.standing().filter(kind="unstaffed", territory=grid)


def test_a_grid_without_anybody_is_staffed_from_what_was_found(client, town, dispatcher):
    body = dispatcher.posts.get().body
    worker = PostFactory(body=body, role=Role.GRID_WORKER)
    html = client.get(reverse("grids:coverage"), {"kind": "unstaffed"}).content.decode()
    address = reverse("grids:team", args=[town.north.code])
    assert f"{address}?add=full_time" in html
    form = client.get(address, {"add": "full_time"}).context["member_form"]
    assert form["role"].value() == "full_time"
    assert worker in form.fields["post"].queryset
    given = {"role": "full_time", "post": worker.pk, "since": timezone.localdate()}
    answer = client.post(reverse("grids:team_join", args=[town.north.code]), given)
    assert answer.status_code == 302
    services.check_waiting(moment=timezone.now)
    assert not unstaffed(town.north).exists()
    assert unstaffed(town.south).exists()


def test_a_grid_that_nobody_has_visited_is_due_today_and_its_workers_hear_it_once(
    client, town, dispatcher, django_capture_on_commit_callbacks
):
    CoverageRule.objects.create(
        setting="urban", most_households=500, visit_days=30, valid_from=visits.LONG_AGO
    )
    worker = PostFactory(role=Role.GRID_WORKER)
    PostTerritoryFactory(post=worker, territory=town.north)
    check()
    row = CoverageFinding.objects.standing().get(kind="unvisited", territory=town.north)
    address = reverse("grids:coverage_visit", args=[row.pk])
    assert address in client.get(reverse("grids:coverage"), {"kind": "unvisited"}).content.decode()
    client.post(address)
    assert Message.objects.count() == 0  # no rule plans visits to grids yet
    visits.kind_of("grid", code="patrol", every=60)
    services.plan_visits(on=timezone.localdate())
    VisitPlan.objects.update(due_on=timezone.localdate() + visits.days(20))
    for _again in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            client.post(address)
    due = VisitPlan.objects.filter(due_on=timezone.localdate())
    assert [plan.grid for plan in due] == [town.north]
    assert [(row.to, row.kind) for row in Message.objects.all()] == [
        (worker.person, "grid-visit-asked")
    ]
