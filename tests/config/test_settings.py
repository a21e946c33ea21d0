import os
import subprocess
import sys

import pytest

SAFE = {
    "GONGZHI_ENV": "production",
    "SECRET_KEY": "k" * 50,
    "DATABASE_URL": "postgres://gongzhi@db/gongzhi",
    "CELERY_BROKER_URL": "redis://broker/0",
    "ALLOWED_HOSTS": "portal.example",
}


def start(tmp_path, **changes):
    """Load the settings in a process of their own; answer its last line of error, or ''."""
    inherited = {"PATH": os.environ["PATH"], "GONGZHI_VAR": str(tmp_path)}
    variables = {**inherited, **SAFE, **changes}
    done = subprocess.run(
        [sys.executable, "-c", "from django.conf import settings; settings.DEBUG"],
        env={key: value for key, value in variables.items() if value is not None}
        | {"DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stderr.strip().splitlines()[-1].partition(": ")[2] if done.returncode else ""


def test_production_starts_with_safe_settings(tmp_path):
    assert start(tmp_path) == ""


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"SECRET_KEY": None}, "Set SECRET_KEY to at least 32 random characters."),
        ({"SECRET_KEY": "short"}, "Set SECRET_KEY to at least 32 random characters."),
        ({"DEBUG": "1"}, "Unset DEBUG: it shows settings and code to strangers."),
        ({"DATABASE_URL": None}, "Set DATABASE_URL to a PostgreSQL database."),
        ({"DATABASE_URL": "sqlite:///x"}, "Set DATABASE_URL to a PostgreSQL database."),
        (
            {"CELERY_BROKER_URL": None},
            "Set CELERY_BROKER_URL to a Redis server: several machines cannot share files.",
        ),
        (
            {"ALLOWED_HOSTS": None},
            "Set ALLOWED_HOSTS to the names under which the site is seen.",
        ),
        (
            {"ALLOWED_HOSTS": "*"},
            "Set ALLOWED_HOSTS to the names under which the site is seen.",
        ),
    ],
)
def test_production_refuses_to_start(tmp_path, changes, sentence):
    assert start(tmp_path, **changes) == sentence


def test_development_starts_with_nothing_set(tmp_path):
    assert start(tmp_path, **dict.fromkeys(SAFE)) == ""
