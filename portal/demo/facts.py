"""What events, tasks and the judge are told of a demo case."""

import datetime
from typing import Any

from cases.models import Case, PlaceOrigin, Reporter
from lib.chain import seasoned
from portal.demo.world import Spot
from routing.matching import Facts, Match


def place_of(spot: Spot) -> dict[str, Any]:
    return {
        "place_origin": PlaceOrigin.POINT,
        "lon": spot.lon,
        "lat": spot.lat,
        "town_id": spot.town_id,
        "community_id": spot.community_id,
        "grid_id": spot.grid_id,
    }


def facts_of(case: Case, reporter: Reporter) -> dict[str, Any]:
    return {
        "channel": case.channel,
        "words": seasoned(f"{case.title}\n{case.text}", reporter.salt),
        "category": case.category_id,
        "place": [case.town_id, case.community_id, case.grid_id],
    }


def facts_for_judge(case: Case, at: datetime.datetime) -> Facts:
    return Facts(
        category_id=case.category_id,
        standard_id=case.standard_id,
        town_id=case.town_id,
        community_id=case.community_id,
        grid_id=case.grid_id,
        at=at,
        text=case.title,
    )


def facts_of_match(match: Match) -> dict[str, Any]:
    return {
        "post": match.post_id,
        "body": match.lead_id,
        "duty": match.duty_id,
        "line": match.line_id,
        "estimate": match.estimate,
    }
