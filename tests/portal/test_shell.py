import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template

from lib import registry
from lib.roles import Role
from organizations.models import Body, BodyKind, Post, User
from portal.shell import Shell

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker():
    kind = BodyKind.objects.create(
        code="community", nature="community", name="居委会", name_en="Community"
    )
    body = Body.objects.create(
        kind=kind, code="c1", name="社区", name_en="Community", valid_from=datetime.date(2020, 1, 1)
    )
    user = User.objects.create_user("worker", full_name="王小明")
    Post.objects.create(
        person=user, body=body, role=Role.GRID_WORKER, valid_from=datetime.date(2020, 1, 1)
    )
    return user


@pytest.fixture
def entries(monkeypatch):
    menu = type(registry.menu)()
    menu.register(registry.MenuEntry("all", "All", "portal:workbench", "home", order=1))
    menu.register(
        registry.MenuEntry("mine", "Mine", "portal:design", "map", roles=[Role.GRID_WORKER])
    )
    menu.register(
        registry.MenuEntry("theirs", "Theirs", "portal:about", "map", roles=[Role.VERIFIER])
    )
    menu.register(registry.MenuEntry("gone", "Gone", "portal:no_such_page", "map"))
    monkeypatch.setattr(registry, "menu", menu)


def shell_for(rf, user, path="/workbench/"):
    request = rf.get(path)
    request.user = user
    return Shell(request)


def test_the_menu_holds_what_the_roles_open_and_leaves_out_pages_that_are_not_there(
    rf, worker, entries
):
    menu = shell_for(rf, worker).menu
    assert [(item.entry.key, item.current) for item in menu] == [("all", True), ("mine", False)]


def test_a_long_menu_is_folded_by_subject_but_for_what_is_at_hand_and_where_one_stands(
    rf, worker, entries
):
    for number in range(8):
        registry.menu.register(
            registry.MenuEntry(f"c{number}", "C", "consultation:published", "map", order=200)
        )
        registry.menu.register(
            registry.MenuEntry(f"v{number}", "V", "volunteers:activities", "map", order=300)
        )
    parts = shell_for(rf, worker, "/volunteers/activities/").menu_parts
    assert [(len(part.items), part.is_open) for part in parts] == [(2, True), (8, False), (8, True)]


def test_a_short_menu_is_not_folded(rf, worker, entries):
    registry.menu.register(registry.MenuEntry("x", "X", "consultation:published", "map"))
    parts = shell_for(rf, worker).menu_parts
    assert [(len(part.items), part.is_open) for part in parts] == [(2, True), (1, True)]


def test_a_stranger_costs_no_query_and_gets_no_role(rf, django_assert_num_queries):
    with django_assert_num_queries(0):
        shell = shell_for(rf, AnonymousUser())
        assert (shell.roles, shell.unread, shell.user) == (frozenset(), 0, None)


@pytest.mark.parametrize(
    ("cookie", "theme"), [("dark", "dark"), ("light", "light"), ('"><script>', ""), ("", "")]
)
def test_only_known_looks_are_taken_from_the_cookie(rf, cookie, theme):
    rf.cookies["theme"] = cookie
    assert shell_for(rf, AnonymousUser()).look.theme == theme


def test_query_changes_parts_of_the_address(rf):
    request = rf.get("/x/?town=3&cursor=abc")
    template = Template('{% load gongzhi %}{% query state="closed" cursor="" %}')
    assert template.render(Context({"request": request})) == "?town=3&amp;state=closed"
