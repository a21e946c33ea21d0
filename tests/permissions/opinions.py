"""A consultation that takes opinions in the home town: one shown, one hidden with an appeal, a
file, two versions of a draft."""

import io

from consultation.services import drafts, moderating, opinion_files
from tests.factories import consultation as places
from tests.factories.opinions import NOW, STAGES, make_open, say
from tests.factories.residents import ResidentFactory

OF_CONSULTATION = (
    *("opinions", "opinions_answer", "opinions_group", "opinions_level", "assisted", "draft_new"),
    *("public_opinions", "opinion_new", "moderation_log", "moderation_file", "public_draft"),
)
OF_OPINION = (
    *("opinion_release", "opinion_files", "opinion_hide", "opinion_regroup"),
    *("public_opinion", "opinion_reply", "opinion_agree", "opinion_edit", "opinion_withdraw"),
    "opinion_appeal",
)


def make_opinions(town):
    found = make_open(places.make_place(town), stages=STAGES, code="opinions")
    host = found.place_of_test.host
    paper = io.BytesIO(b"%PDF-1.4 x")
    paper.name = "x.pdf"
    shown = say(found, files=opinion_files.prepare([paper]))
    author = ResidentFactory()
    hidden = say(found, by=author)
    moderating.hide(hidden, reason="insult", by=host, at=NOW)
    for reason in ("", "修改"):
        drafts.bring_in(found, title="办法", text="第一条 一。", reason=reason, by=host, at=NOW)
    return {
        "consultation": found,
        "opinion": shown,
        "file": shown.files.get(),
        "appeal": moderating.appeal(hidden, text="不对", by=author, at=NOW),
    }


def examples_at(name, things):
    """(label, values) for an address of opinions; none where it is about something else."""
    space, _colon, last = name.partition(":")
    number, key = things["consultation"].number, things["opinion"].pk
    if space == "consultation-api" and last in {"opinion-list", "opinion-answer-list"}:
        return [("", {"number": number})]
    if space != "consultation":
        return []
    file = {"pk": things["file"].pk, "size": "large"}
    known = {
        **{one: {"number": number} for one in OF_CONSULTATION},
        **{
            one: {"number": number, "pk": key} if one in OF_OPINION[4:] else {"pk": key}
            for one in OF_OPINION
        },
        "appeal_decide": {"pk": things["appeal"].pk},
        "host_file": file,
        "opinion_file": {"number": number, **file},
        "draft_version": {"number": number, "version": 1},
        "draft_comparison": {"number": number, "old": 1, "version": 2},
    }
    return [("", known[last])] if last in known else []
