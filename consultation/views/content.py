"""Topics at the desk: brought in, held against the content list, passed by the party."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from cases.models import Case
from cases.models import Topic as HotTopic
from consultation.forms.matters import DeclineForm, ReasonForm, ScreenForm
from consultation.forms.public import WorkerTopicForm
from consultation.models import ListedMatter, Topic
from consultation.services import content, screening
from consultation.services.actors import topic_actors_of
from consultation.workflow import PARTY, READERS, SCREENERS, TOPIC_MOVES, TopicState
from grids.models import Territory
from grids.scopes import scopes_of
from lib.masking import mask_text
from lib.workflow import moves_open_to
from organizations.acting import answer_form, page_of
from organizations.http import reader, role_required
from organizations.models import User

WORDS = {
    "screen": gettext_lazy("It belongs on the list"),
    "decline": gettext_lazy("Decline"),
    "admit": gettext_lazy("Put it on the list"),
    "refuse": gettext_lazy("Do not put it on the list"),
    "send_back": gettext_lazy("Send it back"),
}
PARTY_DOES: dict[str, Callable[..., Any]] = {
    "admit": screening.admit,
    "refuse": screening.refuse,
    "send_back": screening.send_back,
}


@role_required(*READERS)
@require_safe
def topics(request: HttpRequest) -> HttpResponse:
    user, on = reader(request)
    rows: Any = Topic.objects.visible_to(user, on=on)
    rows = rows.with_names().rated()
    state = request.GET.get("state", "")
    if state in TopicState.values:
        rows = rows.filter(state=state)
    context = {
        "page": page_of(request, rows), "state": state, "states": TopicState.choices,
        "may_bring": bool(user.roles_on(on) & (SCREENERS | PARTY)),
    }  # fmt: skip
    return render(request, "consultation/topics.html", context)


def _visible(request: HttpRequest, number: str) -> tuple[User, Topic]:
    user, on = reader(request)
    rows: Any = Topic.objects.visible_to(user, on=on)
    rows = rows.with_names().rated()
    return user, get_object_or_404(rows, number=number)


@role_required(*READERS)
@require_safe
def topic(request: HttpRequest, number: str) -> HttpResponse:
    user, found = _visible(request, number)
    actors = topic_actors_of(user, found, at=timezone.now())
    names = moves_open_to(TOPIC_MOVES, state=found.state, actors=actors)
    context = {
        "topic": found, "moves": [(name, WORDS[name]) for name in names if name in WORDS],
        "may_take_up": "take_up" in names, "events": found.events.select_related("by"),
        "findings": _findings(found), "consultations": found.consultations.order_by("-pk"),
    }  # fmt: skip
    return render(request, "consultation/topic.html", context)


def _findings(found: Topic) -> screening.Findings | None:
    if found.state not in {TopicState.PROPOSED, TopicState.SCREENED}:
        return None
    return screening.findings(found, on=timezone.localdate())


@role_required(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, number: str, name: str) -> HttpResponse:
    user, found = _visible(request, number)
    if name not in WORDS:
        raise Http404
    if not TOPIC_MOVES[name].is_for(topic_actors_of(user, found, at=timezone.now())):
        raise PermissionDenied
    service, form = _asked(request, found, name)
    back = reverse("consultation:topic", args=[number])

    def write(given: dict[str, Any]) -> str:
        service(found, by=user, at=timezone.now(), **given)
        return back

    return answer_form(
        request,
        form,
        write,
        title=WORDS[name],
        said=found.text,
        back=back,
        template="consultation/form.html",
    )


def _asked(request: HttpRequest, found: Topic, name: str) -> tuple[Callable[..., Any], Any]:
    entries = ListedMatter.objects.of_community(found.community_id).valid_on(timezone.localdate())
    if name == "screen":
        return screening.screen, _screen_form(request, found, entries.in_order())
    if name == "decline":
        return screening.decline, DeclineForm(request.POST or None, entries=entries.in_order())
    return PARTY_DOES[name], ReasonForm(request.POST or None)


def _screen_form(request: HttpRequest, found: Topic, entries: Any) -> ScreenForm:
    seen = screening.findings(found, on=timezone.localdate())
    likely = seen.positive[0] if seen.positive else None
    begun = {
        "matter": likely, "public_title": mask_text(found.title),
        "public_text": mask_text(found.text),
    }  # fmt: skip
    earlier = Topic.objects.filter(pk__in=[row.pk for row, _share in seen.alike])
    return ScreenForm(request.POST or None, entries=entries, earlier=earlier, initial=begun)


@role_required(*SCREENERS, *PARTY)
@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    """A worker or the committee brings a topic in, from `?hot=…` or `?case=…`."""
    user, on = reader(request)
    hot = HotTopic.objects.visible_to(user, on=on).filter(pk=_number(request, "hot")).first()
    begun = {"title": hot.title if hot else "", "case_number": request.GET.get("case", "")}
    if hot is not None and hot.community is not None:
        begun["community"] = hot.community.code
    form = WorkerTopicForm(
        request.POST or None, communities=_communities_of(user, on), initial=begun
    )

    def write(given: dict[str, Any]) -> str:
        number = given.pop("case_number")
        case = Case.objects.visible_to(user, on=on).filter(number=number).first()
        source = "hot_topic" if hot else "case" if case else given.pop("source")
        given.pop("source", None)
        made = content.propose(
            **given, source=source, town=given["community"].parent, hot_topic=hot, case=case,
            by=user, at=timezone.now(),
        )  # fmt: skip
        return reverse("consultation:topic", args=[made.number])

    return answer_form(
        request,
        form,
        write,
        title=_("New topic"),
        back=reverse("consultation:topics"),
        template="consultation/form.html",
    )


def _number(request: HttpRequest, name: str) -> int:
    given = request.GET.get(name, "")
    return int(given) if given.isdigit() and len(given) < 10 else 0


def _communities_of(user: User, on: Any) -> Any:
    """Communities in which this person screens or decides."""
    rows = Territory.objects.at_level("community").valid_on(on).select_related("parent")
    found = rows.none()
    for scope in scopes_of(user, on=on):
        if scope.role in SCREENERS | PARTY:
            here = rows.filter(pk__in=scope.communities) | rows.filter(parent__in=scope.towns)
            found = found | (rows if scope.everywhere else here)
    return found.order_by("code")
