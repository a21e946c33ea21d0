"""Pages of the duty list and of admissions: who reads what, and what a click does."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from lib.roles import Role
from organizations.models import User
from routing import services
from routing.models import (
    AdmissionApplication,
    AdmissionEvaluation,
    DutyChange,
    DutyEntry,
    DutyFinding,
    UnadmittedRefusal,
)
from routing.models.duty import CommunityList
from tests.factories import admissions as make
from tests.factories.duties import make_city, make_committee
from tests.factories.organizations import PostFactory
from tests.factories.routing import CommunityDutyFactory, DutyEntryFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return make_city(towns=1, communities=2, large=2, small=3)


@pytest.fixture
def committee(city):
    return make_committee(city.places[0].parent)


@pytest.fixture
def finding(city):
    """A gap, found by a check."""
    entry = next(iter(city.fine.values()))
    DutyEntry.objects.filter(pk=entry.pk).update(valid_to=timezone.localdate())
    checked()
    return DutyFinding.objects.standing().get()


def checked():
    services.ask_duty_check(by=User.objects.system(), at=timezone.now())
    services.check_duties_waiting(moment=timezone.now)


def page(client, name, *args, **query):
    return client.get(reverse(f"routing:{name}", args=args), query)


def test_a_handler_does_not_rule(client):
    client.force_login(PostFactory(role=Role.HANDLER).person)
    for name in ("matrix", "findings", "changes", "editions", "precedents", "applications"):
        assert page(client, name).status_code == 403


def test_the_matrix_says_who_leads_assists_and_pays(client, city, committee):
    client.force_login(committee[0])
    place = city.places[0]
    entry = next(entry for (_c, p), entry in city.fine.items() if p == place.pk)
    entry.assistants.add(city.departments[4])
    shown = page(client, "matrix", place=place.code)
    matrix = shown.context["matrix"]
    rows = {row.category: row for _large, some in matrix.groups for row in some}
    assert len(rows) == len(city.classes)
    assert rows[entry.category].marks == {
        entry.lead_id: ["lead"], city.departments[4].pk: ["assist"]
    }  # fmt: skip
    assert page(client, "matrix").status_code == 200


def test_a_gap_is_mended_from_where_it_is_shown(client, city, committee, finding):
    first, second = committee
    client.force_login(first)
    shown = page(client, "findings")
    assert [number for _kind, number in shown.context["kinds"]] == [1, 0, 0]
    editor = page(client, "mend", finding.pk)
    form = editor.context["form"]
    like = DutyEntry.objects.filter(category=finding.category).exclude(valid_to=None).get()
    assert form["lead"].initial == like.lead
    typed = {
        "category": finding.category.code, "territory": finding.community.code,
        "lead": like.lead.code, "legal_basis": "三定规定", "force_on": timezone.localdate(),
        "assistants": "", "payer": "", "change": "",
    }  # fmt: skip
    client.post(reverse("routing:mend", args=[finding.pk]), typed)
    change = DutyChange.objects.get()
    client.post(reverse("routing:change_move", args=[change.pk, "submit"]))
    client.force_login(second)
    client.post(reverse("routing:change_move", args=[change.pk, "adopt"]))
    change.refresh_from_db()
    assert change.state == "adopted"
    checked()
    assert [number for _kind, number in page(client, "findings").context["kinds"]] == [0, 0, 0]


def test_an_overlap_and_a_misplacement_propose_what_ends(client, city, committee):
    client.force_login(committee[0])
    (first, second), place = list(city.fine.values())[:2], city.places[0]
    other = DutyEntryFactory(category=first.category, territory=first.territory)
    DutyEntry.objects.filter(pk=second.pk).update(lead=city.bodies[second.territory_id])
    CommunityDutyFactory(
        category=second.category, body=city.bodies[second.territory_id],
        list=CommunityList.NEGATIVE,
    )  # fmt: skip
    checked()
    found = {row.kind: row for row in DutyFinding.objects.standing()}
    overlap = page(client, "mend", found["overlap"].pk).context["form"]
    assert set(overlap["ends"].initial) == {first.pk, other.pk}
    misplaced = page(client, "mend", found["misplaced"].pk).context["form"]
    assert misplaced["ends"].initial == [second.pk]
    assert misplaced["lead"].initial in city.departments
    assert place is not None


def test_a_committee_sees_what_its_own_ground_is_short_of(client, finding):
    other = make_committee(make.TerritoryFactory(town=True))[0]
    client.force_login(other)
    context = page(client, "findings").context
    assert context["page"].rows == []
    assert [number for _kind, number in context["kinds"]] == [0, 0, 0]


def test_findings_are_narrowed_and_drawn(client, city, committee, finding):
    client.force_login(committee[0])
    town = city.places[0].parent
    for query, number in (
        ({"kind": "gap"}, 1), ({"kind": "overlap"}, 0), ({"town": town.code}, 1),
        ({"class": finding.category.code}, 1), ({"class": finding.category.parent.code}, 1),
        ({"town": "nowhere"}, 0),
    ):  # fmt: skip
        assert len(page(client, "findings", **query).context["page"].rows) == number
    assert page(client, "findings", kind="other").status_code == 400
    assert page(client, "findings_shapes").json()["type"] == "FeatureCollection"
    assert page(client, "findings_progress").headers["HX-Refresh"] == "true"
    client.post(reverse("routing:findings_check"))
    assert page(client, "findings_progress").status_code == 200


def test_a_list_costs_the_same_queries(client, city, committee, finding):
    client.force_login(committee[0])

    def counted():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            page(client, "findings")
        return len(captured)

    page(client, "findings")
    one = counted()
    for entry in list(city.fine.values())[1:3]:
        DutyEntry.objects.filter(pk=entry.pk).update(valid_to=timezone.localdate())
    checked()
    assert DutyFinding.objects.standing().count() == 3
    assert counted() == one


def test_a_draft_is_edited_and_its_steps_come_and_go(client, city, committee):
    client.force_login(committee[0])
    today = timezone.localdate()
    client.post(reverse("routing:change_new"), {"title": "调整", "force_on": today})
    change = DutyChange.objects.get()
    entry = next(iter(city.fine.values()))
    found = page(client, "change_step", change.pk, q=entry.category.name).context["found"]
    assert entry in found
    address = reverse("routing:change_step", args=[change.pk]) + f"?entry={entry.pk}"
    assert client.get(address).context["form"]["ends"].initial == [entry.pk]
    typed = {"territory": entry.territory.code, "category": entry.category.code,
             "ends": [entry.pk], "assistants": ""}  # fmt: skip
    client.post(address, typed)
    item = change.items.get()
    assert (item.lead, list(item.ends.all())) == (None, [entry])
    wrong = client.post(reverse("routing:change_step", args=[change.pk]), {
        "territory": entry.territory.code, "assistants": "", "lead": entry.lead.code,
    })  # fmt: skip
    assert (wrong.status_code, change.items.count()) == (422, 1)
    edited = {"title": "新题", "force_on": today, "grounds": "新据"}
    client.post(reverse("routing:change_edit", args=[change.pk]), edited)
    assert page(client, "change", change.pk).context["change"].title == "新题"
    client.post(reverse("routing:step_drop", args=[item.pk]))
    assert change.items.count() == 0
    client.post(reverse("routing:change_move", args=[change.pk, "withdraw"]))
    assert [row.state for row in page(client, "changes").context["page"].rows] == ["withdrawn"]


def test_who_did_not_draft_it_cannot_change_it(client, city, committee):
    client.force_login(committee[0])
    client.post(reverse("routing:change_new"), {"title": "x", "force_on": timezone.localdate()})
    change = DutyChange.objects.get()
    client.force_login(committee[1])
    answer = client.post(reverse("routing:change_move", args=[change.pk, "submit"]))
    assert answer.status_code == 403


def test_precedents_become_a_draft_and_editions_are_compared(client, city, committee):
    client.force_login(committee[0])
    today = timezone.localdate()
    precedent = DutyEntryFactory(
        territory=city.places[0], precedent=True, legal_basis="裁决", valid_from=today
    )
    typed = {"entries": [precedent.pk], "title": "裁决入清单", "force_on": today}
    client.post(reverse("routing:precedents"), typed)
    change = DutyChange.objects.get()
    assert change.items.get().lead == precedent.lead
    yesterday = today - datetime.timedelta(days=1)
    shown = page(client, "editions", first=yesterday, second=today)
    [difference] = shown.context["differences"]
    assert (difference.before, difference.after) == ([], [precedent])
    assert page(client, "editions").status_code == 200


# -- Admissions ---------------------------------------------------------------------------------


def test_an_application_is_made_and_reviewed_in_the_browser(client):
    place = make.make_place()
    client.force_login(place.head)
    begins = timezone.localdate() + datetime.timedelta(days=90)
    typed = {
        "department": place.department.pk, "category": place.category.code,
        "legal_basis": "条例", "begins": begins, "ends": begins + datetime.timedelta(days=300),
        "equipment": "车", "training": "每季", "checker": place.department.code,
    }  # fmt: skip
    client.post(reverse("routing:application_new"), typed)
    application = AdmissionApplication.objects.get()
    assert set(page(client, "application", application.pk).context["missing"]) == {"money"}
    share = {
        "community": place.communities[0].code, "line": place.line.pk,
        "purpose": place.purpose.pk, "amount": "1000", "post_1": place.worker.pk,
    }  # fmt: skip
    wrong = client.post(reverse("routing:share", args=[application.pk]), share)
    assert wrong.status_code == 422
    whole = {**share, "hours_1": 10, "points_1": 4}
    client.post(reverse("routing:share", args=[application.pk]), whole)
    client.post(reverse("routing:application_edit", args=[application.pk]), typed)
    client.post(reverse("routing:application_move", args=[application.pk, "apply"]))
    client.force_login(place.committee[0])
    people = [person.pk for person in place.committee[1:3]]
    client.post(reverse("routing:convene", args=[application.pk]), {"reviewers": people})
    for person in place.committee[1:3]:
        client.force_login(person)
        assert page(client, "applications").context["mine"]
        client.post(reverse("routing:application_move", args=[application.pk, "agree"]))
    application.refresh_from_db()
    assert (application.state, application.amount) == ("trial", 100_000)
    client.force_login(place.committee[0])
    client.post(reverse("routing:application_move", args=[application.pk, "admit"]))
    application.refresh_from_db()
    assert application.state == "admitted"
    assert page(client, "application", application.pk).status_code == 200


def test_strangers_see_no_application_and_communities_no_draft(client):
    place = make.make_place()
    draft = make.drafted(place)
    applied = make.applied(place)
    other = make_committee(make.TerritoryFactory(town=True))[0]
    client.force_login(other)
    assert page(client, "application", applied.pk).status_code == 404
    for person in (place.speakers[0], place.committee[0]):
        client.force_login(person)
        assert page(client, "application", applied.pk).status_code == 200
        assert page(client, "application", draft.pk).status_code == 404
    assert len(page(client, "applications").context["page"].rows) == 1


def test_a_share_is_dropped_and_an_application_renewed(client):
    place = make.make_place()
    draft = make.drafted(place)
    client.force_login(place.head)
    client.post(reverse("routing:share_drop", args=[draft.shares.get().pk]))
    assert draft.shares.count() == 0
    done = make.admitted(place)
    days = {"begins": make.ENDS, "ends": make.ENDS.replace(year=2028)}
    client.post(reverse("routing:renew", args=[done.pk]), days)
    assert AdmissionApplication.objects.latest("pk").renews == done


def test_a_community_says_how_it_goes_and_everybody_reads_it(client, monkeypatch):
    place = make.make_place()
    application = make.admitted(place)
    monkeypatch.setattr(timezone, "now", lambda: make.LATER)
    client.force_login(place.speakers[0])
    share = application.shares.get()
    client.post(reverse("routing:evaluate", args=[share.pk]), {"score": 4, "words": "到位"})
    assert AdmissionEvaluation.objects.get().score == 4
    client.force_login(place.head)
    assert page(client, "evaluate", share.pk).status_code == 403
    client.logout()
    [row] = page(client, "admitted").context["page"].rows
    assert (row.score, row.said) == (4, 1)


def test_a_refusal_is_written_by_who_speaks_for_the_community(client):
    place = make.make_place()
    client.force_login(place.head)
    assert page(client, "refusals").context["form"] is None
    client.force_login(place.speakers[0])
    typed = {"community": place.communities[0].pk, "what": "代管犬证",
             "department": place.department.code, "category": ""}  # fmt: skip
    client.post(reverse("routing:refusals"), typed)
    assert UnadmittedRefusal.objects.get().department == place.department
    assert len(page(client, "refusals").context["page"].rows) == 1


def test_everybody_reads_what_a_community_does(client):
    place = make.make_place()
    body = place.communities[0]
    CommunityDutyFactory(category=place.category, body=None, list=CommunityList.ASSIST)
    CommunityDutyFactory(body=body, list=CommunityList.NEGATIVE)
    assert page(client, "communities", q=body.name).context["page"].rows == [body]
    lists = dict(page(client, "community", body.code).context["lists"])
    assert [len(lists[one]) for one in CommunityList] == [0, 1, 1]
    assert page(client, "community", place.department.code).status_code == 404


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_stand_in_both_languages(client, language, city, committee, finding):
    client.force_login(committee[0])
    client.cookies["django_language"] = language
    for name in ("matrix", "findings", "changes", "editions", "precedents", "applications"):
        assert page(client, name).status_code == 200
