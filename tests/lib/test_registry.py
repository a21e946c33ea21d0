import pytest

from lib.registry import (
    MenuEntry,
    Panel,
    Reference,
    _Panels,
    _References,
    _RoleRegistry,
    _Wordings,
)


def entry(key, *, roles=(), order=100):
    return MenuEntry(key, key, f"x:{key}", "box", roles=roles, order=order)


def test_entries_come_in_their_order_for_those_whose_role_may_see_them():
    menu = _RoleRegistry()
    for row in (entry("b"), entry("a"), entry("first", roles=["handler"], order=1)):
        menu.register(row)
    assert [row.key for row in menu.for_roles(["handler"])] == ["first", "a", "b"]
    assert [row.key for row in menu.for_roles([])] == ["a", "b"]


def test_registering_a_key_again_replaces_it():
    menu = _RoleRegistry()
    menu.register(entry("a", order=1))
    menu.register(entry("a", order=2))
    assert [row.order for row in menu] == [2]


def test_panels_without_anything_to_show_are_left_out(rf):
    panels = _Panels()
    panels.register("x:page", Panel("b", 2, "b.html", lambda request, obj: {"obj": obj}))
    panels.register("x:page", Panel("a", 1, "a.html", lambda request, obj: None))
    drawn = panels.drawn("x:page", rf.get("/"), 7)
    assert [(panel.key, context) for panel, context in drawn] == [("b", {"obj": 7})]
    assert panels.drawn("x:other", rf.get("/"), 7) == []


def test_references_are_resolved_with_one_call_for_each_kind():
    references, calls = _References(), []

    def resolve(keys, user):
        calls.append(set(keys))
        return {key: Reference(f"case {key}", f"/cases/{key}/") for key in keys if key != "3"}

    references.register("case", resolve)
    found = references.resolve([("case", "1"), ("case", "2"), ("case", "3"), ("vote", "1")], None)
    assert found == {
        ("case", "1"): Reference("case 1", "/cases/1/"),
        ("case", "2"): Reference("case 2", "/cases/2/"),
    }
    assert calls == [{"1", "2", "3"}]


@pytest.mark.parametrize(
    ("kind", "sentence"), [("known", "Case 7 came."), ("unknown", "有新消息。")]
)
def test_a_message_without_a_wording_still_says_something(kind, sentence, settings):
    wordings = _Wordings()
    wordings.register("known", lambda params: f"Case {params['number']} came.")
    assert wordings.sentence(kind, {"number": 7}) == sentence
