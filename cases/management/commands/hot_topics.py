"""`manage.py hot_topics FILE`: the hottest topics of another system's messages. Stores nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from cases.services.outside import read_posts
from cases.topics.clustering import clusters_of
from cases.topics.heat import heat_of
from cases.topics.names import crowd_in, place_in
from cases.topics.posts import Cluster, Heat
from lib.errors import RuleViolation
from lib.languages import listed

SAMPLES = 3


class Command(BaseCommand):
    help = "Print the hottest topics of a CSV file with time, title, text, likes, dislikes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--top", type=int, default=5, help="how many (5)")

    def handle(self, **options: Any) -> None:
        try:
            posts = read_posts(options["file"])
        except RuleViolation as refusal:
            raise CommandError(refusal.message) from refusal
        ranked = [(heat_of(one, until=one.last_at), one) for one in clusters_of(posts)]
        ranked.sort(key=lambda row: -row[0].value)
        self.stdout.write(
            _("%(posts)d messages, %(topics)d topics.")
            % {"posts": len(posts), "topics": len(ranked)}
        )
        for place, (heat, cluster) in enumerate(ranked[: options["top"]], start=1):
            self.stdout.write(_told(place, heat, cluster))


def _told(place: int, heat: Heat, cluster: Cluster) -> str:
    titles = list(dict.fromkeys(post.title for post in cluster.posts))[:SAMPLES]
    lines = [
        "",
        f"{place}. {listed(cluster.words)}",
        _(
            "   heat %(heat)s (people %(people)d, growth %(growth)s, "
            "more places %(spread)d, votes %(votes)d)"
        )
        % {
            "heat": heat.value,
            "people": heat.people,
            "growth": heat.growth,
            "spread": heat.spread,
            "votes": heat.votes,
        },
        _("   %(number)d messages from %(first)s to %(last)s")
        % {
            "number": heat.number,
            "first": f"{cluster.first_at:%Y-%m-%d}",
            "last": f"{cluster.last_at:%Y-%m-%d}",
        },
        _("   place and people: %(place)s %(crowd)s")
        % {"place": place_in(cluster) or "—", "crowd": crowd_in(cluster) or "—"},
        *(f"   · {title}" for title in titles),
    ]
    return "\n".join(lines)
