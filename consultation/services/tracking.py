"""Number and code open what somebody has sent: without an account, and for nobody else."""

from django.utils.crypto import constant_time_compare

from consultation.models import Objection, Topic


def found_by_code(number: str, code: str) -> Topic | Objection | None:
    """The topic or objection that was given this number and code together; else None."""
    wanted, said = number.strip().upper(), code.strip().upper()
    topic = Topic.objects.select_related("matter").filter(number=wanted).first()
    objection = Objection.objects.select_related("consultation").filter(number=wanted).first()
    found: Topic | Objection | None = topic or objection
    known = found.code if found is not None else ""
    return found if constant_time_compare(known, said) and known else None
