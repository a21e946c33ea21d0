"""The time bank of the home town's centre, hours, wishes and help there, for the table of
permissions. Everything belongs to people of its own: those who ask have had no part in it.
"""

import datetime

from django.utils import timezone

from tests.factories import hours as places
from tests.factories import wishes as mutual
from tests.factories.organizations import UserFactory
from tests.factories.time_bank import make_rule
from volunteers.models import Star
from volunteers.services import certificates, checking_in, hours, taking
from volunteers.services import time_bank as services

HOUR = datetime.timedelta(hours=1)


def make_mutual(town):
    """Things by name."""
    at, system = timezone.now(), town.system
    rule = make_rule()
    pool = services.open_pool(town.centre, by=system, at=at)
    person = UserFactory()
    account = services.open_account(person, pool, by=person, at=at)
    transfer = services.give(account, pool, minutes=5, key="permissions", by=person, at=at)
    place = places.make_place(town=town.place, community=town.community, body=town.centre)
    return {
        "rule": rule, "pool": pool, "transfer": transfer, "body": town.centre,
        **_hours(place, at), **_wishes(place, at),
    }  # fmt: skip


def _hours(place, at):
    """A stay that waits, one objected to, one that a certificate counts."""
    rule = places.make_rules()
    who = places.volunteer(place, at=at)
    began = at - 9 * HOUR
    waiting, refused, counted = (
        _stayed(place, who, began + number * 2 * HOUR, at) for number in range(3)
    )
    refused = hours.refuse(refused, reason="x", by=place.organizer, at=at)
    hours.confirm(counted, by=place.organizer, at=at)
    day = timezone.localdate(at)
    since = day - datetime.timedelta(days=1)
    return {
        "hours_rule": rule,
        "star": Star.objects.earliest("rank"),
        "volunteer": who,
        "stay": waiting,
        "shift": places.shift(place, starts=at, at=at),
        "signup": places.signed(places.shift(place, starts=at, at=at), who, at=at),
        "objection": hours.object_to(refused, text="x", by=who.person, at=at),
        "certificate": certificates.issue(
            who, place.body, since=since, until=day, by=who.person, at=at
        ),
    }


def _stayed(place, who, began, at):
    signup = places.signed(places.shift(place, starts=began, hours=1, at=at), who, at=at)
    stay = checking_in.note_arrival(signup, by=place.organizer, at=began)
    return checking_in.note_leaving(stay, by=place.organizer, at=began + HOUR)


def _wishes(place, at):
    """A wish that waits for a worker, one on the list, one for money that is taken up."""
    needed = timezone.localdate(at) + datetime.timedelta(days=30)
    money = mutual.listed(place, at=at, kind="money", needed_by=needed)
    granted = mutual.confirmed(mutual.listed(place, at=at, needed_by=needed), at=at)
    post = mutual.posted(place, at=at, until=needed)
    deal = mutual.helping.answer_help(
        post, minutes=30, settles=False, words="", by=UserFactory(), at=at
    )
    return {
        "asked": mutual.asked(place, at=at, needed_by=needed),
        "private": mutual.listed(place, at=at, is_private=True, needed_by=needed),
        "listed": mutual.listed(place, at=at, needed_by=needed),
        "money": taking.take_up(money, taking.For(), quantity=1, by=UserFactory(), at=at),
        "granted": granted,
        "post": post,
        "deal": deal,
    }


def examples_at(name, things):
    """(label, values) for an address of these; none where it is about something else."""
    space, _colon, last = name.rpartition(":")
    if space != "volunteers":
        return []
    found = {**_of_time(things), **_of_hours(things), **_of_wishes(things), **_of_help(things)}
    return found.get(last, [])


def _one(**values):
    return [("", values)]


def _each(names, **values):
    return [(name, {**values, "name": name}) for name in names.split()]


def _of_time(things):
    return {
        "time_pool_open": _one(code=things["body"].code),
        "time_pool": _one(pk=things["pool"].pk),
        "time_care": _one(pk=things["pool"].pk),
        "time_back": _one(pk=things["transfer"].pk),
    }


def _of_hours(things):
    shift, stay = _one(pk=things["shift"].pk), _one(pk=things["stay"].pk)
    signup, paper = things["signup"], _one(number=things["certificate"].number)
    return {
        **dict.fromkeys(("here", "board", "board_code", "board_confirm"), shift),
        "board_note": _each("arrive leave missed", pk=signup.shift_id, signup=signup.pk),
        **dict.fromkeys(("stay", "stay_correct", "stay_object", "stay_save"), stay),
        "stay_decide": _each("confirm refuse revoke", pk=things["stay"].pk),
        "objection_answer": _each("grant decline withdraw", pk=things["objection"].pk),
        "certificate_new": _one(pk=things["volunteer"].pk),
        **dict.fromkeys(("certificate", "certificate_paper"), paper),
        "verify": _one(code=things["certificate"].code),
    }


def _of_wishes(things):
    asked, listed = things["asked"].pk, things["listed"].pk
    take, granted = things["money"].pk, things["granted"].pk
    return {
        "wish": [
            ("asked", {"pk": asked}), ("listed", {"pk": listed}),
            ("private", {"pk": things["private"].pk}),
        ],
        **dict.fromkeys(("wish_edit", "wish_publish"), _one(pk=asked)),
        "wish_take": _one(pk=listed),
        "wish_move": _each("resubmit return refuse withdraw", pk=asked),
        **dict.fromkeys(("wish_deliver", "wish_money"), _one(pk=take)),
        "take_move": [
            *_each("confirm vouch dispute give_back", pk=take), *_each("thank tell", pk=granted),
        ],
    }  # fmt: skip


def _of_help(things):
    post = things["post"].pk
    return {
        **dict.fromkeys(("help_post", "help_answer"), _one(pk=post)),
        "help_end": _each("end take_down", pk=post),
        "help_deal": _each("agree decline call_off done", pk=things["deal"].pk),
    }


def catalogue_rows(things):
    return {
        "time-rules": things["rule"],
        "hours-rules": things["hours_rule"],
        "stars": things["star"],
    }
