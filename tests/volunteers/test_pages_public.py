"""What strangers find: what is open as list, calendar, map and feed."""

import pytest
from django.urls import reverse

from tests.factories import volunteers as made
from tests.factories.organizations import SkillFactory
from tests.factories.residents import ResidentFactory
from tests.volunteers.pages import go, same_cost, words
from volunteers import services
from volunteers.models import (
    Course,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def test_a_stranger_finds_what_is_open_as_list_calendar_and_map(client, place):
    shift = made.published(place)
    text = words(go(client, None, "activities"))
    assert "Time for the old" in text
    assert "2 places left" in text
    assert "Become a volunteer" in text
    front = reverse("volunteers:activities")
    month = words(client.get(front, {"look": "calendar"}))
    assert f'href="/volunteers/activities/{shift.activity_id}/"' in month
    assert "November 2026" in month
    drawn = words(client.get(front, {"look": "map"}))
    assert '"lon": 114.05' in drawn
    assert "Time for the old" in words(client.get(front, {"look": "nonsense"}))


def test_the_calendar_turns_its_pages_forward_only(client, place):
    made.published(place, starts=10 * made.DAY)
    front = reverse("volunteers:activities")
    december = words(client.get(front, {"look": "calendar", "month": "2026-12"}))
    assert "December 2026" in december
    assert "Time for the old" in december
    assert "month=2026-11" in december
    for month in ("2020-01", "nonsense", "2026-13"):
        assert "November 2026" in words(client.get(front, {"look": "calendar", "month": month}))
    assert "November 2027" in words(client.get(front, {"look": "calendar", "month": "9999-12"}))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "老人"}, True), ({"q": "Time"}, True), ({"q": "nobody"}, False),
        ({"topic": "elderly"}, True), ({"topic": "x"}, False), ({"community": "0"}, False),
        ({"community": "x"}, True), ({"community": "9" * 40}, True),
    ],
)  # fmt: skip
def test_what_is_open_is_searched(client, place, asked, found):
    made.published(place)
    text = words(client.get(reverse("volunteers:activities"), asked))
    assert ("Time for the old" in text) is found
    assert ("Nothing is open just now" in text) is not found


def test_a_page_of_shifts_leads_to_the_later_ones(client, place):
    activity = made.published(place, places=1).activity
    for day in range(3, 35):
        made.add(activity, by=place.organizer, starts=day * made.DAY)
    answer = go(client, None, "activities")
    assert "Later" in words(answer)
    cursor = answer.context["page"].next
    rest = client.get(reverse("volunteers:activities"), {"cursor": cursor})
    assert len(rest.context["page"].rows) == 3
    assert "Earlier" in words(rest)
    bad = client.get(reverse("volunteers:activities"), {"cursor": "x"})
    assert bad.status_code == 400


def test_drafts_are_nobodys_and_cancelled_ones_say_why(client, place):
    draft = made.draft(place)
    made.add(draft, by=place.organizer)
    assert go(client, None, "activity", draft.pk).status_code == 404
    assert go(client, ResidentFactory(), "activity", draft.pk).status_code == 404
    client.logout()
    shift = made.published(place)
    services.cancel_activity(shift.activity, by=place.organizer, at=made.AT, reason="台风来了")
    text = words(go(client, None, "activity", shift.activity_id))
    assert "Cancelled" in text
    assert "台风来了" in text
    assert "Sign up" not in text


def test_an_activity_tells_what_one_must_know(client, place):
    course = Course.objects.create(code="aid", name="急救", name_en="First aid")
    skill = SkillFactory(name="高空", name_en="Heights")
    asked = [
        services.Asked("skill", skill=skill, needs_proof=True),
        services.Asked("course", course=course, is_required=False),
        services.Asked("insurance"),
    ]
    shift = made.published(
        place, danger="dangerous", risks="可能坠落", min_age=18, max_age=60, asked=asked,
        equipment="安全帽",
    )  # fmt: skip
    text = words(go(client, None, "activity", shift.activity_id))
    for part in (
        "可能坠落", "安全帽", "18 to 60 years", "Heights (with proof)", "First aid (wished)",
        "Insurance", "梅塘社区党群服务中心", "2026-11-26 Thu 10:00–12:00", "Sign up",
        "freely until 24 hours before",
    ):  # fmt: skip
        assert part in text


def test_the_calendar_file_and_the_feed_name_the_activities_and_nobody(client, place):
    shift = made.published(place)
    volunteer = made.active(place)
    made.signed(shift, volunteer)
    for name, arguments in (("calendar", []), ("activity_calendar", [shift.activity_id])):
        file = go(client, None, name, *arguments)
        assert file["Content-Type"].startswith("text/calendar")
        assert "DTSTART" in file.content.decode()
    feed = go(client, None, "feed")
    assert feed["Content-Type"].startswith("application/atom+xml")
    text = feed.content.decode()
    assert "Time for the old" in text
    assert f"/volunteers/activities/{shift.activity_id}/" in text
    assert volunteer.person.full_name not in text


def test_what_is_full_called_off_or_open_to_all_says_so(client, place):
    full = made.published(place, places=1)
    made.signed(full, made.active(place))
    assert "full: waiting list" in words(go(client, None, "activities"))
    activity = made.draft(place, form="open")
    made.add(activity, by=place.organizer, places=None)
    services.submit(activity, by=place.organizer, at=made.AT)
    services.publish(activity, by=place.reviewer, at=made.AT)
    assert "come as you like" in words(go(client, None, "activities"))


def test_the_public_lists_cost_the_same_with_more_rows(client, place):
    made.published(place)
    front = reverse("volunteers:activities")

    def more():
        for days in (3, 4, 5):
            made.published(place, starts=days * made.DAY)

    same_cost(client, None, front, more)
    same_cost(client, None, f"{front}?look=calendar", more)
    same_cost(client, None, f"{front}?look=map", more)
    same_cost(client, None, reverse("volunteers:feed"), more)
    same_cost(client, None, reverse("volunteers:calendar"), more)
