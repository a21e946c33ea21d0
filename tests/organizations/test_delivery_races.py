"""Several workers at once: each message goes out once."""

import pytest
import time_machine

from organizations.models import Delivery, NotificationRule
from organizations.services import inbox
from organizations.tasks import deliver
from tests.factories.organizations import LONG_AGO, UserFactory
from tests.organizations.test_deliveries import NOON
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_four_workers_send_forty_messages_once(settings, tmp_path):
    settings.GATEWAY_FOLDER = tmp_path
    NotificationRule.objects.create(
        kind="*", channel="sms", timing="at_once", urgent=False, valid_from=LONG_AGO
    )
    people = [UserFactory(phone=f"1381234{number:04d}") for number in range(40)]
    Delivery.objects.all().delete()
    notices = [inbox.Notice(one.pk, "k", "x") for one in people]
    with_no_worker(settings, lambda: inbox.send_many(notices, at=NOON))
    assert Delivery.objects.filter(state="pending").count() == 40
    with time_machine.travel(NOON, tick=True):
        sent = at_once(4, lambda _number: deliver())
    assert sum(sent) == 40
    assert len((tmp_path / "sms.jsonl").read_text().splitlines()) == 40
    assert Delivery.objects.filter(state="sent", attempts=1).count() == 40


def with_no_worker(settings, act):
    """Queue nothing now: the message to the workers is lost."""
    settings.CELERY_TASK_ALWAYS_EAGER = False
    from unittest import mock

    with mock.patch("organizations.services.planning._wake"):
        act()
