"""Every address of the URL conf with real objects in it."""

from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

from cases.workflow import MOVES, Desk
from organizations import catalogues
from tests.permissions import (
    appraisal,
    committee,
    consultation,
    duties,
    emergency,
    ground,
    legislation,
    mutual,
    opinions,
    public_money,
    rolls,
    service,
    sessions,
    talent,
    visits,
)
from tests.permissions.money import examples_of
from tests.permissions.world import ACTORS, ELSEWHERE, rows_of_every_catalogue

# Django's admin has its own test: one rule for all its pages (tests/organizations/test_admin.py).
ELSEWHERE_TESTED = {"admin"}
NAMES_AT_ONCE = 20
# What a form needs before it comes to the question of who may send it.
POSTED = {"end": {"on": "2030-01-01"}}
OF_CALLBACKS = ("cases:callback", "cases:callback_call", "cases:callback_number")
OF_WHISTLES = ("detail", "call-more", "arrive", "release", "rate")
# The API's moves take what they know of it.
MOVE = {"note": "x", "text": "x", "reason": "x", "result": "x", "actual": 0}


# What is one set of views for all catalogues is asked by one method each, and of the other town
# only where a catalogue knows towns.
IN_CATALOGUES = {"": "GET", "row": "GET", "suggest": "GET"}
KNOW_TOWNS = {"lines", "duties", "community-lists", "admissions"}


@dataclass(frozen=True, slots=True)
class Address:
    """`name` stands in the table: the URL's name, and what was put into it."""

    name: str
    path: str
    post: int

    @property
    def is_api(self):
        return self.path.startswith("/api/") and "photos" not in self.path


def posted_to(address):
    if address.is_api:
        return {**MOVE, "post": address.post}
    return POSTED.get(verb_of(address.name), {})


def form_of(address, method):
    return {"content_type": "application/json"} if address.is_api and method == "POST" else {}


def patterns():
    """(name with its namespaces, route, names of its arguments) of each pattern."""
    yield from _below(get_resolver(), (), "")


def _below(resolver, spaces, route):
    for each in resolver.url_patterns:
        here = route + str(each.pattern)
        if isinstance(each, URLResolver):
            inner = (*spaces, each.namespace) if each.namespace else spaces
            if each.namespace not in ELSEWHERE_TESTED:
                yield from _below(each, inner, here)
        elif isinstance(each, URLPattern):
            yield ":".join((*spaces, each.name or here)), tuple(each.pattern.regex.groupindex), each


def group_of(name):
    """The section of the table: the namespace, catalogues apart."""
    space, _colon, rest = name.rpartition(":")
    return "catalogues" if rest.startswith("catalogue") else space or "site"


def names():
    """Of every pattern, each once."""
    return sorted({name for name, _arguments, _pattern in patterns()})


def sections():
    """(label, names) of parts of the URL conf that take about as long to ask."""
    by_group = {}
    for name in names():
        by_group.setdefault(group_of(name), []).append(name)
    return [
        (f"{group}-{first // NAMES_AT_ONCE + 1}", frozenset(mine[first : first + NAMES_AT_ONCE]))
        for group, mine in sorted(by_group.items())
        for first in range(0, len(mine), NAMES_AT_ONCE)
    ]


def verb_of(name):
    """`organizations:catalogue_end[bodies]` → `end`; "" outside catalogues' pages."""
    return name.split("[")[0].partition("catalogue")[2].lstrip("_")


def methods_at(name):
    if group_of(name.split("[")[0]) != "catalogues" or "[" not in name:
        return ("GET", "POST")
    return (IN_CATALOGUES.get(verb_of(name), "POST"),)


def actors_at(name):
    key = name.partition("[")[2].rstrip("]").split(".")[0]
    if group_of(name.split("[")[0]) != "catalogues" or key in KNOW_TOWNS:
        return ACTORS
    return [actor for actor in ACTORS if not actor.endswith(ELSEWHERE)]


def addresses_of(wanted, world):
    """Every address of the named patterns, with real objects of `world` in it."""
    from django.urls import reverse

    found = []
    for name, arguments, _pattern in patterns():
        if name not in wanted:
            continue
        for label, values in examples(name, arguments, world):
            said = f"{name}[{label}]" if label else name
            found.append(Address(said, reverse(name, kwargs=values), world.town.posts.handler.pk))
    return found


