"""A community that asks: a consultation which takes opinions from everybody, residents with
accounts, a host with money for projects.

`python -m tests.e2e.speakers DO KEY` moves what a journey cannot wait for: `collected` ends a
call's collection of ideas, `voted` its vote; `four` begins 四议两公开 about a topic.
"""

import datetime
import sys

TITLE = "梅塘社区楼道照明改造"
# Number by which they sign in, name that others see.
SPEAKERS = {"13600000001": "三巷街坊", "13600000002": "榕树下的阿嫲", "13600000003": "早点铺老李"}
STAGES = (
    ("prepare", "prepare", {}), ("opinions", "opinions", {}), ("result", "result", {}),
    ("execution", "execution", {}),
)  # fmt: skip


def make(town):
    _opinions()
    _residents(town)
    _projects(town)


def _opinions():
    from django.utils import timezone

    from consultation.services import answering
    from consultation.services import stages as way
    from organizations.models import User
    from tests.factories import consultation as makers
    from tests.factories.opinions import NONE

    host = User.objects.get(username="vote-host")
    worker = User.objects.get(username="vote-worker")
    place = makers.SimpleNamespace(host=host, worker=worker, **_place_of(host))
    at = timezone.now() - datetime.timedelta(days=1)
    form = makers.make_blueprint(STAGES, code="e2e-opinions")
    made = makers.make_running(
        place, form, at=at, title=TITLE,
        text="老楼楼道灯经常不亮，想统一换成声控灯。\n钱从哪里来、先换哪几栋，请您说说。",
    )  # fmt: skip
    way.advance(made, by=host, at=at)
    made = makers.fresh(made)
    answering.set_level(made.stage, level=NONE, by=host, at=at)


def _place_of(person):
    from grids.models import BodyTerritory
    from organizations.models import Post

    post = Post.objects.filter(person=person).select_related("body")[0]
    given = BodyTerritory.objects.filter(body=post.body).select_related("territory__parent")[0]
    return {
        "body": post.body, "community": given.territory, "place": given.territory.parent,
    }  # fmt: skip


def _residents(town):
    from django.utils import timezone

    from tests.factories.residents import ResidentFactory, verified

    for number, (phone, nickname) in enumerate(SPEAKERS.items()):
        if number:
            ResidentFactory(phone=phone, nickname=nickname)
        else:
            verified(by=town.acceptor, at=timezone.now(), phone=phone, nickname=nickname)


def _projects(town):
    """Money that the host may call for projects with; `head` works the ideas out."""
    from organizations.models import User
    from tests.factories.funding import LineFactory

    place = _place_of(User.objects.get(username="vote-host"))
    LineFactory(body=place["body"], purposes=[town.purpose], free=100_000_00)


def four(_key):
    """四议两公开 about a topic of residents, begun, with money of the village; its number."""
    from django.utils import timezone

    from consultation.models import Blueprint, ListedMatter
    from consultation.services import content, screening, stages
    from funding.models import Purpose, Source
    from organizations.models import User
    from tests.factories.consultation import LONG_AGO
    from tests.factories.funding import LineFactory

    at, people = timezone.now(), User.objects
    host, worker, secretary = (
        people.get(username=f"talk-{name}") for name in ("host", "worker", "secretary")
    )
    place = _place_of(host)
    where = {"town": place["place"], "community": place["community"], "at": at}
    LineFactory(
        code="village", body=place["body"], source=Source.objects.earliest("pk"),
        purposes=[Purpose.objects.earliest("pk")], free=50_000_00,
    )  # fmt: skip
    words = {"title": "村道拓宽 1.5 米", "text": "主路会车困难，向东侧拓宽 1.5 米。"}
    topic = content.propose(source="resident", **words, **where)
    matter, _new = ListedMatter.objects.get_or_create(
        code="roads", defaults={"kind": "positive", "name": "村道建设", "valid_from": LONG_AGO}
    )
    screening.screen(
        topic, matter=matter, reason="居民反映集中", public_title=words["title"],
        public_text=words["text"], by=worker, at=at,
    )  # fmt: skip
    screening.admit(topic, reason="列入清单", by=secretary, at=at)
    topic.refresh_from_db()
    form = Blueprint.objects.filter(code="four-two").latest("valid_from")
    made = stages.draft(form, body=place["body"], topic=topic, by=host, **words, **where)
    return stages.start(made, by=host, at=at).number


def collected(key):
    from django.utils import timezone

    from consultation.models import ProjectCall
    from consultation.services import projects

    now = timezone.now()
    ProjectCall.objects.filter(pk=key).update(ideas_until=now)
    projects.move_due_calls(at=now)
    return ProjectCall.objects.get(pk=key).state


def voted(key):
    from django.utils import timezone

    from consultation.models import ProjectCall
    from consultation.services import projects

    call = ProjectCall.objects.get(pk=key)
    at = call.votes_until or timezone.now()
    projects.move_due_calls(at=at)
    return ProjectCall.objects.get(pk=key).state


def main():
    import django

    django.setup()
    acts = {"collected": collected, "voted": voted, "four": four}
    print(acts[sys.argv[1]](int(sys.argv[2])))


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    main()
