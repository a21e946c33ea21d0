"""Who took part in what a commitment came from: they hear of each step, and rate the result."""

from collections.abc import Callable, Iterable, Iterator

from consultation.models import Commitment, Consultation, Idea, Opinion, ProjectCall, VoterSheet
from consultation.models.sessions import Attendance
from consultation.models.votes import Entitlement
from organizations.models import User

# Each yields the keys of people; a new way of taking part adds itself here.
OF_CONSULTATION: tuple[Callable[[Consultation], Iterable[int | None]], ...] = (
    Opinion.objects.authors_in,
)


def _proposer(consultation: Consultation) -> Iterator[int | None]:
    topic = consultation.topic
    if topic is not None:
        yield topic.proposer_id


def _came(consultation: Consultation) -> Iterator[int | None]:
    """Whose attendance at a session stands."""
    rows = Attendance.objects.filter(
        invitation__session__consultation=consultation, cancelled_at=None
    )
    yield from rows.values_list("invitation__person", flat=True)


def _voted(consultation: Consultation) -> Iterator[int | None]:
    """Who used a right to vote, and by themselves: not what they voted."""
    rows = Entitlement.objects.filter(
        vote__consultation=consultation, voted_at__isnull=False, channel="online"
    )
    yield from rows.values_list("cast_by", flat=True)


def people_of_call(call: ProjectCall) -> set[int]:
    """Who had an idea, and who voted."""
    authors = Idea.objects.filter(call=call).exclude(author=None)
    voters = VoterSheet.objects.filter(call=call)
    return {*authors.values_list("author", flat=True), *voters.values_list("person", flat=True)}


def people_of_consultation(consultation: Consultation) -> set[int]:
    found = {
        key
        for source in (_proposer, _came, _voted, *OF_CONSULTATION)
        for key in source(consultation)
    }
    return {key for key in found if key is not None}


def people_of(commitment: Commitment) -> set[int]:
    if commitment.idea is not None:
        return people_of_call(commitment.idea.call)
    if commitment.consultation is not None:
        return people_of_consultation(commitment.consultation)
    return set()


def took_part(commitment: Commitment, person: User) -> bool:
    return person.pk in people_of(commitment)
