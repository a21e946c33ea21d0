"""One promise, call and idea in the home town's community; people of their own made them."""

import datetime

from django.utils import timezone

from consultation.models import Stage
from consultation.services import carrying, committing, projects, reopening
from tests.factories import cases
from tests.factories import commitments as made
from tests.factories import consultation as makers
from tests.factories.organizations import UserFactory

FACTS = "发现一条图纸上没有标注的燃气管道，需要重新商议。"
OF_COMMITMENT = (
    "commitment", "published_commitment", "rate", "commitment-detail", "commitment-begin",
    "call_volunteers", "commitment-progress",
    "commitment-report", "commitment-confirm", "commitment-send-back",
    "commitment-put-off", "commitment-supervise", "commitment-drop",
)  # fmt: skip
OF_CALL = (
    "project_call", "project_edit", "write_down", "published_call", "bring_idea", "choose",
    "call-detail", "call-ideas",
)  # fmt: skip
OF_NUMBER = (
    "carrying_out", "adopt", "promise", "published_consultation", "embed", "qr", "new_facts",
    "consultation-detail",
)  # fmt: skip


def make_promises(town, consultation):
    """Things by name, about `consultation` of the town's community."""
    at = timezone.now()
    host = consultation.host
    found = made.at_stage(consultation, "execution")
    committing.adopt(found, verdict="adopted", reasons="x", to_dissent="x", by=host, at=at)
    one = committing.promise(
        found, title="装电梯", owner=town.office, due_on=at.date() + datetime.timedelta(days=30),
        steps=[committing.Step("报批")], by=host, at=at,
    )  # fmt: skip
    carrying.begin_work(one, by=town.head, at=at)
    photo = carrying.add_photo(one, cases.photo(), words="x", by=town.head, at=at)
    call = projects.make_call(
        by=host, at=at, title="微实事", text="x", body=consultation.body,
        community=town.community, line=_line(town, consultation), purpose=town.purpose,
        budget=100_00, ideas_until=at + datetime.timedelta(days=9),
    )  # fmt: skip
    call = projects.publish_call(call, by=host, at=at)
    idea = projects.bring_idea(
        call, title="座椅", text="x", key="permissions", by=UserFactory(), at=at
    )
    return {
        "commitment": one, "milestone": one.milestones.get(), "photo": photo, "call": call,
        "idea": idea, "wish": _wish(found, host, at),
    }  # fmt: skip


def _line(town, consultation):
    from tests.factories.funding import LineFactory

    return LineFactory(body=consultation.body, purposes=[town.purpose], free=100_00)


def _wish(found, host, at):
    """About another consultation, which is concluded."""
    done = makers.make_running(
        makers.SimpleNamespace(
            place=found.town, community=found.community, body=found.body, host=host
        ),
        makers.make_blueprint(code="concluded"), at=at,
    )  # fmt: skip
    Stage.objects.filter(consultation=done).update(state="done", opened_at=at, done_at=at)
    type(done).objects.filter(pk=done.pk).update(state="done", stage=None, ended_at=at)
    return reopening.ask_to_reopen(makers.fresh(done), facts=FACTS, by=UserFactory(), at=at)


def examples_at(name, things, number):
    """(label, values) for an address of mine; none where it is about something else."""
    space, _colon, last = name.rpartition(":")
    if space not in {"consultation", "consultation-api"}:
        return []
    if space == "consultation-api" and last == "consultation-detail":
        return [("", {"number": number})]
    one, call, idea = (things[key].pk for key in ("commitment", "call", "idea"))
    moves = {
        "commitment_move": (one, ("begin", "progress", "report", "supervise", "put_off", "drop")),
        "call_move": (call, ("close_ideas", "cancel")),
        "idea_move": (idea, ("admit", "refuse", "withdraw")),
    }
    if last in moves:
        pk, names = moves[last]
        return [(move, {"pk": pk, "name": move}) for move in names]
    if last == "report":
        return [(kind, {"number": number, "kind": kind}) for kind in ("pdf", "xlsx")]
    if last == "commitment_photo":
        return [("", {"pk": things["photo"].pk, "size": "small"})]
    about = {
        **{key: {"pk": one} for key in OF_COMMITMENT},
        **{key: {"pk": call} for key in OF_CALL},
        **{key: {"number": number} for key in OF_NUMBER},
        "idea": {"pk": idea},
        "milestone": {"pk": things["milestone"].pk},
        "reopening_decide": {"pk": things["wish"].pk},
    }
    return [("", about[last])] if last in about else []
