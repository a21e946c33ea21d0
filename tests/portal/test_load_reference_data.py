from django.core.management import call_command

from organizations.models import ChangeRecord


def said(capsys):
    call_command("load_reference_data")
    return [line.split(": ") for line in capsys.readouterr().out.splitlines()]


def test_it_loads_every_app_and_the_second_time_nothing(db, capsys):
    first = said(capsys)
    apps = [
        "organizations", "grids", "committee", "funding", "volunteers", "talent", "emergency",
        "routing", "cases", "consultation", "oversight",
    ]  # fmt: skip
    assert [app for app, _count in first] == [*apps, "links with laws"]
    assert all(int(count.split()[0]) > 5 for _app, count in first)
    records = ChangeRecord.objects.count()
    assert said(capsys) == [[app, "0 added"] for app, _count in first]
    assert ChangeRecord.objects.count() == records
