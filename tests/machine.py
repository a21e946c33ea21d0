"""What a test needs of the machine beside Python."""

import os
from urllib.parse import urlsplit

import psycopg2
import pytest
import redis

POSTGRES_URL = os.environ.get("POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/gongzhi")
REDIS_URL = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0")


def without(what):
    """Skip, saying what is missing; fail where the run must be complete (`GONGZHI_COMPLETE=1`)."""
    if os.environ.get("GONGZHI_COMPLETE"):
        pytest.fail(f"This run must be complete, but there is no {what}.")
    pytest.skip(f"no {what} on this machine")


def postgres_of(url):
    """A connection to the server's own database, whatever database the address names; or None."""
    parts = urlsplit(url)
    try:
        return psycopg2.connect(
            host=parts.hostname,
            port=parts.port or 5432,
            user=parts.username,
            password=parts.password,
            dbname="postgres",
            connect_timeout=3,
        )
    except psycopg2.OperationalError:
        return None


def redis_answers(url):
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=3) as server:
            return server.ping()
    except redis.RedisError:
        return False
