"""Work started by a message or by the clock. Each may run twice, late, or at the same time."""

import datetime

from celery import shared_task
from django.http import QueryDict
from django.utils import timezone

from cases import services
from cases.forms.lists import narrowed
from cases.models import BulkMove, CaseExport, TopicRun
from cases.services import bulk, callbacks, effects, erasing, exporting, findings, topics
from cases.services.learning import learn_from_cases, learn_if_worth_it
from lib.errors import RuleViolation
from organizations.models import User

# A task gives way after so many batches: what still waits wakes the next one.
BATCHES = 50


@shared_task(name="cases.tasks.route_waiting")
def route_waiting(**_: object) -> int:
    """Route until nothing waits (or long enough that another message should have a turn)."""
    routed = 0
    for _batch in range(BATCHES):
        looked_at = services.route_waiting(at=timezone.now())
        if not looked_at:
            services.give_owed(at=timezone.now())
            return routed
        routed += looked_at
    route_waiting.delay()
    return routed


@shared_task(name="cases.tasks.sweep")
def sweep(**_: object) -> int:
    """Lost messages, refused cases whose lack may be over, heads who found nobody in time."""
    at = timezone.now()
    services.retry_refused(at=at)
    services.escalate_unstaffed(at=at)
    services.join_parts(at=at)
    services.hand_on_orphans(at=at)
    findings.claim_waiting(at=at)
    return route_waiting()


@shared_task(name="cases.tasks.claim_findings")
def claim_findings(**_: object) -> int:
    """What visitors found and asked a case for; the sweep comes by as well."""
    return findings.claim_waiting(at=timezone.now())


@shared_task(name="cases.tasks.keep_dates")
def keep_dates(**_: object) -> int:
    """Suspended cases whose day has come go on; looks on site that nobody answered end."""
    at = timezone.now()
    return services.resume_due(at=at) + services.give_up_looks(at=at)


@shared_task(name="cases.tasks.replay_changes")
def replay_changes(**_: object) -> int:
    """Effects of drafted changes of the duty list; how many cases were asked about."""
    asked = 0
    while run := effects.replay_waiting(moment=timezone.now):
        asked += run.done
    return asked


@shared_task(name="cases.tasks.make_export")
def make_export(key: int, **_: object) -> int:
    """The file of a long list, by the rights that its person has at this moment."""
    export = CaseExport.objects.select_related("by").filter(pk=key, state="waiting").first()
    if export is None:
        return 0
    at = timezone.now()
    cases = narrowed(QueryDict(export.query), user=export.by, at=at).cases
    return exporting.make_file(export, cases, at=at).rows


@shared_task(name="cases.tasks.work_through_bulk")
def work_through_bulk(key: int, **_: object) -> int:
    """The rows of a move of many cases that still wait."""
    found = BulkMove.objects.select_related("by").get(pk=key)
    return bulk.work_through(found, at=timezone.now())


@shared_task(name="cases.tasks.tidy_lists")
def tidy_lists(**_: object) -> int:
    """Files whose time is over go; exports and moves whose message was lost are taken up."""
    at = timezone.now()
    for found in bulk.unfinished():
        bulk.work_through(found, at=at)
    for key in exporting.forgotten(at=at):
        make_export(key)
    return exporting.expire_exports(at=at)


@shared_task(name="cases.tasks.erase_due")
def erase_due(**_: object) -> int:
    """Personal details whose time is over, every night."""
    return len(erasing.erase_due(by=User.objects.system(), at=timezone.now()))


@shared_task(name="cases.tasks.make_daily_root")
def make_daily_root(**_: object) -> str:
    """The root of yesterday (the city's clock), soon after midnight."""
    now = timezone.now()
    day = timezone.localdate(now) - datetime.timedelta(days=1)
    return services.make_daily_root(day, at=now).root


@shared_task(name="cases.tasks.learn_categories")
def learn_categories(asked_by: int | None = None, **_: object) -> int:
    """Train on what people have decided: by night if enough is new, at once if somebody asked.

    How many texts were learned.
    """
    at = timezone.now()
    try:
        if asked_by is None:
            version = learn_if_worth_it(by=User.objects.system(), at=at)
        else:
            version = learn_from_cases(by=User.objects.get(pk=asked_by), at=at)
    except RuleViolation:
        return 0  # two categories with a few cases each are not there yet
    return version.rows if version else 0


@shared_task(name="cases.tasks.warn_due")
def warn_due(**_: object) -> int:
    """Warn and escalate until nothing is due, however much that is; how many limits."""
    taken = 0
    for _batch in range(BATCHES):
        looked_at = services.warn_due(at=timezone.now())
        if not looked_at:
            return taken
        taken += looked_at
    warn_due.delay()
    return taken


@shared_task(name="cases.tasks.watch_forgotten")
def watch_forgotten(**_: object) -> int:
    """Limits that run and that nobody watches: there are none, unless rows came from elsewhere."""
    found = 0
    while more := services.watch_forgotten(at=timezone.now()):
        found += more
    return found


@shared_task(name="cases.tasks.ask_residents")
def ask_residents(**_: object) -> int:
    """Ask about limits that have ended; end questions whose time is over."""
    at = timezone.now()
    callbacks.end_unanswered(at=at)
    return callbacks.ask_at_limits(at=at)


@shared_task(name="cases.tasks.join_parts")
def join_parts(**_: object) -> int:
    """Split cases whose last part has ended."""
    return services.join_parts(at=timezone.now())


@shared_task(name="cases.tasks.search_topics")
def search_topics(run: int | None = None, **_: object) -> int:
    """By night, or the run that somebody asked for. How many topics there are now."""
    at = timezone.now()
    asked = TopicRun.objects.filter(pk=run).first() if run else None
    if asked is None:
        asked = topics.open_run(by=User.objects.system(), at=at)
    return topics.search_topics(asked, at=at).found
