"""Every write to a case: one function per thing that a person, the clock or the router can do."""

from cases.services.actors import actors_of, moves_for, owns_line
from cases.services.assisting import (
    accept_assistance,
    ask_assistance,
    decline_assistance,
    give_owed,
    release_assistance,
    report_assistance,
    send_assistance_back,
    sign_assistance,
)
from cases.services.checking import check_fail, check_pass
from cases.services.contacting import contact
from cases.services.counted import mark_counted
from cases.services.deadlines import warn_due
from cases.services.dispatching import act_first, back_to_intake, dispatch, fund, reassign, void
from cases.services.disputing import (
    adjudicate,
    refer,
    refuse_unadmitted,
    send_back_to_dispatcher,
)
from cases.services.emergencies import release
from cases.services.handing_on import hand_on_orphans
from cases.services.handling import confirm, report, send_back, sign
from cases.services.history import make_daily_root, verify_history
from cases.services.intake import cancel, correct, file, log, note, publish_text, reject
from cases.services.merging import merge, tell_apart, unmerge
from cases.services.photos import add_photos
from cases.services.pressing import reply_supervision, supervise, urge
from cases.services.reasons import told_of
from cases.services.receipts import Receipt, receipt_of
from cases.services.reopening import reopen, reopens_until
from cases.services.replaying import Difference, replay
from cases.services.reporters import may_know_reporter, may_search_personal, reveal_reporter
from cases.services.requests import (
    ask_appeal,
    ask_extension,
    ask_suspension,
    review_appeal,
    review_extension,
    review_suspension,
)
from cases.services.retrying import escalate_unstaffed, retry_refused
from cases.services.routing import route_waiting
from cases.services.searching import index_all
from cases.services.settling import settle
from cases.services.splitting import join_parts, split
from cases.services.suspending import resume, resume_due
from cases.services.transferring import transfer
from cases.services.verifying import give_up_looks, verified, verify
from cases.services.watching import watch_forgotten

__all__ = [
    "Difference",
    "Receipt",
    "accept_assistance",
    "act_first",
    "actors_of",
    "add_photos",
    "adjudicate",
    "ask_appeal",
    "ask_assistance",
    "ask_extension",
    "ask_suspension",
    "back_to_intake",
    "cancel",
    "check_fail",
    "check_pass",
    "confirm",
    "contact",
    "correct",
    "decline_assistance",
    "dispatch",
    "escalate_unstaffed",
    "file",
    "fund",
    "give_owed",
    "give_up_looks",
    "hand_on_orphans",
    "index_all",
    "join_parts",
    "log",
    "make_daily_root",
    "mark_counted",
    "may_know_reporter",
    "may_search_personal",
    "merge",
    "moves_for",
    "note",
    "owns_line",
    "publish_text",
    "reassign",
    "receipt_of",
    "refer",
    "refuse_unadmitted",
    "reject",
    "release",
    "release_assistance",
    "reopen",
    "reopens_until",
    "replay",
    "reply_supervision",
    "report",
    "report_assistance",
    "resume",
    "resume_due",
    "retry_refused",
    "reveal_reporter",
    "review_appeal",
    "review_extension",
    "review_suspension",
    "route_waiting",
    "send_assistance_back",
    "send_back",
    "send_back_to_dispatcher",
    "settle",
    "sign",
    "sign_assistance",
    "split",
    "supervise",
    "tell_apart",
    "told_of",
    "transfer",
    "unmerge",
    "urge",
    "verified",
    "verify",
    "verify_history",
    "void",
    "warn_due",
    "watch_forgotten",
]
