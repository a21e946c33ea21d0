"""Names, telephones and identity numbers that are planted never come out where everybody reads."""

import pytest
from django.urls import reverse

from tests.factories import volunteers as made
from tests.factories.residents import ResidentFactory
from volunteers import services
from volunteers.models import Organisation

pytestmark = pytest.mark.django_db
NAME, PHONE, GUARDIAN, GUARDIANS_PHONE = "司徒植入", "13577770001", "欧阳监护", "13577770002"
CONTACT, NICKNAME, REMARK, POLICY = "上官联系", "植入的昵称", "植入的备注", "PLANTED-POLICY"
IDENTITY = made.identity("19850607")
PLANTED = (
    NAME, PHONE, GUARDIAN, GUARDIANS_PHONE, CONTACT, NICKNAME, REMARK, POLICY, IDENTITY,
    IDENTITY[-4:], "1985",
)  # fmt: skip
CALLED_OFF = "植入：因某人生病"


@pytest.fixture
def shift(place):
    person = ResidentFactory(full_name=NAME, phone=PHONE, nickname=NICKNAME)
    row = services.confirm(
        services.register(
            person, identity=IDENTITY, community=place.community, agreed=True, by=person,
            at=made.AT, offer=services.Offer(may_be_named=True),
        ),
        by=place.organizer, at=made.AT,
    )  # fmt: skip
    day = made.AT.date()
    services.insure(
        row, insurer="x", policy=POLICY, valid_from=day, valid_to=day + 30 * made.DAY,
        by=place.organizer, at=made.AT,
    )  # fmt: skip
    minor = made.waiting(place, born="20100101")
    services.name_guardian(
        minor, name=GUARDIAN, phone=GUARDIANS_PHONE, relation="parent", by=minor.person,
        at=made.AT,
    )  # fmt: skip
    team = services.register_organisation(
        place=place.community, name="护河队", kind="team", scope="护河", contact_name=CONTACT,
        contact_phone="0769-83000000", by=person, at=made.AT,
    )  # fmt: skip
    team = services.confirm_organisation(team, by=place.organizer, at=made.AT)
    shift = made.published(place, places=1, organisation=team, by=person)
    services.sign_up(shift, row, by=person, at=made.AT, remark=REMARK)
    waits = made.active(place)
    services.join_waiting_list(shift, waits, by=waits.person, at=made.AT)
    return shift


def public_addresses(shift):
    team = Organisation.objects.get()
    front = reverse("volunteers:activities")
    return [
        "/", front, f"{front}?look=calendar", f"{front}?look=map", f"{front}?q={NAME}",
        reverse("volunteers:feed"), reverse("volunteers:calendar"),
        reverse("volunteers:activity", args=[shift.activity_id]),
        reverse("volunteers:activity_calendar", args=[shift.activity_id]),
        reverse("volunteers:organisations"), reverse("volunteers:organisation", args=[team.pk]),
        reverse("volunteers:wishes"), reverse("volunteers:help"),
        "/site-map/", "/open-data/",
    ]  # fmt: skip


def test_no_page_of_the_public_tells_what_was_planted(client, shift, place):
    for address in public_addresses(shift):
        answer = client.get(address, follow=True)
        if answer.status_code == 404:
            continue
        text = answer.content.decode()
        said = [one for one in PLANTED if one in text.replace(f'value="{NAME}"', "")]
        assert said == [], f"{address}: {said}"


def test_another_resident_does_not_read_it_either(client, shift, place):
    client.force_login(made.active(place).person)
    for address in [*public_addresses(shift), reverse("volunteers:mine")]:
        text = client.get(address, follow=True).content.decode()
        said = [one for one in PLANTED if one in text.replace(f'value="{NAME}"', "")]
        assert said == [], f"{address}: {said}"


def test_the_calendar_program_is_told_of_no_person(client, shift):
    text = client.get(reverse("volunteers:calendar")).content.decode()
    assert "ATTENDEE" not in text
    assert "ORGANIZER" not in text
