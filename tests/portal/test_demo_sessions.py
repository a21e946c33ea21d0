"""The demo's sessions and votes: one open right now, a hearing held and one to come."""

import pytest
from django.utils import timezone

from consultation.models import Session, Vote
from consultation.services import counting
from portal.demo.sessions import hold
from tests.factories import consultation as places

pytestmark = pytest.mark.django_db
NOTICE = ("notice", "notice", {"notice": (7, 3), "materials": (7, None)})


def forms():
    places.make_blueprint(
        (NOTICE, ("vote", "vote", {}), ("result", "result", {})), code="owners", form="owners"
    )
    taking_part = {"must_take_part": ["concerned", "experts", "departments"], "notice_days": 7}
    places.make_blueprint(
        (NOTICE, ("opinions", "opinions", {}), ("session", "session", {})),
        code="hearing", form="hearing",
        columns={"notice": {"needs_party": True}, "session": taking_part},
    )  # fmt: skip


def more_forms():
    parts = {"must_take_part": ["supervision", "representatives"], "notice_days": 7}
    rules = [{"purpose": "majority", "measure": "person", "base": "present", "numerator": 1,
              "denominator": 2, "is_strict": True}]  # fmt: skip
    places.make_blueprint(
        (NOTICE, ("vote", "vote", {}), ("result", "result", {})), code="appraisal",
        form="appraisal", rules={"vote": rules}, columns={"vote": parts},
    )  # fmt: skip
    places.make_blueprint(
        (NOTICE, ("session", "session", {})), code="estate", form="estate",
        columns={"session": parts},
    )  # fmt: skip


def test_a_secret_vote_is_counted_with_proof_and_a_session_is_under_way():
    places.make_place()
    forms()
    more_forms()
    at = timezone.now()
    hold(at=at)
    vote = Vote.objects.get(state="judged")
    assert (vote.passed, vote.result["papers"], vote.result["online"]) == (True, 4, 6)
    assert counting.prove(vote) == []
    live = Session.objects.get(state="open")
    assert live.starts_at < at < live.ends_at
    assert live.invitations.present().count() == 1
    assert live.minutes.text


def test_a_vote_is_open_now_and_sessions_were_held_and_are_to_come():
    places.make_place()
    forms()
    at = timezone.now()
    hold(at=at)
    vote = Vote.objects.open_at(at).get()
    assert (vote.entitlements.count(), vote.entitlements.voted().count()) == (36, 23)
    states = Session.objects.order_by("starts_at").values_list("state", flat=True)
    assert list(states) == ["closed", "planned"]
    assert Session.objects.coming(at=at).count() == 1


def test_without_host_or_forms_nothing_is_held():
    hold(at=timezone.now())
    assert not Session.objects.exists()
