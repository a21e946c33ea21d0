import datetime

import pytest
from django.core.management import call_command
from django.db import Error, connection

from organizations.models import ChangeRecord
from tests.factories.organizations import UserFactory

NOW = datetime.datetime(2026, 11, 23, 4, 0, tzinfo=datetime.UTC)
TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
}


def triggers():
    with connection.cursor() as cursor:
        cursor.execute(TRIGGERS[connection.vendor])
        return sorted(name for (name,) in cursor.fetchall())


@pytest.fixture
def record():
    record = ChangeRecord(kind="x.y", key="1", action="made", by=UserFactory(), at=NOW)
    record.seal(previous=None)
    record.save()
    return record


@pytest.mark.django_db(transaction=True)
def test_append_only_tables_are_emptied_between_tests_and_guarded_again(record):
    before = triggers()
    call_command("flush", interactive=False, verbosity=0)
    assert ChangeRecord.objects.count() == 0
    assert triggers() == before != []


@pytest.mark.django_db(transaction=True)
def test_an_append_only_row_cannot_be_deleted(record):
    with pytest.raises(Error, match="append-only"):
        ChangeRecord.objects.all().delete()
