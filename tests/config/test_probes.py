import datetime

import pytest
from django.utils import timezone

from config import probes
from config.models import Sign

NOW = datetime.datetime(2026, 11, 23, 4, 0, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def one_process(monkeypatch):
    monkeypatch.delenv("PROMETHEUS_MULTIPROC_DIR", raising=False)


def test_healthz_needs_neither_database_nor_a_known_host(client, settings):
    settings.ALLOWED_HOSTS = ["portal.example"]
    answer = client.get("/healthz", headers={"host": "10.0.0.7:8000"})
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_readyz_names_every_part(client):
    Sign.objects.create(kind="worker", node="celery@here", seen_at=timezone.now())
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {
        "database": "ok",
        "broker": "ok",
        "worker": "ok",
        "clock": "no clock has been seen in the last minute",
    }


@pytest.mark.django_db
def test_readyz_refuses_when_no_worker_has_signed(client):
    Sign.objects.create(kind="clock", node="celery@here", seen_at=timezone.now())
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["worker"] == "no worker has been seen in the last minute"


@pytest.mark.django_db
def test_strangers_learn_which_part_has_failed_and_not_why(client):
    answer = client.get("/readyz", REMOTE_ADDR="203.0.113.9")
    assert (answer.json()["worker"], answer.json()["database"]) == ("failed", "ok")


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "is_ready"), [(59, True), (60, False)])
def test_a_worker_counts_for_a_minute(seconds, is_ready):
    seen_at = NOW - datetime.timedelta(seconds=seconds)
    Sign.objects.create(kind="worker", node="a", seen_at=seen_at)
    assert (probes.sign_fault(Sign.Kind.WORKER, at=NOW) is None) == is_ready


def test_a_broker_that_does_not_answer_is_a_fault(monkeypatch):
    other = probes.app.connection_for_write("redis://127.0.0.1:1/0")
    monkeypatch.setattr(probes.app, "connection_for_write", lambda: other)
    assert "127.0.0.1:1" in probes.broker_fault()


def test_metrics_are_for_this_machine_only(client):
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="10.0.0.7").status_code == 404
    assert client.get("/metrics", headers={"x-forwarded-for": "10.0.0.7"}).status_code == 404


def test_metrics_with_a_token_are_for_who_shows_it(client, settings):
    settings.METRICS_TOKEN = "a-token"
    wrong = {"authorization": "Bearer another"}
    right = {"authorization": "Bearer a-token"}
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers=wrong).status_code == 404
    assert client.get("/metrics", headers=right, REMOTE_ADDR="10.0.0.7").status_code == 200
