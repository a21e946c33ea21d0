"""Pages of hours, certificates, wishes and help: who sees what, and what they cost."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lib.roles import Role
from tests.factories import hours as make
from tests.factories import wishes as mutual
from tests.factories.hours import AT, DAY, HOUR
from tests.factories.organizations import PostFactory
from tests.factories.residents import ResidentFactory
from tests.volunteers.served import confirmed, proof, stayed, url
from volunteers.models import Activity, Wish
from volunteers.services import checking_in, helping, hours, taking

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def place():
    make.make_rules()
    return make.make_place()


@pytest.fixture
def ann(place):
    return make.volunteer(place, person=ResidentFactory(registered=True, full_name="陈安"))


def seen(client, person, name, *arguments):
    if person is None:
        client.logout()
    else:
        client.force_login(person)
    return client.get(url(name, *arguments))


# -- Hours ----------------------------------------------------------------------------------------


def test_my_hours_tell_what_counts_what_waits_and_the_next_star(client, place, ann):
    confirmed(place, ann, starts=AT - DAY)
    stayed(place, ann, starts=AT - 5 * HOUR)
    html = seen(client, ann.person, "my_hours").content.decode()
    assert "2 hours wait for confirmation" in html
    assert "98 hours to “1 stars”" in html
    assert 'data-chart="#hours-figures"' in html
    assert client.get("/me/").content.decode().count("陈安: 2 hours confirmed") == 1


def test_who_has_no_account_is_asked_to_enter_and_a_stranger_finds_nothing(client, place, ann):
    stay = stayed(place, ann, starts=AT - 5 * HOUR)
    for name, arguments in (("my_hours", ()), ("stay", (stay.pk,)), ("help", ()), ("wish_ask", ())):
        assert (
            seen(client, None, name, *arguments)
            .headers["Location"]
            .startswith("/account/enter/?next=")
        )
    for person in (ResidentFactory(), PostFactory(role=Role.VOLUNTEER_ORGANIZER).person):
        assert seen(client, person, "stay", stay.pk).status_code == 404
    for person in (ann.person, place.organizer):
        assert seen(client, person, "stay", stay.pk).status_code == 200


def test_the_overview_counts_today_what_waits_and_who_did_not_come(client, place, ann):
    stayed(place, ann, starts=AT - 5 * HOUR)
    confirmed(place, ann, starts=AT - DAY)
    away = make.signed(make.shift(place, starts=AT - 2 * DAY), make.volunteer(place))
    checking_in.note_missing(away, by=place.organizer, at=AT)
    mutual.listed(place)
    late = mutual.listed(place)
    Wish.objects.filter(pk=late.pk).update(needed_by=AT.date() - DAY)
    answer = seen(client, place.organizer, "overview")
    figures = answer.context["figures"]
    assert figures == {
        "waiting": 1, "objections": 0, "volunteers": 2, "minutes": 120, "asked": 0, "open": 2,
        "overdue": 1, "granted": 0,
    }  # fmt: skip
    assert [shift.left for shift in answer.context["today"]] == [1]
    assert answer.context["missed_count"] == 1
    assert answer.context["chart"]["labels"][-1] == "2026-11"
    assert answer.context["chart"]["series"][0]["data"][-1] == 2.0
    (row,) = answer.context["rows"]
    assert (row.volunteers, row.minutes, row.open, row.overdue) == (2, 120, 2, 1)
    # The same page elsewhere shows nothing of it.
    elsewhere = seen(client, make.make_place().organizer, "overview").context
    assert (elsewhere["figures"]["volunteers"], list(elsewhere["today"])) == (0, [])


def test_in_public_figures_a_wish_off_the_list_waits_nowhere(client, place):
    mutual.listed(place)
    hidden = mutual.listed(place)
    Wish.objects.filter(pk=hidden.pk).update(is_private=True)
    context = seen(client, None, "figures").context
    (row,) = context["rows"]
    assert (context["figures"]["waiting"], row.open) == (1, 1)


@pytest.mark.parametrize("kind", ["my_hours", "hours_waiting", "overview"])
def test_three_rows_cost_what_one_costs(client, place, ann, kind):
    reader = ann.person if kind == "my_hours" else place.organizer

    def cost():
        client.force_login(reader)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(url(kind)).status_code == 200
        return len(caught)

    stayed(place, ann, starts=AT - 4 * HOUR)
    cost()
    once = cost()
    for number in range(2):
        other = make.volunteer(place)
        stayed(place, other, starts=AT - 4 * HOUR, title=f"第{number}班")
        stayed(place, ann, starts=AT - (number + 2) * DAY)
    assert cost() == once


def test_more_rows_than_a_page_holds_go_on_by_the_key(client, place, ann):
    for number in range(31):
        stayed(place, ann, starts=AT - (number + 1) * DAY)
    answer = seen(client, ann.person, "my_hours")
    assert len(answer.context["page"].rows) == 30
    following = client.get(url("my_hours"), {"cursor": answer.context["page"].next})
    assert len(following.context["page"].rows) == 1


# -- Certificates ---------------------------------------------------------------------------------


def test_a_certificate_is_true_unknown_or_revoked(client, place, ann):
    stay = confirmed(place, ann, starts=AT - DAY)
    made = proof(place, ann)
    good = seen(client, None, "verify", made.code.lower())
    assert (good.status_code, "genuine and holds" in good.content.decode()) == (200, True)
    assert "陈安" in good.content.decode()
    none = seen(client, None, "verify", "X" * 16)
    assert (none.status_code, "no certificate" in none.content.decode()) == (404, True)
    hours.revoke(stay, reason="代签", years=1, by=place.second, at=AT)
    bad = seen(client, None, "verify", made.code).content.decode()
    assert "genuine and holds" not in bad
    assert "revoked. It does not hold" in bad
    assert "代签" not in bad  # why is between the organiser and the volunteer
    assert "代签" in seen(client, ann.person, "certificate", made.number).content.decode()


def test_the_paper_is_a_pdf_for_its_owner_alone(client, place, ann):
    confirmed(place, ann, starts=AT - DAY)
    made = proof(place, ann)
    answer = seen(client, ann.person, "certificate_paper", made.number)
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert answer.content.rstrip().endswith(b"%%EOF")
    assert "no-store" in answer["Cache-Control"]
    assert seen(client, ResidentFactory(), "certificate_paper", made.number).status_code == 404


def test_a_certificate_names_activities_in_the_reader_s_language(client, place, ann):
    confirmed(place, ann, starts=AT - DAY)
    made = proof(place, ann)
    Activity.objects.update(title="长者饭堂送餐", title_en="Meals for the old")
    page = seen(client, ann.person, "certificate", made.number).content.decode()
    assert ("Meals for the old" in page, "长者饭堂送餐" in page) == (True, False)


def test_the_typed_code_may_have_blanks_and_small_letters(client, place, ann):
    confirmed(place, ann, starts=AT - DAY)
    made = proof(place, ann)
    spelled = " ".join(made.code[at : at + 4] for at in range(0, 16, 4)).lower()
    answer = client.post(url("verify_ask"), {"code": spelled})
    assert answer.headers["Location"] == url("verify", made.code)


# -- Barred ---------------------------------------------------------------------------------------


def test_who_is_barred_signs_up_for_nothing_and_arrives_nowhere(place, ann):
    from lib.errors import RuleViolation
    from volunteers import services

    stay = confirmed(place, ann, starts=AT - DAY)
    ahead = make.signed(make.shift(place, starts=AT + DAY), ann)
    elsewhere = make.make_place()
    other = make.signed(make.shift(elsewhere, starts=AT + 2 * DAY), ann)
    free = make.shift(place, starts=AT + 3 * DAY)
    hours.revoke(stay, reason="代签", years=1, by=place.organizer, at=AT)
    ahead.refresh_from_db()
    other.refresh_from_db()
    assert (ahead.state, other.state) == ("called_off", "confirmed")
    with pytest.raises(RuleViolation) as refusal:
        services.sign_up(free, ann, by=ann.person, at=AT)
    assert refusal.value.code == "barred"
    with pytest.raises(checking_in.Barred):
        checking_in.note_arrival(other, by=elsewhere.organizer, at=AT + 2 * DAY)
    # When the bar is over everything is as before.
    later = make.signed(make.shift(place, starts=AT + 366 * DAY), ann)
    assert checking_in.note_arrival(later, by=place.organizer, at=AT + 366 * DAY).pk


# -- Wishes and help ------------------------------------------------------------------------------


def test_a_private_wish_is_on_no_page_of_a_stranger(client, place):
    asker = ResidentFactory(registered=True)
    made = mutual.listed(place, by=asker, is_private=True, title="一户人家的心愿")
    for person in (None, ResidentFactory()):
        assert seen(client, person, "wish", made.pk).status_code == 404
        assert "一户人家的心愿" not in seen(client, person, "wishes").content.decode()
    assert "一户人家的心愿" in seen(client, place.worker, "wishes_desk").content.decode()


@pytest.mark.parametrize("kind", ["wishes", "wishes_desk", "help", "figures"])
def test_three_wishes_cost_what_one_costs(client, place, kind):
    person = ResidentFactory(registered=True) if kind in {"wishes", "help"} else place.worker

    def more():
        take = mutual.confirmed(mutual.listed(place), by=person)
        taking.tell(take, words="已送到", by=place.organizer, at=AT)
        mutual.listed(place)
        mutual.asked(place, by=person)
        mutual.taken(mutual.listed(place), by=person)
        helping.answer_help(
            mutual.posted(place), minutes=30, settles=False, words="", by=person, at=AT
        )
        mutual.posted(place, by=person)

    def cost():
        cache.clear()
        client.force_login(person)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(url(kind)).status_code == 200
        return len(caught)

    more()
    cost()
    once = cost()
    more()
    more()
    assert cost() == once


def test_thanks_are_public_only_where_allowed_and_never_with_a_name(client, place):
    asker = ResidentFactory(registered=True, full_name="欧阳娜娜")
    takes = [
        mutual.confirmed(mutual.listed(place, by=asker, tell=tell)) for tell in ("story", "thanks")
    ]
    for take in takes:
        taking.thank(take, words="我是欧阳娜娜，电话13812345678，多谢", by=asker, at=AT)
        taking.tell(take, words="已送到家", by=place.organizer, at=AT)
    from lib.errors import RuleViolation

    with pytest.raises(RuleViolation):  # what was told stays as a worker has seen it
        taking.thank(takes[1], words="再说一次", by=asker, at=AT)
    pages = [seen(client, None, "wishes"), *(
        seen(client, None, "wish", take.wish_id) for take in takes
    )]  # fmt: skip
    listed, story, thanks = (page.content.decode() for page in pages)
    assert ("多谢" in listed, "多谢" in story, "多谢" in thanks) == (True, False, True)
    for html in (listed, story, thanks):
        assert "欧阳娜娜" not in html
        assert "13812345678" not in html
