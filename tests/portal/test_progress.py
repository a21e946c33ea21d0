from cases.workflow import ARCHIVED, MOVES, State
from portal import progress

SILENT = {
    "correct", "refuse_match", "fund", "back_to_intake", "reassign", "note", "publish_text",
    "contact", "ask_extension", "review_extension", "ask_suspension", "review_suspension",
    "ask_appeal", "review_appeal", "warn", "escalate", "release",
    "transfer", "reply_supervision",
    "assist_sign", "assist_report", "assist_decline", "assist_accept", "assist_send_back",
    "assist_release", "assist_lapse",
}  # fmt: skip


def test_every_state_and_every_move_is_told_or_kept_silent_on_purpose():
    assert set(progress.NOW) == set(State)
    # Written into the history without a move of the table: nothing leads from them.
    facts = {"log", "answer_callback"} | ARCHIVED
    assert set(progress.HAPPENED) - facts == set(MOVES) - SILENT
