"""Every address, asked as every role with real objects, answers as the written table says."""

import copy
import logging
import os
from pathlib import Path

import pytest
import rest_framework
import time_machine
from django.db import transaction
from django.test import Client

from tests.conftest import TODAY
from tests.permissions import addresses, table
from tests.permissions.world import ACTORS, ANONYMOUS, ELSEWHERE, STRANGER, make_world

WRITING = "WRITE_PERMISSIONS" in os.environ
# A view that knows only one method says so to these three alike.
SAMPLE = ["system_admin", "handler", "committee_member"]
# What is open to everybody is asked for by these: nobody may do less for having signed in.
PUBLIC = [*SAMPLE, STRANGER, ANONYMOUS]
SHUT = {"forbidden", "hidden", "no-such-method"}


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    """The world and who asks in it, once for all addresses: what they write is taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        with time_machine.travel(TODAY, tick=True):
            world = make_world()
            clients = clients_of(world)
        yield world, clients
        transaction.set_rollback(True)


SMALL_FONT = Path(rest_framework.__file__).parent.joinpath(
    "static/rest_framework/fonts/glyphicons-halflings-regular.ttf"
)


@pytest.fixture
def quiet(monkeypatch, settings):
    """Who gets in is the question, not what they read: nothing is drawn, nothing logged.

    Sheets are set in a font that opens at once: that of Chinese takes a second for each.
    """
    settings.PDF_FONT = settings.PDF_FONT_BOLD = SMALL_FONT
    monkeypatch.setattr("django.template.backends.django.Template.render", lambda *_a, **_k: "")
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def clients_of(world):
    clients = {ANONYMOUS: Client(raise_request_exception=False)}
    for actor, person in world.people.items():
        clients[actor] = Client(raise_request_exception=False)
        clients[actor].force_login(person)
    return {actor: clients[actor] for actor in ACTORS}


def ask(client, method, address):
    """What an actor is answered, in one word; whatever was written is taken back."""
    posted = addresses.posted_to(address) if method == "POST" else {}
    cookies = copy.deepcopy(client.cookies)
    with transaction.atomic():
        form = addresses.form_of(address, method)
        answer = getattr(client, method.lower())(address.path, posted, **form)
        if answer.streaming:
            b"".join(answer.streaming_content)  # a file is closed when it has been read
        transaction.set_rollback(True)
    client.cookies = cookies  # signing out must not end the questions
    return word_of(answer)


def word_of(answer):
    to = answer.headers.get("Location", "")
    if answer.status_code == 401 or to.startswith(("/sign-in/?next=", "/account/enter/?next=")):
        return "sign-in"
    known = {
        400: "incomplete", 403: "forbidden", 404: "hidden", 405: "no-such-method", 409: "refused",
        415: "incomplete",
    }  # fmt: skip
    if answer.status_code >= 500:
        return f"error-{answer.status_code}"
    return known.get(answer.status_code, "open")


def answers_to(clients, method, address):
    """By actor; None where nobody may ask so. Who works elsewhere is asked where the role gets in:
    what turns away a role here turns it away whatever its town."""
    given = {actor: ask(clients[actor], method, address) for actor in PUBLIC}
    if {given[actor] for actor in SAMPLE} == {"no-such-method"}:
        return None
    if not WRITING and set(given.values()) == {"open"}:
        return given
    for actor in addresses.actors_at(address.name):
        if actor not in given and (WRITING or given.get(actor.removesuffix(ELSEWHERE)) not in SHUT):
            given[actor] = ask(clients[actor], method, address)
    return given


@pytest.mark.django_db
@pytest.mark.timeout(1800)  # every role at twenty addresses, on a machine that does more
@pytest.mark.parametrize(
    "names", [pytest.param(names, id=label) for label, names in addresses.sections()]
)
def test_every_address_answers_each_role_as_written(names, made, quiet, settings):
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_CLASSES": []}
    world, clients = made
    given = {
        (method, address.name): answers
        for address in addresses.addresses_of(names, world)
        for method in addresses.methods_at(address.name)
        if (answers := answers_to(clients, method, address)) is not None
    }
    known = table.read(addresses.actors_at)
    written = {key: answers for key, answers in known.items() if name_of(key) in names}
    if WRITING:
        others = {key: row for key, row in known.items() if key not in written}
        table.write({**others, **given})
    else:
        asked = {key: picked(row, given.get(key, row)) for key, row in written.items()}
        assert given == asked, "review with WRITE_PERMISSIONS=1 (see tests/permissions)"
    assert [key for key, answers in given.items() if "error-500" in answers.values()] == []


def picked(row, actors):
    return {actor: row[actor] for actor in actors if actor in row}


def name_of(key):
    """Of a row of the table: the URL's name, without what was put into it."""
    return key[1].split("[")[0]


def test_no_row_is_about_an_address_that_is_gone():
    known, written = set(addresses.names()), table.read(addresses.actors_at)
    gone = [key for key in written if name_of(key) not in known]
    if WRITING:
        table.write({key: row for key, row in written.items() if key not in gone})
    else:
        assert gone == []
