"""What communities say once a year, what it decides, and what they may refuse."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from lib.errors import NotYours, RuleViolation, WrongState
from organizations.models import Message
from routing import services
from routing.models import AdmissionEvaluation, AdmissionShare, UnadmittedRefusal
from routing.models.duty import CommunityList
from tests.factories import admissions as make
from tests.factories.admissions import AT, LATER
from tests.factories.organizations import PostFactory
from tests.factories.routing import CommunityDutyFactory

pytestmark = pytest.mark.django_db
NEXT = datetime.datetime(2028, 3, 1, 2, tzinfo=datetime.UTC)


@pytest.fixture
def place():
    return make.make_place()


def said(place, score, at=LATER):
    share = AdmissionShare.objects.latest("pk")
    return services.evaluate(share, score=score, words="人到位", by=place.speakers[0], at=at)


def test_a_community_says_how_it_goes_once_a_year(place):
    application = make.admitted(place)
    said(place, 4)
    with pytest.raises(RuleViolation) as refusal:
        said(place, 5)
    assert refusal.value.code == "said_already"
    said(place, 1, at=NEXT)
    assert services.average_of(application) == 2.5


def test_only_the_community_itself_and_only_of_what_has_begun(place):
    make.on_trial(place)
    share = AdmissionShare.objects.get()
    with pytest.raises(WrongState):
        said(place, 4, at=AT)
    for stranger in (place.head, place.committee[0], PostFactory(role="community_worker").person):
        with pytest.raises(NotYours):
            services.evaluate(share, score=4, words="", by=stranger, at=LATER)
    for score in (0, 6):
        with pytest.raises(RuleViolation):
            said(place, score)
    assert AdmissionEvaluation.objects.count() == 0


@pytest.mark.parametrize(("score", "may"), [(2, False), (3, True), (None, True)])
def test_what_is_rated_badly_is_not_renewed(place, score, may):
    application = make.admitted(place)
    if score:
        said(place, score)
    begins = datetime.date(2028, 1, 4)
    draft = services.renew_application(
        application, begins=begins, ends=begins.replace(month=12), by=place.head, at=LATER
    )
    share = draft.shares.get()
    assert (share.amount, share.people.get().points) == (make.AMOUNT, make.POINTS)
    if may:
        assert services.apply_for(draft, by=place.head, at=LATER).state == "applied"
        return
    with pytest.raises(RuleViolation) as refusal:
        services.apply_for(draft, by=place.head, at=LATER)
    assert refusal.value.code == "rated_badly"


def test_what_was_said_stays(place):
    make.admitted(place)
    said(place, 4)
    with pytest.raises(IntegrityError), transaction.atomic():
        AdmissionEvaluation.objects.update(score=5)


# -- Refusing what was not admitted -------------------------------------------------------------


def test_a_community_refuses_with_one_click_and_others_are_told(
    place, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        services.refuse_unadmitted(
            place.communities[0], what="代办犬证巡查", department=place.department,
            category=place.category, by=place.speakers[0], at=AT,
        )  # fmt: skip
    told = set(Message.objects.values_list("kind", "to"))
    people = [place.head, *place.committee]
    assert told == {("admission-none", person.pk) for person in people}


def test_what_is_its_own_or_admitted_is_not_refused(place):
    community, speaker = place.communities[0], place.speakers[0]
    make.admitted(place)
    with pytest.raises(RuleViolation) as refusal:
        services.refuse_unadmitted(
            community, what="巡查", category=place.category, by=speaker, at=LATER
        )
    assert refusal.value.code == "admitted"
    own = make.CategoryFactory()
    CommunityDutyFactory(category=own, body=community)
    with pytest.raises(RuleViolation):
        services.refuse_unadmitted(community, what="调解", category=own, by=speaker, at=AT)
    negative = make.CategoryFactory()
    CommunityDutyFactory(category=negative, body=community, list=CommunityList.NEGATIVE)
    services.refuse_unadmitted(community, what="执法", category=negative, by=speaker, at=AT)
    assert UnadmittedRefusal.objects.count() == 1


def test_only_the_community_itself_refuses_and_says_what(place):
    with pytest.raises(NotYours):
        services.refuse_unadmitted(place.communities[0], what="巡查", by=place.head, at=AT)
    with pytest.raises(RuleViolation):
        services.refuse_unadmitted(place.communities[0], what=" ", by=place.speakers[0], at=AT)
    services.refuse_unadmitted(place.communities[0], what="巡查", by=place.speakers[0], at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        UnadmittedRefusal.objects.update(what="x")
