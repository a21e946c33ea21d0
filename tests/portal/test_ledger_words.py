"""Every check of the books is told to residents in a sentence, never by its name in the program."""

from funding.checks import CHECKS
from portal.ledger_words import SENTENCES


def test_every_check_has_its_sentence():
    assert {check.__name__ for check in CHECKS} <= set(SENTENCES)
