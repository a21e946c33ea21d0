"""What messages about cases say, by kind, in the language of whoever reads them."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext, gettext_noop

from lib.registry import wordings

# With `number` and `title`.
WORDINGS = {
    "export-ready": gettext_noop("The file that you asked for is ready: %(count)s cases."),
    "case-dispatch": gettext_noop("New for you: %(title)s (%(number)s)."),
    "case-act-first": gettext_noop("Act first, money follows: %(title)s (%(number)s)."),
    "case-reassign": gettext_noop("Handed to you: %(title)s (%(number)s)."),
    "case-fail": gettext_noop("Not passed, to be done again: %(title)s (%(number)s)."),
    "case-sent-back": gettext_noop("Your head sends back: %(title)s (%(number)s)."),
    "case-adjudicate": gettext_noop("The committee decided: it is yours: %(title)s (%(number)s)."),
    "case-resume": gettext_noop("The pause is over, work goes on: %(title)s (%(number)s)."),
    "case-verify": gettext_noop("Please look at the place: %(title)s (%(number)s)."),
    "case-revoked": gettext_noop("Returned by your department: %(title)s (%(number)s)."),
    "case-review": gettext_noop("A request waits for your review: %(title)s (%(number)s)."),
    "case-request-granted": gettext_noop("Your request was granted: %(title)s (%(number)s)."),
    "case-request-refused": gettext_noop("Your request was refused: %(title)s (%(number)s)."),
    "case-reopened": gettext_noop("Your report is taken up again: %(title)s (%(number)s)."),
    "case-emergency": gettext_noop("Emergency: %(title)s (%(number)s)."),
    "case-filed": gettext_noop("Your report was accepted: %(title)s (%(number)s)."),
    "case-rejected": gettext_noop("Your report was not accepted: %(title)s (%(number)s)."),
    "case-in-work": gettext_noop("Somebody is working on your report: %(title)s (%(number)s)."),
    "case-closed": gettext_noop("Your report is done: %(title)s (%(number)s)."),
    "case-assist": gettext_noop("Your help is asked for: %(title)s (%(number)s)."),
    "case-assist-report": gettext_noop("An assistant has reported: %(title)s (%(number)s)."),
    "case-assist-decline": gettext_noop("An assistant declines: %(title)s (%(number)s)."),
    "case-assist-accept": gettext_noop("Your result was taken over: %(title)s (%(number)s)."),
    "case-assist-back": gettext_noop("The lead sends your result back: %(title)s (%(number)s)."),
    "case-assist-release": gettext_noop("Your help is no longer needed: %(title)s (%(number)s)."),
    "case-hand-on": gettext_noop(
        "The post on which this ran has ended, the router is asked again: %(title)s (%(number)s)."
    ),
    "case-assist-lapse": gettext_noop(
        "The post that assisted has ended, another is looked for: %(title)s (%(number)s)."
    ),
    "case-transfer": gettext_noop("Handed over to you, sign for it: %(title)s (%(number)s)."),
    "case-supervise": gettext_noop("Supervised, reply in writing: %(title)s (%(number)s)."),
    "case-reply-supervision": gettext_noop("Reply to your supervision: %(title)s (%(number)s)."),
    "case-urge": gettext_noop("Please hurry: %(title)s (%(number)s)."),
    "case-merged": gettext_noop("Joined with a report of the same matter: %(title)s (%(number)s)."),
    "case-unmerged": gettext_noop("Your report goes its own way again: %(title)s (%(number)s)."),
    "case-split": gettext_noop("Your report is worked on in parts: %(title)s (%(number)s)."),
    "case-parts-undone": gettext_noop("No part was done: %(title)s (%(number)s)."),
    "whistle-call": gettext_noop("You are called, report within %(minutes)s minutes: %(text)s."),
    "whistle-arrive": gettext_noop("%(body)s is there: %(text)s."),
    "whistle-release": gettext_noop("Released, please rate the call: %(text)s."),
    "case-callback": gettext_noop("Is it solved? Please tell us: %(title)s (%(number)s)."),
    "resident-callback": gettext_noop(
        "Is your matter %(number)s solved? Please tell us here: %(link)s"
    ),
    "case-void": gettext_noop("Your report was ended without work: %(title)s (%(number)s)."),
}
# To the telephone of somebody without an account; with `number` and `code`.
OUTSIDE = {
    "resident-received": gettext_noop(
        "We have your report %(number)s. Query code %(code)s: with both you can follow it."
    ),
    "resident-rejected": gettext_noop(
        "Your report %(number)s was not accepted; why, and who can help: query code %(code)s."
    ),
    "resident-closed": gettext_noop(
        "Your report %(number)s is done and checked. See the result: query code %(code)s."
    ),
}
# Of a limit; with `percent`, `limit` and `due` (ISO) besides.
OF_LIMITS = {
    ("case-warn", "sign"): gettext_noop(
        "%(percent)s%% of the time for signing is used, it ends %(due)s: %(title)s (%(number)s)."
    ),
    ("case-warn", "handle"): gettext_noop(
        "%(percent)s%% of the time for handling is used, it ends %(due)s: %(title)s (%(number)s)."
    ),
    ("case-escalate", "sign"): gettext_noop(
        "Late: nobody has signed, the time ended %(due)s: %(title)s (%(number)s)."
    ),
    ("case-escalate", "handle"): gettext_noop(
        "Late: it is not done, the time ended %(due)s: %(title)s (%(number)s)."
    ),
}


def sentence(kind: str, params: Mapping[str, Any]) -> str:
    """What a message of this kind says."""
    return gettext({**WORDINGS, **OUTSIDE}[kind]) % params


def sentence_of_limit(kind: str, params: Mapping[str, Any]) -> str:
    due = parse_datetime(params["due"])
    shown = timezone.localtime(due).strftime("%m-%d %H:%M") if due else params["due"]
    return gettext(OF_LIMITS[kind, params["limit"]]) % {**params, "due": shown}


def register_wordings() -> None:
    for kind in (*WORDINGS, *OUTSIDE):
        wordings.register(kind, partial(sentence, kind))
    for kind in {kind for kind, _limit in OF_LIMITS}:
        wordings.register(kind, partial(sentence_of_limit, kind))
