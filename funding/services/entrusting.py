"""费随事转: a department's matter that another body does brings its money along.

What the department had reserved for the work moves to a line of the body that does it, for the same
purpose and subject, in one posting: both lines show it with the number of the matter.
"""

import datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from funding.ledger import Act, Books, Movement
from funding.models import Bucket, Hold, Kind, Line
from funding.services.answers import answered, booked
from funding.services.lines import make_line
from funding.services.refusals import MoreThanOpen, NotAPositiveAmount
from funding.services.vouching import vouch
from organizations.models import Body, User


@booked
def entrust(
    hold: Hold, body: Body, *, amount: int, key: str, by: User, at: datetime.datetime
) -> Hold:
    """`amount` fen of what `hold` keeps move to `body`, which keeps them for the same subject.

    The rest stays with the hold. Answers the hold of the receiving body.
    Raises MoreThanOpen, NotAPositiveAmount, KeyReused.
    """
    if amount <= 0:
        raise NotAPositiveAmount(amount)
    line = line_for(body, hold, by=by, at=at)
    payload = {"hold": hold.pk, "to": line.pk, "amount": amount}
    books = Books.open([hold.line_id, line.pk], keys=[key])
    if found := answered(books, Kind.ENTRUST, key=key, payload=payload):
        return Hold.objects.get(line=line, entries__posting=found.posting)
    giving = Hold.objects.get(pk=hold.pk)
    if amount > giving.open:
        raise MoreThanOpen(giving, asked=amount)
    taking = Hold(
        line=line,
        purpose_id=giving.purpose_id,
        subject_kind=giving.subject_kind,
        subject_key=giving.subject_key,
        made_at=at,
        expires_at=giving.expires_at,
    )
    posting = Act(by, at).posting(Kind.ENTRUST, key=key, payload=payload, about=giving)
    books.move(
        posting,
        Movement(giving.line_id, Bucket.RESERVED, Bucket.AVAILABLE, amount, giving),
        Movement(giving.line_id, Bucket.AVAILABLE, Bucket.OUTSIDE, amount),
        Movement(line.pk, Bucket.OUTSIDE, Bucket.AVAILABLE, amount),
        Movement(line.pk, Bucket.AVAILABLE, Bucket.RESERVED, amount, taking),
    )
    books.write()
    vouch(posting, summary=_("Moved with the task"), by=by, at=at)
    return taking


def line_for(body: Body, hold: Hold, *, by: User, at: datetime.datetime) -> Line:
    """The body's own line for entrusted money of this source, purpose and year; made if need be."""
    purpose, source = hold.purpose, hold.line.source
    year = localdate(at).year
    code = f"e{body.pk}-{source.code}-{year}-{purpose.code}"[:50]
    known = Line.objects.filter(code=code).first()
    return known or make_line(
        code=code,
        name=f"{body.name}{year}年费随事转·{purpose.name}"[:100],
        name_en=f"{body.name_en}, entrusted {year}: {purpose.name_en}"[:200],
        source=source,
        body=body,
        valid_from=datetime.date(year, 1, 1),
        valid_to=datetime.date(year + 1, 1, 1),
        purposes=[purpose],
        by=by,
        at=at,
    )
