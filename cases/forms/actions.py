"""The table of moves as a person sees them: word, icon, form, service; buttons come from it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases import services
from cases.forms import disputes, moves, requests, several, visits
from cases.models import Case


@dataclass(frozen=True, slots=True)
class Action:
    """`weight`: the smallest is what this person came for; `done` is said when it has been made.

    `grave` marks what cannot be undone: the form asks once more.
    """

    name: str
    label: Promise
    icon: str
    form: type[moves.MoveForm]
    serve: Callable[..., Case]
    done: Promise
    weight: int = 50
    grave: bool = False

    @property
    def is_one_press(self) -> bool:
        """Nothing to say: the button itself sends it."""
        return not self.form.base_fields


def _table(*actions: Action) -> dict[str, Action]:
    return {action.name: action for action in actions}


# refuse_match belongs to the router alone and has no form.
ACTIONS = _table(
    Action("sign", _("Sign for it"), "signature", moves.PlainForm, services.sign,
           _("Signed for. The work begins."), weight=10),
    Action("report", _("Report the result"), "clipboard-check", moves.ReportForm, services.report,
           _("Reported. The department confirms it next."), weight=10),
    Action("confirm", _("Confirm the result"), "checks", moves.NoteForm, services.confirm,
           _("Confirmed. Somebody else checks it next."), weight=10),
    Action("pass", _("Check passed, close"), "circle-check", moves.PassForm, services.check_pass,
           _("Closed."), weight=10),
    Action("fail", _("Check failed, rework"), "refresh-alert", moves.CheckForm, services.check_fail,
           _("Sent for rework."), weight=20),
    Action("file", _("File it"), "folder-check", moves.NoteForm, services.file,
           _("Filed. The router looks for the desk."), weight=10),
    Action("dispatch", _("Send it to a person"), "send", moves.SendForm, services.dispatch,
           _("Sent."), weight=10),
    Action("settle", _("Settle who leads"), "gavel", moves.SettleForm, services.settle,
           _("Settled, and remembered. The router takes the case up again."), weight=5),
    Action("fund", _("Give the money"), "coin", moves.FundForm, services.fund,
           _("The work has its money."), weight=15),
    Action("correct", _("Correct"), "edit", moves.CorrectForm, services.correct,
           _("Corrected."), weight=20),
    Action("release", _("Not an emergency"), "shield-check", moves.ReleaseForm, services.release,
           _("Released. The router looks for the desk."), weight=25),
    Action("act_first", _("Act first"), "urgent", moves.ActFirstForm, services.act_first,
           _("Sent out before there is money for it."), weight=30),
    Action("send_back", _("Not yet done, send back"), "arrow-back-up", moves.NoteForm,
           services.send_back, _("Sent back to the handler."), weight=20),
    Action("reassign", _("Give it to somebody else"), "users", moves.PersonForm,
           services.reassign, _("Given to somebody else."), weight=40),
    Action("return", _("Return to the dispatcher"), "arrow-back-up", disputes.ReasonForm,
           services.send_back_to_dispatcher, _("Returned to the dispatcher."), weight=40),
    Action("back_to_intake", _("Back to acceptance"), "corner-up-left", moves.NoteForm,
           services.back_to_intake, _("Back with the acceptance clerk."), weight=60),
    Action("reject", _("Do not accept"), "ban", disputes.RejectForm, services.reject,
           _("Not accepted; the reporter reads why."), weight=30, grave=True),
    Action("cancel", _("Withdraw"), "circle-x", moves.NoteForm, services.cancel,
           _("Withdrawn."), weight=70, grave=True),
    Action("void", _("Void"), "circle-x", moves.NoteForm, services.void,
           _("Ended as void."), weight=80, grave=True),
    Action("publish_text", _("Words for everybody"), "world", moves.PublicTextForm,
           services.publish_text, _("These words are what everybody reads."), weight=75),
    Action("merge", _("Merge into another case"), "git-merge", several.MergeForm, services.merge,
           _("Merged. Who reported it follows the other case from now on."), weight=55),
    Action("unmerge", _("Undo the merge"), "arrow-back-up", moves.NoteForm, services.unmerge,
           _("The case goes its own way again."), weight=5),
    Action("split", _("Split into parts"), "arrows-split", several.SplitForm, services.split,
           _("Split. The case waits for its parts."), weight=56),
    Action("transfer", _("Hand over to a colleague"), "arrows-exchange", several.TransferForm,
           services.transfer, _("Handed over, to be signed for."), weight=41),
    Action("assist_add", _("Ask a department to assist"), "users-plus", several.AssistForm,
           services.ask_assistance, _("Asked. You stay responsible."), weight=42),
    Action("assist_sign", _("Sign for the assistance"), "signature", moves.PlainForm,
           services.sign_assistance, _("Signed for. The work begins."), weight=8),
    Action("assist_report", _("Report to the lead"), "clipboard-check", several.AssistReportForm,
           services.report_assistance, _("Reported to the lead."), weight=8),
    Action("assist_decline", _("Decline the assistance"), "arrow-back-up", several.AssistStepForm,
           services.decline_assistance, _("Declined; the lead reads why."), weight=43),
    Action("assist_accept", _("Accept the assistance"), "checks", several.AssistStepForm,
           services.accept_assistance, _("Accepted."), weight=9),
    Action("assist_send_back", _("Send the assistance back"), "arrow-back-up",
           several.AssistStepForm, services.send_assistance_back, _("Sent back."), weight=44),
    Action("assist_release", _("Release an assistant"), "user-minus", several.AssistStepForm,
           services.release_assistance, _("Released."), weight=44),
    Action("supervise", _("Supervise"), "eye-exclamation", several.SuperviseForm,
           services.supervise, _("The head of the department must reply in writing."), weight=35),
    Action("reply_supervision", _("Reply to the supervision"), "message-reply", several.ReplyForm,
           services.reply_supervision, _("Your reply is on record."), weight=6),
    Action("urge", _("Urge"), "bell-ringing", moves.NoteForm, services.urge,
           _("Whoever has it was asked to hurry."), weight=45),
    Action("note", _("Add a note"), "message", moves.RemarkForm, services.note,
           _("Noted."), weight=70),
    Action("verify", _("Have it looked at"), "map-search", visits.VerifyForm, services.verify,
           _("The grid worker was asked to look."), weight=25),
    Action("verified", _("Say what is there"), "map-check", visits.VerifiedForm, services.verified,
           _("Thank you. The clerk decides next."), weight=5),
    Action("contact", _("Record a call"), "phone", visits.ContactForm, services.contact,
           _("The call is on record."), weight=45),
    Action("refer", _("Lay before the committee"), "scale", moves.NoteForm, services.refer,
           _("The committee decides next."), weight=50),
    Action("adjudicate", _("Decide who does it"), "gavel", disputes.AdjudicateForm,
           services.adjudicate, _("Decided, sent there, and remembered for like cases."), weight=5),
    Action("ask_extension", _("Ask for more time"), "calendar-plus", requests.AskForm,
           services.ask_extension, _("Asked. Two people decide."), weight=46),
    Action("review_extension", _("Review: more time"), "calendar-check", requests.ReviewForm,
           services.review_extension, _("Answered."), weight=4),
    Action("ask_suspension", _("Ask to suspend"), "player-pause", requests.AskSuspensionForm,
           services.ask_suspension, _("Asked. Two people decide."), weight=47),
    Action("review_suspension", _("Review: suspension"), "calendar-check", requests.ReviewForm,
           services.review_suspension, _("Answered."), weight=4),
    Action("resume", _("Go on now"), "player-play", moves.NoteForm, services.resume,
           _("The work goes on."), weight=20),
    Action("ask_appeal", _("Appeal against the timeout"), "message-report", requests.AskForm,
           services.ask_appeal, _("Asked. Two people decide."), weight=48),
    Action("review_appeal", _("Review: timeout"), "calendar-check", requests.ReviewForm,
           services.review_appeal, _("Answered."), weight=4),
    Action("reopen", _("Take it up again"), "rotate", moves.NoteForm, services.reopen,
           _("Taken up again. The router looks for the desk."), weight=60),
)  # fmt: skip


# What cures a refusal comes before everything else.
CURES = {"no_place": "correct", "no_category": "correct", "emergency": "dispatch"}


def actions_for(names: list[str], *, refusal: str = "") -> list[Action]:
    """The moves that have a form, the first one being what this person came for."""
    known = (ACTIONS[name] for name in names if name in ACTIONS)
    cure = CURES.get(refusal)
    return sorted(known, key=lambda action: (action.name != cure, action.weight))