def examples(name, arguments, world):
    """(label, values) for the arguments of a pattern; a test fails where nobody has said any."""
    if not arguments:
        return [("", {})]
    if name.startswith("organizations:catalogue"):
        return list(_in_catalogues(name, world))
    known = {
        "organizations:token_revoke": {"pk": world.token.pk},
        "organizations:message_open": {"pk": world.message.pk},
        "organizations:me_message": {"pk": world.message.pk},
        "organizations:resident": {"pk": world.confirmed.person_id},
        "organizations:resident_confirm": {"pk": world.confirmed.person_id},
        "organizations:confirmation_revoke": {"pk": world.confirmed.pk},
        "organizations:delivery_again": {"pk": world.delivery.pk},
        "organizations:citation_look": {"pk": world.citation.pk},
        "cases:feed": {"secret": world.feed},
        "volunteers:consent": {"code": "not-a-code"},
        "funding:line": {"pk": world.town.line.pk},
        "funding-api:line-detail": {"pk": world.town.line.pk},
        "funding-api:line-entries": {"pk": world.town.line.pk},
        "funding-api:hold-detail": {"pk": world.case.tasks.get().hold_id},
        "routing-api:category-detail": {"code": world.town.small.code},
        "routing-api:duty-detail": {"pk": world.town.duty.pk},
        **of_cases(world),
    }
    found = [("", known[name])] if name in known else examples_of(name, world.money)
    found = found or public_money.examples_at(name, world) or rolls.examples_at(name, world)
    found = found or visits.examples_at(name, world)
    found = found or sessions.examples_at(name, world)
    found = found or opinions.examples_at(name, world.opinions)
    found = found or ground.examples_at(name, world)
    found = found or consultation.examples_at(name, world.consultation)
    found = found or mutual.examples_at(name, world.mutual)
    found = found or duties.examples_at(name, world.duties)
    found = found or service.examples_at(name, world.service)
    found = found or appraisal.examples_at(name, world.appraisals)
    found = found or committee.examples_at(name, world.committee, world)
    found = found or talent.examples_at(name, world.talent)
    found = found or legislation.examples_at(name, world.legislation)
    found = found or emergency.examples_at(name, world.emergency)
    if found:
        return found
    if arguments == ("desk",):
        return [(desk.value, {"desk": desk.value}) for desk in Desk if desk.value]
    if set(arguments) == {"number", "name"}:
        return [(move, {"number": world.case.number, "name": move}) for move in MOVES]
    if arguments == ("number",):
        return [("", {"number": world.case.number})]
    raise AssertionError(f"say in tests/permissions/addresses.py what stands in {name}{arguments}")


def of_cases(world):
    photo = world.case.photos.first()
    whistle = {"pk": world.whistle.pk}
    call = world.whistle.calls.get()
    number = {"number": world.case.number}
    public = {"number": world.published.number}
    return {
        "cases:photo": {"pk": photo.pk},
        "cases:classifier_version": {"pk": world.version.pk},
        "cases:classifier_activate": {"pk": world.version.pk},
        "cases:topic": {"pk": world.topic.pk},
        "cases:thumbnail": {"pk": photo.pk},
        "cases:remove_view": {"pk": world.view.pk},
        "cases:bulk_report": {"pk": world.bulk.pk},
        "cases:export_file": {"pk": world.rows["exports"].pk},
        **dict.fromkeys(("cases:whistle", "cases:whistle_board", "cases:whistle_more"), whistle),
        "cases:whistle_call": {**whistle, "call": call.pk, "name": "arrive"},
        **dict.fromkeys((f"cases-api:whistle-{name}" for name in OF_WHISTLES), whistle),
        **{key: {"pk": world.callback.pk} for key in OF_CALLBACKS},
        "portal:answer": {"code": world.callback.code},
        "oversight:file": {"kind": "csv"},
        "portal:receipt": number,
        "portal:progress": number,
        "portal:withdraw": number,
        "portal:reopen": number,
        "portal:urge": number,
        "cases:duplicate_apart": {**number, "other": world.published.number},
        "portal:published_case": public,
        "portal:public_photo": {**number, "pk": photo.pk, "size": "small"},
    }


def _in_catalogues(name, world):
    verb = verb_of(name)
    for key, row in rows_of_every_catalogue(world).items():
        catalogue, one = catalogues.named(key), {"key": key}
        if verb == "act":
            for action in catalogue.actions:
                yield f"{key}.{action.key}", {**one, "pk": row.pk, "name": action.key}
        elif _has(catalogue, verb):
            yield key, one if verb in {"", "new", "suggest", "table"} else {**one, "pk": row.pk}


def _has(catalogue, verb):
    return {
        "suggest": catalogue.is_suggested or catalogue.key == "people",
        "new": catalogue.form is not None,
        "edit": catalogue.form is not None and catalogue.is_changeable,
        "end": catalogue.form is not None and catalogue.is_dated,
        "remove": catalogue.removable,
        "table": catalogue.form is not None and catalogue.editor is None,
    }.get(verb, True)
