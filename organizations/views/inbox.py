"""A person's inbox: what happened, newest first."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from lib import registry
from organizations.acting import page_of
from organizations.http import signed_in
from organizations.models import Message, User
from organizations.services import inbox as service


@dataclass(frozen=True, slots=True)
class Line:
    """A message with its sentence, and what it is about where the reader may still see it."""

    message: Message
    sentence: str
    reference: registry.Reference | None


@login_required
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    unread_only = "unread" in request.GET
    messages = Message.objects.of(user).unread() if unread_only else Message.objects.of(user)
    page = page_of(request, messages, order=("-id",))
    context = {
        "page": page,
        "lines": lines_of(page.rows, user),
        "unread_only": unread_only,
        "at": timezone.now(),
    }
    return render(request, "organizations/inbox.html", context)


def lines_of(messages: list[Message], user: User) -> list[Line]:
    about = {(row.subject_kind, row.subject_key) for row in messages if row.subject_kind}
    found = registry.references.resolve(about, user)
    return [
        Line(
            message=row,
            sentence=registry.wordings.sentence(row.kind, row.params),
            reference=found.get((row.subject_kind, row.subject_key)),
        )
        for row in messages
    ]


@login_required
@require_POST
def message_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark it read and go to what it is about."""
    user = signed_in(request)
    message = get_object_or_404(Message.objects.of(user), pk=pk)
    service.mark_read([message], by=user, at=timezone.now())
    reference = lines_of([message], user)[0].reference
    return redirect(reference.url if reference and reference.url else "organizations:inbox")


@login_required
@require_POST
def all_read(request: HttpRequest) -> HttpResponse:
    service.mark_all_read(by=signed_in(request), at=timezone.now())
    return redirect("organizations:inbox")
