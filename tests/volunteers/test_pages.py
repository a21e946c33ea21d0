"""Pages of registering, activities, shifts and sign-ups: what each person finds and does there."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lib.roles import Role
from organizations.models import Message
from tests.factories import volunteers as made
from tests.factories.organizations import PostFactory, SkillFactory
from tests.factories.residents import ResidentFactory
from volunteers import services
from volunteers.models import (
    Activity,
    Call,
    Course,
    DoubleReport,
    Organisation,
    Shift,
    Signup,
    Volunteer,
    WaitingPlace,
)
from volunteers.services import Wanted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english(settings):
    settings.LANGUAGE_CODE = "en"


def go(client, person, name, /, *arguments, follow=False, **data):
    if person is not None:
        client.force_login(person)
    address = reverse(f"volunteers:{name}", args=arguments)
    return client.post(address, data, follow=follow) if data else client.get(address)


def press(client, person, name, /, *arguments, **data):
    """Send a form that has nothing but a button; where it leads, read."""
    client.force_login(person)
    address = reverse(f"volunteers:{name}", args=arguments)
    return client.post(address, data, follow=True)


def words(answer, status=200):
    assert answer.status_code == status, answer.content.decode()[:2000]
    return " ".join(answer.content.decode().split())


def queries(client, person, address):
    if person is not None:
        client.force_login(person)
    with CaptureQueriesContext(connection) as caught:
        answer = client.get(address)
    assert answer.status_code == 200
    return len(caught)


def same_cost(client, person, address, more):
    """A page costs the same queries after `more` rows came."""
    queries(client, person, address)
    before = queries(client, person, address)
    more()
    assert queries(client, person, address) == before


def registration(place, **changes):
    given = {
        "full_name": "何小勇", "identity": made.identity("19900101"),
        "community": place.community.pk, "agreed": "on", "weekdays": ["5"], "times": ["morning"],
    }  # fmt: skip
    return {**given, **changes}


# -- Strangers --------------------------------------------------------------------------------


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


# -- Registering --------------------------------------------------------------------------------


def test_a_resident_registers_and_finds_where_it_stands(client, place):
    person = ResidentFactory()
    assert "Identity number" in words(go(client, person, "register"))
    answer = go(client, person, "register", follow=True, **registration(place))
    text = words(answer)
    assert "Waits for review" in text
    row = Volunteer.objects.get(person=person)
    assert row.number in text
    assert (row.person.full_name, row.availabilities.get().weekday) == ("何小勇", 5)
    assert go(client, person, "register").status_code == 302


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"identity": "441900199001010011"}, "no valid identity number"),
        ({"agreed": ""}, "Without your consent"),
        ({"community": ""}, "required"),
        ({"full_name": ""}, "required"),
    ],
)
def test_a_registration_that_is_wrong_says_what(client, place, changes, said):
    person = ResidentFactory()
    answer = go(client, person, "register", **registration(place, **changes))
    assert said in words(answer, 422)
    assert not Volunteer.objects.exists()


def test_a_stranger_is_led_to_the_residents_door_and_back(client, place):
    for name in ("register", "mine", "register_child", "offer"):
        answer = go(client, None, name)
        assert answer["Location"].startswith("/account/enter/?next=/volunteers/")
    shift = made.published(place)
    assert "/account/enter/" in go(client, None, "sign_up", shift.pk)["Location"]


def test_who_is_not_registered_is_led_to_registering(client, place):
    shift = made.published(place)
    answer = go(client, ResidentFactory(), "sign_up", shift.pk)
    assert answer["Location"] == reverse("volunteers:register")


def test_what_is_offered_is_changed(client, place):
    volunteer, skill = made.active(place), SkillFactory()
    offer = reverse("volunteers:offer")
    client.force_login(volunteer.person)
    assert "What you can do" in words(client.get(offer))
    given = {"community": place.elsewhere.pk, "skills": [skill.pk], "languages": ["yue"]}
    assert client.post(offer, given).status_code == 302
    volunteer.refresh_from_db()
    assert (volunteer.community, volunteer.languages) == (place.elsewhere, ["yue"])
    assert list(volunteer.skills.values_list("skill", flat=True)) == [skill.pk]


def test_a_returned_registration_is_corrected(client, place):
    row = made.waiting(place)
    services.decide(row, "return", by=place.organizer, at=made.AT, reason="号码看不清")
    assert "号码看不清" in words(go(client, row.person, "mine"))
    assert "号码看不清" in words(go(client, row.person, "resubmit"))
    again = go(client, row.person, "resubmit", identity=made.identity("19910202"))
    assert again.status_code == 302
    row.refresh_from_db()
    assert (row.state, row.born) == ("waiting", datetime.date(1991, 2, 2))
    wrong = go(client, row.person, "resubmit", identity=made.identity())
    assert "moved on" in words(wrong, 422)


def test_a_minor_names_a_guardian_who_consents_by_the_link(client, place, monkeypatch):
    minor = made.waiting(place, born="20100101")
    assert "guardian must consent" in words(go(client, minor.person, "mine"))
    sent = []
    from organizations.services import inbox

    monkeypatch.setattr(inbox, "tell_resident", lambda *_a, **told: sent.append(told["params"]))
    given = {"name": "李父", "phone": "13800138000", "relation": "parent"}
    assert "11 digits" in words(
        go(client, minor.person, "guardian", **{**given, "phone": "1"}), 422
    )
    assert go(client, minor.person, "guardian", **given).status_code == 302
    assert "consent is still missing" in words(go(client, minor.person, "mine"))
    client.logout()
    link = sent[0]["link"].partition("/volunteers/")[2]
    page = f"/volunteers/{link}"
    assert "I am the guardian" in words(client.get(page))
    assert "You have consented" in words(client.post(page))
    assert client.get("/volunteers/consent/nothing/").status_code == 404
    assert client.post("/volunteers/consent/nothing/").status_code == 404
    assert "has consented" in words(go(client, minor.person, "mine"))


def test_a_guardian_registers_a_child_and_signs_it_up(client, place):
    guardian = made.active(place)
    shift = made.published(place)
    given = {
        "name": "小明", "identity": made.identity("20160101"), "relation": "parent",
        "community": place.community.pk, "agreed": "on",
    }  # fmt: skip
    assert "The child" in words(go(client, guardian.person, "register_child"))
    assert "小明" in words(go(client, guardian.person, "register_child", follow=True, **given))
    child = Volunteer.objects.exclude(pk=guardian.pk).get()
    services.confirm(child, by=place.organizer, at=made.AT)
    page = words(go(client, guardian.person, "sign_up", shift.pk))
    assert "小明" in page
    alone = go(client, guardian.person, "sign_up", shift.pk, volunteer=child.pk)
    assert "guardian comes along" in words(alone, 422)
    go(client, guardian.person, "sign_up", shift.pk, volunteer=guardian.pk)
    assert go(client, guardian.person, "sign_up", shift.pk, volunteer=child.pk).status_code == 302
    assert Signup.objects.holding().count() == 2


def test_leaving_coming_back_and_being_forgotten(client, place):
    row = made.active(place)
    person = row.person
    shift = made.published(place)
    signup = made.signed(shift, row)
    assert "cancel them first" in words(press(client, person, "own_move", row.pk, "leave"))
    services.cancel(signup, by=person, at=made.AT)
    assert "You have left" in words(press(client, person, "own_move", row.pk, "leave"))
    assert "Register again" in words(go(client, person, "mine"))
    press(client, person, "rejoin", agreed="yes")
    row.refresh_from_db()
    assert row.state == "waiting"
    press(client, person, "own_move", row.pk, "leave")
    assert "erased" in words(press(client, person, "own_move", row.pk, "erase")).lower()
    assert "Erased" in words(go(client, person, "mine"))
    stranger = ResidentFactory()
    assert press(client, stranger, "own_move", row.pk, "leave").status_code == 404


# -- Signing up -------------------------------------------------------------------------------


def test_a_place_is_taken_and_given_back(client, place):
    shift, row = made.published(place), made.active(place)
    assert "Sign up" in words(go(client, row.person, "sign_up", shift.pk))
    done = go(client, row.person, "sign_up", shift.pk, follow=True, volunteer=row.pk, remark="x")
    assert "You have signed up" in words(done)
    assert "Has a place" in words(done)
    assert "Has a place" in words(go(client, row.person, "activity", shift.activity_id))
    signup = Signup.objects.get()
    assert "freely until" in words(go(client, row.person, "cancel", signup.pk))
    gone = go(client, row.person, "cancel", signup.pk, follow=True, reason="")
    assert "free for somebody else" in words(gone)
    assert go(client, ResidentFactory(), "cancel", signup.pk).status_code == 404


def test_what_hinders_is_said_before_and_after(client, place):
    shift = made.published(place, danger="dangerous", risks="高空", min_age=18)
    row = made.active(place)
    assert "insurance" in words(go(client, row.person, "activity", shift.activity_id))
    answer = go(client, row.person, "sign_up", shift.pk, volunteer=row.pk)
    assert "This work is dangerous" in words(answer, 422)
    assert not Signup.objects.exists()


def test_who_is_late_waits_and_takes_the_place_that_is_offered(client, place):
    shift, first, second = made.published(place, places=1), made.active(place), made.active(place)
    signup = made.signed(shift, first)
    full = go(client, second.person, "sign_up", shift.pk)
    assert "Put me on the waiting list" in words(full)
    late = go(client, second.person, "sign_up", shift.pk, volunteer=second.pk)
    assert "All places are taken" in words(late, 422)
    given = {"volunteer": second.pk, "wait": "yes"}
    waits = go(client, second.person, "sign_up", shift.pk, follow=True, **given)
    assert "You are on the waiting list" in words(waits)
    assert "number 1 on the list" in words(go(client, second.person, "mine"))
    services.cancel(signup, by=first.person, at=made.AT)
    assert "A place is free for you" in words(go(client, second.person, "mine"))
    waiting = WaitingPlace.objects.get()
    assert press(client, first.person, "take_offer", waiting.pk).status_code == 404
    assert "The place is yours" in words(press(client, second.person, "take_offer", waiting.pk))
    assert Signup.objects.holding().get().volunteer == second


def test_a_list_is_left(client, place):
    shift = made.published(place, places=1)
    made.signed(shift, made.active(place))
    row = made.active(place)
    waiting = services.join_waiting_list(shift, row, by=row.person, at=made.AT)
    assert "You have left the list" in words(press(client, row.person, "leave_list", waiting.pk))
    waiting.refresh_from_db()
    assert waiting.state == "left"


def test_a_short_way_is_asked_about_once(client, place):
    row = made.active(place)
    made.signed(made.published(place), row)
    minutes = datetime.timedelta(minutes=20)
    far = made.published(place, starts=2 * made.DAY + 2 * made.HOUR + minutes, lon=114.09)
    first = words(go(client, row.person, "sign_up", far.pk))
    assert "I can manage it" not in first
    warned = go(client, row.person, "sign_up", far.pk, volunteer=row.pk)
    assert "I can manage it" in words(warned, 422)
    given = {"volunteer": row.pk, "tight": "on"}
    assert go(client, row.person, "sign_up", far.pk, **given).status_code == 302


def test_what_would_suit_is_proposed_with_reasons(client, place):
    row = made.active(place)
    shift = made.published(place)
    text = words(go(client, row.person, "mine"))
    assert "This would suit you" in text
    assert "in the own community" in text
    made.signed(shift, row)
    assert "This would suit you" not in words(go(client, row.person, "mine"))


def test_my_page_costs_the_same_with_more_places(client, place):
    row = made.active(place)
    made.signed(made.published(place), row)
    made.published(place, starts=7 * made.DAY)

    def more():
        for days in (3, 4, 5):
            made.signed(made.published(place, starts=days * made.DAY), row)
            made.published(place, starts=(days + 5) * made.DAY)

    same_cost(client, row.person, reverse("volunteers:mine"), more)


def test_the_residents_home_tells_of_registration_places_and_offers(client, place):
    person = ResidentFactory(registered=True)
    client.force_login(person)
    me = reverse("organizations:me")
    assert "Become a volunteer" in words(client.get(me))
    row = made.active(place, person=person)
    shift = made.published(place, places=1)
    signup = made.signed(shift, made.active(place))
    services.join_waiting_list(shift, row, by=person, at=made.AT)
    services.cancel(signup, by=signup.volunteer.person, at=made.AT)
    text = words(client.get(me))
    assert "Registered" in text
    assert "A place is free for you" in text
    assert "Time for the old" in text


# -- The organiser's desk -----------------------------------------------------------------------


def test_the_organiser_reviews_people_of_the_own_place_only(client, place):
    near, far = made.waiting(place), made.waiting(place)
    far.community = place.elsewhere
    far.save(update_fields=["community"])
    text = words(go(client, place.organizer, "people"))
    assert near.name in text
    assert far.name not in text
    assert go(client, place.organizer, "person", far.pk).status_code == 404
    assert go(client, place.reviewer, "people").status_code == 403
    assert "Confirm" in words(go(client, place.organizer, "person", near.pk))
    press(client, place.organizer, "person_move", near.pk, "confirm")
    near.refresh_from_db()
    assert near.state == "active"


@pytest.mark.parametrize("asked", [{"q": "梁秀"}, {"state": "waiting"}, {"q": "nobody"}])
def test_people_are_searched(client, place, asked):
    made.waiting(place)
    client.force_login(place.organizer)
    text = words(client.get(reverse("volunteers:people"), asked))
    assert ("Nobody here" in text) is (asked.get("q") == "nobody")


def test_a_return_asks_for_its_reason(client, place):
    row = made.waiting(place)
    assert "Reason" in words(go(client, place.organizer, "person_move", row.pk, "return"))
    empty = go(client, place.organizer, "person_move", row.pk, "return", reason=" ")
    assert empty.status_code == 422
    go(client, place.organizer, "person_move", row.pk, "return", reason="请写全名")
    row.refresh_from_db()
    assert (row.state, row.reason) == ("returned", "请写全名")
    assert go(client, place.organizer, "person_move", row.pk, "confirm").status_code == 404


def test_insurance_courses_proofs_and_consent_are_entered(client, place):
    course = Course.objects.create(code="aid", name="急救", name_en="First aid")
    row = made.active(place, offer=services.Offer(skills=[SkillFactory()]))
    minor = made.waiting(place, born="20100101")
    insurance = {
        "insurer": "平安", "policy": "P-9", "valid_from": "2026-01-01", "valid_to": "2027-01-01",
    }  # fmt: skip
    training = {"course": course.pk, "taken_on": "2026-01-01", "hours": "4"}
    consent = {"name": "李父", "relation": "parent"}
    for person, name, given in (
        (row, "insurance", insurance), (row, "training", training), (minor, "consent", consent),
    ):  # fmt: skip
        assert go(client, place.organizer, "person_add", person.pk, name).status_code == 200
        done = go(client, place.organizer, "person_add", person.pk, name, **given)
        assert done.status_code == 302, done.content.decode()
    twice = go(client, place.organizer, "person_add", row.pk, "insurance", **insurance)
    assert "entered already" in words(twice, 422)
    skill = row.skills.get()
    assert "proof" in words(go(client, place.organizer, "certify", skill.pk)).lower()
    go(client, place.organizer, "certify", skill.pk, proof="红十字会证")
    text = words(go(client, place.organizer, "person", row.pk))
    for part in ("平安", "P-9", "First aid", "红十字会证", "proof seen"):
        assert part in text
    assert "minor" in words(go(client, place.organizer, "person", minor.pk))


def test_the_desk_costs_the_same_with_more_people(client, place):
    made.waiting(place)

    def more():
        for _number in range(3):
            made.waiting(place)

    same_cost(client, place.organizer, reverse("volunteers:people"), more)


def test_queues_count_what_waits_for_the_organiser(client, place):
    activity = made.draft(place)
    made.add(activity, by=place.organizer)
    services.submit(activity, by=place.organizer, at=made.AT)
    call(place)
    client.force_login(place.organizer)
    from portal.shell import Shell

    class Asked:
        user = place.organizer
        COOKIES = {}
        path = "/"

    found = {one.queue.key: one.count for one in Shell(Asked()).queues}
    assert found["volunteers:people"] == 1
    assert found["volunteers:calls"] == 1
    assert found["volunteers:activities"] == 0
    Asked.user = place.reviewer
    found = {one.queue.key: one.count for one in Shell(Asked()).queues}
    assert found["volunteers:activities"] == 1


# -- Leading --------------------------------------------------------------------------------------


def activity_form(place, **changes):
    given = {
        "title": "护河行动", "title_en": "River day", "summary": "清理河岸。",
        "topic": place.topic.pk, "form": "once", "address": "梅塘河", "min_age": "0",
        "max_age": "120", "danger": "none", "cancel_hours": "24", "confirm_hours": "12",
        "community": place.community.pk, "body": place.body.pk, "lon": "114.05", "lat": "22.85",
    }  # fmt: skip
    return {**given, **changes}


def test_an_activity_is_written_reviewed_and_published(client, place):
    assert "New activity" in words(go(client, place.organizer, "led"))
    assert "Responsible body" in words(go(client, place.organizer, "activity_new"))
    answer = go(client, place.organizer, "activity_new", **activity_form(place))
    assert answer.status_code == 302, words(answer, 422)
    row = Activity.objects.get()
    assert "River day" in words(go(client, place.organizer, "manage", row.pk))
    without = words(press(client, place.organizer, "activity_move", row.pk, "submit"))
    assert "Enter a shift that lies ahead first" in without
    times = {"starts_at": "2026-11-28T09:00", "ends_at": "2026-11-28T11:00", "places": "3"}
    assert "Places" in words(go(client, place.organizer, "shift_new", row.pk))
    assert go(client, place.organizer, "shift_new", row.pk, **times).status_code == 302
    again = go(client, place.organizer, "shift_new", row.pk, **times)
    assert "at this time already" in words(again, 422)
    press(client, place.organizer, "activity_move", row.pk, "submit")
    own = words(go(client, place.organizer, "manage", row.pk))
    assert f"/volunteers/led/{row.pk}/publish/" not in own
    assert "River day" in words(go(client, place.reviewer, "led"))
    press(client, place.reviewer, "activity_move", row.pk, "publish")
    row.refresh_from_db()
    assert row.state == "published"
    assert Message.objects.filter(to=place.organizer, kind="activity-published").exists()


def test_an_activity_that_is_wrong_says_what(client, place):
    wrong = activity_form(place, danger="dangerous", risks="")
    answer = go(client, place.organizer, "activity_new", **wrong)
    assert "Say which risks there are" in words(answer, 422)
    assert not Activity.objects.exists()


def test_who_neither_organises_nor_leads_makes_no_activity(client, place):
    person = made.active(place).person
    assert "New activity" not in words(go(client, person, "led"))
    answer = go(client, person, "activity_new", **activity_form(place))
    assert answer.status_code == 422
    draft = made.draft(place)
    for name in ("manage", "activity_edit", "rule", "shift_new"):
        assert go(client, person, name, draft.pk).status_code == 404


def test_a_draft_is_changed_as_a_whole_and_a_published_one_in_words(client, place):
    draft = made.draft(place)
    text = words(go(client, place.organizer, "activity_edit", draft.pk))
    assert "Courses that must be taken" in text
    skill = SkillFactory()
    given = activity_form(place, title="改了", skills=[skill.pk])
    assert go(client, place.organizer, "activity_edit", draft.pk, **given).status_code == 302
    draft.refresh_from_db()
    assert (draft.title, draft.prerequisites.get().skill) == ("改了", skill)
    shift = made.published(place)
    amend = words(go(client, place.organizer, "activity_edit", shift.activity_id))
    assert "Courses that must be taken" not in amend
    given = activity_form(place, title="改地点", address="新地点")
    go(client, place.organizer, "activity_edit", shift.activity_id, **given)
    shift.activity.refresh_from_db()
    assert (shift.activity.title, shift.activity.address) == ("改地点", "新地点")


def test_a_rule_makes_shifts_once_it_is_published(client, place):
    draft = made.draft(place, form="recurring")
    assert "Weekdays" in words(go(client, place.organizer, "rule", draft.pk))
    given = {
        "weekdays": ["2", "5"], "every_weeks": "1", "starts": "09:00", "ends": "11:00",
        "first_day": "2026-11-24", "places": "5",
    }  # fmt: skip
    assert go(client, place.organizer, "rule", draft.pk, **given).status_code == 302
    assert "every week" in words(go(client, place.organizer, "manage", draft.pk))
    assert 'value="09:00' in words(go(client, place.organizer, "rule", draft.pk))
    press(client, place.organizer, "activity_move", draft.pk, "submit")
    press(client, place.reviewer, "activity_move", draft.pk, "publish")
    assert draft.shifts.count() == 8


def test_an_activity_is_returned_or_cancelled_with_a_reason(client, place):
    draft = made.draft(place)
    made.add(draft, by=place.organizer)
    services.submit(draft, by=place.organizer, at=made.AT)
    assert "Reason" in words(go(client, place.reviewer, "activity_move", draft.pk, "return"))
    go(client, place.reviewer, "activity_move", draft.pk, "return", reason="写清集合点")
    assert "写清集合点" in words(go(client, place.organizer, "manage", draft.pk))
    go(client, place.organizer, "activity_move", draft.pk, "cancel", reason="不办了")
    draft.refresh_from_db()
    assert draft.state == "cancelled"
    assert go(client, place.organizer, "activity_move", draft.pk, "publish").status_code == 404


def test_a_shift_shows_who_comes_who_waits_and_whom_to_ask(client, place):
    shift = made.published(place, places=1)
    signup = made.signed(shift, made.active(place))
    other, third = made.active(place), made.active(place)
    services.join_waiting_list(shift, other, by=other.person, at=made.AT)
    text = words(go(client, place.organizer, "shift", shift.pk))
    assert signup.volunteer.name in text
    assert other.name in text
    assert "Whom it would suit" not in text
    go(client, place.organizer, "shift_change", shift.pk, places="3", meeting_point="北门")
    text = words(go(client, place.organizer, "shift", shift.pk))
    assert "北门" in text
    assert "Whom it would suit" in text
    assert third.name in text
    done = press(client, place.organizer, "invite", shift.pk, volunteer=[third.pk])
    assert "They are invited" in words(done)
    assert Message.objects.filter(to=third.person, kind="volunteer-invited").exists()
    fewer = go(client, place.organizer, "shift_change", shift.pk, places="1")
    assert "places are taken" in words(fewer, 422)


def test_who_reviews_reads_a_shift_without_names_and_leads_nothing(client, place):
    shift = made.published(place, places=1)
    signup = made.signed(shift, made.active(place))
    other = made.active(place)
    services.join_waiting_list(shift, other, by=other.person, at=made.AT)
    text = words(go(client, place.reviewer, "shift", shift.pk))
    for hidden in (signup.volunteer.name, other.name, signup.volunteer.person.phone, "/message/"):
        assert hidden not in text
    refused = press(client, place.reviewer, "shift_message", shift.pk, text="x")
    assert refused.status_code == 403


def test_words_go_to_everybody_with_a_place_and_stay(client, place):
    shift = made.published(place)
    signup = made.signed(shift, made.active(place))
    done = press(client, place.organizer, "shift_message", shift.pk, text="请带雨衣")
    assert "请带雨衣" in words(done)
    assert "1 person" in words(done)
    told = Message.objects.get(to=signup.volunteer.person, kind="shift-message")
    assert told.params["text"] == "请带雨衣"
    assert "Write what they should know" in words(
        press(client, place.organizer, "shift_message", shift.pk, text=" ")
    )


def test_a_shift_is_called_off_with_a_reason(client, place):
    shift = made.published(place)
    made.signed(shift, made.active(place))
    assert "Reason" in words(go(client, place.organizer, "shift_call_off", shift.pk))
    done = go(client, place.organizer, "shift_call_off", shift.pk, follow=True, reason="台风")
    assert "called off" in words(done)
    shift.refresh_from_db()
    assert shift.reason == "台风"


def test_sign_ups_that_wait_are_accepted_or_refused(client, place):
    shift = made.published(place, needs_approval=True)
    rows = [made.signed(shift, made.active(place)) for _number in range(2)]
    text = words(go(client, place.organizer, "signups"))
    assert rows[0].volunteer.name in text
    press(client, place.organizer, "signup_move", rows[0].pk, "accept")
    assert "Reason" in words(go(client, place.organizer, "signup_move", rows[1].pk, "refuse"))
    go(client, place.organizer, "signup_move", rows[1].pk, "refuse", reason="人数已够")
    assert list(Signup.objects.order_by("pk").values_list("state", flat=True)) == [
        "confirmed", "refused",
    ]  # fmt: skip
    assert go(client, place.organizer, "signup_move", rows[0].pk, "attend").status_code == 404
    stranger = ResidentFactory()
    assert press(client, stranger, "signup_move", rows[0].pk, "accept").status_code == 404
    assert "Nothing waits" in words(go(client, place.organizer, "signups"))


def test_leaders_pages_cost_the_same_with_more_rows(client, place):
    shift = made.published(place, places=20)
    made.signed(shift, made.active(place))

    def more():
        for _number in range(3):
            made.signed(shift, made.active(place))
            made.add(shift.activity, by=place.organizer, starts=(5 + _number) * made.DAY)
            made.draft(place)

    for address in (
        reverse("volunteers:led"), reverse("volunteers:manage", args=[shift.activity_id]),
    ):  # fmt: skip
        same_cost(client, place.organizer, address, more)
        Shift.objects.filter(activity=shift.activity).exclude(pk=shift.pk).delete()


def test_a_shift_costs_the_same_with_more_people(client, place):
    shift = made.published(place, places=20)
    made.signed(shift, made.active(place))
    made.active(place)

    def more():
        for _number in range(3):
            made.signed(shift, made.active(place))
            made.active(place)

    same_cost(client, place.organizer, reverse("volunteers:shift", args=[shift.pk]), more)


# -- Calls --------------------------------------------------------------------------------------


def call(place, by=None, people=2):
    day = made.AT + 3 * made.DAY
    wanted = Wanted("搬沙袋", "防汛搬沙袋", people, day, day + 2 * made.HOUR, "河边")
    where = made.waiting(place).place
    return services.call_for(
        "case", "1", wanted, body=place.body, place=where, by=by or place.reviewer, at=made.AT
    )


def test_a_call_is_answered_with_an_activity(client, place):
    made.active(place)
    row = call(place)
    text = words(go(client, place.organizer, "calls"))
    assert "防汛搬沙袋" in text
    assert "2 people wanted" in text
    assert "1 registered person would suit" in text
    assert "Kind of service" in words(go(client, place.organizer, "answer_call", row.pk))
    done = go(client, place.organizer, "answer_call", row.pk, topic=place.topic.pk, follow=True)
    assert "A draft is made of it" in words(done)
    row.refresh_from_db()
    assert (row.state, row.activity.shifts.get().places) == ("answered", 2)
    assert go(client, place.reviewer, "calls").status_code == 403


def test_a_call_is_declined_with_a_reason(client, place):
    row = call(place)
    assert "Reason" in words(go(client, place.organizer, "decline_call", row.pk))
    go(client, place.organizer, "decline_call", row.pk, reason="太危险")
    row.refresh_from_db()
    assert (row.state, row.reason) == ("declined", "太危险")
    assert "太危险" in words(go(client, place.organizer, "calls"))


def test_calls_cost_the_same_with_more_rows(client, place):
    made.active(place)
    row = call(place)
    services.decline_call(row, by=place.organizer, at=made.AT, reason="x")
    call(place)

    def more():
        for _number in range(3):
            one = Call.objects.open().get()
            services.decline_call(one, by=place.organizer, at=made.AT, reason="x")
            call(place)

    same_cost(client, place.organizer, reverse("volunteers:calls"), more)


# -- Organisations ------------------------------------------------------------------------------


CODE = "91350100M000100Y43"  # the example of GB 32100-2015


def organisation_form(place, **changes):
    given = {
        "name": "梅塘义工队", "kind": "team", "place": place.community.pk, "scope": "助老",
        "contact_name": "陈队长", "contact_phone": "0769-83000000",
    }  # fmt: skip
    return {**given, **changes}


def test_an_organisation_registers_and_is_reviewed(client, place):
    leader = made.active(place)
    assert "Where it works" in words(go(client, leader.person, "organisation_new"))
    wrong = organisation_form(place, kind="association", code="1")
    answer = go(client, leader.person, "organisation_new", **wrong)
    assert "no valid unified social credit code" in words(answer, 422)
    go(client, leader.person, "organisation_new", **organisation_form(place))
    row = Organisation.objects.get()
    client.logout()
    assert go(client, None, "organisation", row.pk).status_code == 404
    assert "梅塘义工队" in words(go(client, leader.person, "organisations"))
    client.force_login(place.organizer)
    queue = words(client.get(reverse("volunteers:organisations"), {"state": "waiting"}))
    assert "梅塘义工队" in queue
    press(client, place.organizer, "organisation_move", row.pk, "confirm")
    client.logout()
    public = words(go(client, None, "organisation", row.pk))
    assert "0769-83000000" in public
    assert "陈队长" not in public
    assert leader.name not in public


def test_who_acts_for_an_organisation_enters_members_and_makes_activities(client, place):
    leader, member = made.active(place), made.active(place)
    row = services.register_organisation(
        place=place.community, name="x", kind="team", scope="x", contact_name="x",
        contact_phone="1", by=leader.person, at=made.AT,
    )  # fmt: skip
    services.confirm_organisation(row, by=place.organizer, at=made.AT)
    new = {"number": member.number, "is_leader": ""}
    assert go(client, leader.person, "member_new", row.pk, **new).status_code == 302
    assert member.name in words(go(client, leader.person, "organisation", row.pk))
    unknown = go(client, leader.person, "member_new", row.pk, number="GZ99999999")
    assert "Only registered volunteers" in words(unknown, 422)
    membership = row.members.get(volunteer=member)
    other = made.active(place)
    assert press(client, other.person, "member_end", membership.pk).status_code == 403
    press(client, leader.person, "member_end", membership.pk)
    assert not row.members.filter(volunteer=member).exists()
    assert "New activity" in words(go(client, leader.person, "led"))
    draft = activity_form(place, organisation=row.pk)
    assert go(client, leader.person, "activity_new", **draft).status_code == 302


def test_reports_and_ratings_of_an_organisation(client, place):
    leader = made.active(place)
    row = services.register_organisation(
        place=place.community, by=leader.person, at=made.AT - 400 * made.DAY, name="x",
        kind="team", scope="x", contact_name="x", contact_phone="1",
    )  # fmt: skip
    services.confirm_organisation(row, by=place.organizer, at=made.AT - 399 * made.DAY)
    assert "due by 2026-05-31" in words(go(client, leader.person, "organisation", row.pk))
    report = {"year": "2025", "summary": "做了很多", "members": "9", "income": "10.50",
              "spending": "3"}  # fmt: skip
    assert go(client, leader.person, "yearly_report", row.pk).status_code == 200
    assert go(client, leader.person, "yearly_report", row.pk, **report).status_code == 302
    twice = go(client, leader.person, "yearly_report", row.pk, **report)
    assert "was handed in" in words(twice, 422)
    assert go(client, place.organizer, "rating", row.pk).status_code == 200
    go(client, place.organizer, "rating", row.pk, level="3A", since="2026-01-01")
    client.logout()
    text = words(go(client, None, "organisation", row.pk))
    assert "3A" in text
    assert "做了很多" in text
    assert "10.50" in text
    forbidden = go(client, leader.person, "rating", row.pk, level="5A", since="2026-02-01")
    assert forbidden.status_code == 403


def test_an_organisation_is_edited_and_suspended(client, place):
    leader = made.active(place)
    row = services.register_organisation(
        place=place.community, by=leader.person, at=made.AT,
        **{key: value for key, value in organisation_form(place).items() if key != "place"},
    )  # fmt: skip
    changed = organisation_form(place, scope="护河")
    assert "助老" in words(go(client, leader.person, "organisation_edit", row.pk))
    assert go(client, leader.person, "organisation_edit", row.pk, **changed).status_code == 302
    services.confirm_organisation(row, by=place.organizer, at=made.AT)
    go(client, place.organizer, "organisation_move", row.pk, "suspend", reason="年报未交")
    row.refresh_from_db()
    assert (row.scope, row.state) == ("护河", "suspended")
    client.logout()
    assert go(client, None, "organisation", row.pk).status_code == 404


def test_organisations_cost_the_same_with_more_rows(client, place):
    def add():
        row = services.register_organisation(
            place=place.community, by=made.active(place).person, at=made.AT, name="x",
            kind="team", scope="x", contact_name="x", contact_phone="1",
        )  # fmt: skip
        services.confirm_organisation(row, by=place.organizer, at=made.AT)

    add()
    same_cost(client, None, reverse("volunteers:organisations"), lambda: [add() for _ in "123"])


# -- Reports of members and units -----------------------------------------------------------------


def test_a_party_member_reports_takes_up_a_task_and_is_confirmed(client, place):
    person = ResidentFactory(registered=True)
    assert go(client, person, "report_new", "member").status_code == 200
    given = {"branch": "某局支部", "community": place.community.pk, "offers": "周末辅导"}
    assert go(client, person, "report_new", "member", **given).status_code == 302
    twice = go(client, person, "report_new", "member", **given)
    assert "reported already" in words(twice, 422)
    row = DoubleReport.objects.get()
    assert "周末辅导" in words(go(client, place.organizer, "report", row.pk))
    assert go(client, ResidentFactory(), "report", row.pk).status_code == 404
    press(client, place.organizer, "report_move", row.pk, "accept")
    assert "Take up a task" in words(go(client, person, "report", row.pk))
    assert go(client, person, "take_up", row.pk).status_code == 200
    go(client, person, "take_up", row.pk, title="教孩子下棋")
    task = row.tasks.get()
    assert "People who took part" in words(go(client, person, "task_move", task.pk, "report"))
    go(client, person, "task_move", task.pk, "report", people="3", result="办了两次")
    press(client, place.organizer, "task_move", task.pk, "confirm")
    text = words(go(client, person, "report", row.pk))
    assert "3 people took part" in text
    assert "Confirmed" in text
    go(client, person, "report_move", row.pk, "end", reason="搬走了")
    row.refresh_from_db()
    assert row.state == "ended"


def test_a_unit_reports_with_its_code(client, place):
    person = ResidentFactory(registered=True)
    given = {"code": "1", "name": "某厂", "branch": "某厂支部", "community": place.community.pk,
             "offers": "场地"}  # fmt: skip
    assert "no valid" in words(go(client, person, "report_new", "unit", **given), 422)
    assert go(client, person, "report_new", "unit", **{**given, "code": CODE}).status_code == 302
    secretary = PostFactory(role=Role.PARTY_SECRETARY, body=place.body).person
    assert "某厂" in words(go(client, secretary, "reports"))


def test_reports_cost_the_same_with_more_rows(client, place):
    def add():
        services.report_member(
            branch="x", community=place.community, offers="x",
            by=ResidentFactory(registered=True), at=made.AT,
        )  # fmt: skip

    add()
    same_cost(
        client, place.organizer, reverse("volunteers:reports"), lambda: [add() for _ in "123"]
    )
