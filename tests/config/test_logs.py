import io
import json
import logging
import logging.config

import pytest
import structlog
from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import AnonRateThrottle

from config.logs import logging_config
from config.request_log import RequestLog


@pytest.fixture
def lines():
    """What is logged as JSON while the test runs; afterwards everything is as before."""
    out = io.StringIO()
    config = logging_config(as_json=True, level="INFO")
    config["handlers"]["console"]["stream"] = out
    logging.config.dictConfig(config)
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    logging.config.dictConfig(settings.LOGGING)


def test_a_line_of_ours_is_an_object_with_its_request(lines):
    with structlog.contextvars.bound_contextvars(request_id="r-1"):
        structlog.get_logger("cases").info("case_filed", case=7, place="黄江镇")
    (line,) = lines()
    line.pop("timestamp")
    assert line == {
        "event": "case_filed",
        "case": 7,
        "place": "黄江镇",
        "level": "info",
        "logger": "cases",
        "request_id": "r-1",
    }


def test_a_line_of_a_library_is_one_too(lines):
    with structlog.contextvars.bound_contextvars(request_id="r-2"):
        logging.getLogger("django.request").warning("Not Found: %s", "/x")
    (line,) = lines()
    assert (line["event"], line["request_id"]) == ("Not Found: /x", "r-2")


def test_an_exception_stays_on_its_line(lines):
    try:
        raise ValueError("no")
    except ValueError:
        logging.getLogger("x").exception("failed")
    (line,) = lines()
    assert line["exception"].endswith("ValueError: no")


def test_a_request_is_logged_without_its_query(rf):
    request = rf.get("/my-grid/", {"address": "梅塘社区8号"})
    assert RequestLog.format_request(request) == "GET /my-grid/"


def test_who_asks_the_api_cannot_choose_an_address_to_be_counted_by(rf):
    request = Request(rf.get("/", headers={"x-forwarded-for": "203.0.113.9"}))
    assert AnonRateThrottle().get_ident(request) == "127.0.0.1"


def test_of_fonts_only_trouble_is_told(lines):
    logging.getLogger("fontTools.subset").info("cmap pruned")
    logging.getLogger("fontTools.subset").warning("no cmap")
    assert [line["event"] for line in lines()] == ["no cmap"]
