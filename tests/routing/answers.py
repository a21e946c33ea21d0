"""What tests of the router ask of an answer."""

from tests.factories.organizations import BodyFactory
from tests.factories.routing import DutyEntryFactory


def codes(answer):
    return [code for code, _params in answer.reasons]


def why(answer, kind):
    key = {"duty": "body", "person": "post", "line": "line", "category": "category"}[kind]
    return {row[key]: row["why"] for row in answer.candidates if row["kind"] == kind}


def community_of(town, **changed):
    """The community's own committee leads the matter in its territory."""
    body = BodyFactory(community=True, name="梅塘社区居委会", name_en="Meitang committee")
    DutyEntryFactory(category=town.small, territory=town.community, lead=body)
    return body
