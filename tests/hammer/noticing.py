"""Which guards a run can be made without, and which checks must then fail. Data only."""

NOTICED_BY = {
    "transaction": {"holds_equal_their_entries", "postings_say_what_was_asked"},
    "guard": {"lines_equal_their_entries", "versions_have_no_gaps", "chains_are_intact"},
    "key": {"applied once"},
}
SAYS = {
    "transaction": "each statement of a movement is committed by itself",
    "guard": "amounts are read, decided on, and written back, without lock, trigger or constraint",
    "key": "a retry has a key that nobody has used before",
}
