"""The way of a case in words: what happened, who did it, what they wrote."""

import datetime
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.models import Case, CaseEvent
from lib import tones
from lib.masking import mask_text

# What a reader sees for a move that has been made; `log` begins every case.
WORDS: dict[str, tuple[str, Promise]] = {
    "log": ("pencil", _("Reported")),
    "file": ("folder-check", _("Filed")),
    "reject": ("ban", _("Not accepted")),
    "verify": ("map-search", _("A grid worker was asked to look")),
    "verified": ("map-check", _("Looked at on site")),
    "cancel": ("circle-x", _("Withdrawn")),
    "correct": ("edit", _("Corrected")),
    "dispatch": ("send", _("Sent to a desk")),
    "refuse_match": ("help-circle", _("The router could not decide")),
    "act_first": ("urgent", _("Sent out before there is money")),
    "fund": ("coin", _("Money given")),
    "back_to_intake": ("corner-up-left", _("Back to acceptance")),
    "sign": ("signature", _("Signed for")),
    "reassign": ("users", _("Given to somebody else")),
    "return": ("arrow-back-up", _("Returned by the department")),
    "report": ("clipboard-check", _("Result reported")),
    "confirm": ("checks", _("Result confirmed")),
    "send_back": ("arrow-back-up", _("Sent back to the handler")),
    "pass": ("circle-check", _("Checked and closed")),
    "fail": ("refresh-alert", _("Check failed, rework")),
    "void": ("circle-x", _("Ended as void")),
    "publish_text": ("world", _("Words for everybody confirmed")),
    "photo": ("photo-plus", _("Photos added")),
    "refuse_unadmitted": ("hand-stop", _("Refused by the community: not admitted")),
    "hand_on": ("user-off", _("The post has ended, to be given to somebody else")),
    "assist_lapse": ("user-off", _("The post that assisted has ended")),
    "refer": ("scale", _("Laid before the committee")),
    "adjudicate": ("gavel", _("Decided by the committee, binding")),
    "ask_extension": ("calendar-plus", _("More time asked for")),
    "review_extension": ("calendar-check", _("Request for more time reviewed")),
    "ask_suspension": ("player-pause", _("Suspension asked for")),
    "review_suspension": ("calendar-check", _("Request for suspension reviewed")),
    "suspend": ("player-pause", pgettext_lazy("case", "Suspended")),
    "resume": ("player-play", _("Work goes on")),
    "ask_appeal": ("message-report", _("Timeout appeal made")),
    "review_appeal": ("calendar-check", _("Timeout appeal reviewed")),
    "reopen": ("rotate", _("Taken up again")),
    "ask_callback": ("phone-outgoing", _("Resident asked how it went")),
    "answer_callback": ("message-2-check", _("Resident answered")),
    "take_over": ("archive", _("Taken over from another system")),
    "closed_elsewhere": ("archive", _("Closed there")),
    "contact": ("phone", _("Resident called")),
    "split": ("arrows-split", _("Split into parts")),
    "join": ("arrows-join", _("All parts done, closed")),
    "merge": ("git-merge", _("Merged into another case")),
    "unmerge": ("git-branch", _("Taken out of the merged case")),
    "warn": ("clock-exclamation", _("Warned: the limit comes nearer")),
    "escalate": ("trending-up", _("Late, told to those above")),
    "release": ("shield-check", _("No emergency, on to the router")),
    "settle": ("gavel", _("Duty settled by the committee")),
    "merge_in": ("git-merge", _("Another report was merged into this case")),
    "merge_out": ("arrow-back-up", _("A merged report goes its own way again")),
    "unmerge_filed": ("arrow-back-up", _("The merge was undone")),
    "join_undone": ("arrow-back-up", _("No part was done, back with the dispatcher")),
    "transfer": ("arrows-exchange", _("Handed over to a colleague")),
    "assist_add": ("users-plus", _("A department was asked to assist")),
    "assist_sign": ("signature", _("Assistance signed for")),
    "assist_report": ("clipboard-check", _("Assistant reported to the lead")),
    "assist_decline": ("arrow-back-up", _("Assistance declined")),
    "assist_accept": ("checks", _("Assistance accepted by the lead")),
    "assist_send_back": ("arrow-back-up", _("Assistance sent back")),
    "assist_release": ("user-minus", _("Assistant released")),
    "supervise": ("eye-exclamation", _("Supervised, a written reply is due")),
    "reply_supervision": ("message-reply", _("Replied to the supervision")),
    "urge": ("bell-ringing", _("Urged")),
    "whistle": ("speakerphone", _("Departments called to the spot")),
    "note": ("message", _("Note")),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One mark of the timeline."""

    tone: str
    icon: str
    title: str
    who: str
    at: datetime.datetime
    text: str


def steps(case: Case, *, knows: bool) -> list[Step]:
    """The newest first; what people wrote is masked for who need not know the reporter."""
    return [_step(event, knows=knows) for event in case.events.for_page()]


def _step(event: CaseEvent, *, knows: bool) -> Step:
    icon, title = WORDS.get(event.move, ("point", event.move))
    note = getattr(event, "note_row", None)
    words = note.text if note else ""
    return Step(
        tone=tones.of_state(event.to_state).name,
        icon=icon,
        title=str(title),
        who=str(event.by),
        at=event.at,
        text=words if knows else mask_text(words),
    )
