"""Personal details are masked by rules, then a person reads the result and answers for it."""

from collections.abc import Callable, Iterable

from consultation.models import Consultation
from lib.masking import mask_text

# Who is known to a consultation by name: one function for each table that holds people.
Names = Callable[[Consultation], Iterable[str]]


def _of_topic(consultation: Consultation) -> Iterable[str]:
    topic = consultation.topic
    if topic is None:
        return ()
    proposer = topic.proposer.full_name if topic.proposer else ""
    return topic.contact_name, proposer


def _of_objections(consultation: Consultation) -> Iterable[str]:
    return consultation.objections.exclude(contact_name="").values_list("contact_name", flat=True)


KNOWN_NAMES: list[Names] = [_of_topic, _of_objections]


def names_known_to(consultation: Consultation) -> set[str]:
    """Names of residents that the consultation knows; never those of office holders."""
    found = {name.strip() for source in KNOWN_NAMES for name in source(consultation)}
    return {name for name in found if len(name) > 1}


def masked(consultation: Consultation, text: str) -> str:
    """`text` without telephone, identity, plate and card numbers, houses, and known names."""
    return mask_text(text.strip(), names_known_to(consultation))
