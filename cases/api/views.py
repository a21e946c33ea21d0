"""`/api/v1/cases/`: create, list, read, photos, and one POST per move of the workflow table."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer, Serializer

from cases import services
from cases.api import inputs, several
from cases.api.filters import CaseFilter
from cases.api.serializers import (
    CaseDetailSerializer,
    CaseSerializer,
    CreatedSerializer,
    EventSerializer,
    PhotoSerializer,
    ReporterSerializer,
)
from cases.models import Case, CaseEvent, Channel
from lib.api import REFUSALS
from organizations.api_acting import Acting, key_header, move
from organizations.http import signed_in

KEY_HEADER = key_header("The same as `client_key`: the same key again answers with the same case.")


def _move(name: str, service: Callable[..., Case], said: type[Serializer]) -> Any:
    return move(name, service, said, shown=CaseDetailSerializer, operation_id=f"cases_{name}")


class CaseViewSet(ListModelMixin, RetrieveModelMixin, Acting):
    """Cases that the token's person may see, newest first."""

    queryset = Case.objects.none()
    serializer_class = CaseSerializer
    filterset_class = CaseFilter
    lookup_field = "number"
    lookup_value_regex = "[0-9]+(?:-[0-9]+)?"
    keyset_order = ("-pk",)

    def get_queryset(self) -> QuerySet[Case]:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        rows = Case.objects.visible_to(self.request.user, on=timezone.localdate())
        if self.action == "list":
            return rows.for_list()
        return rows.for_page().select_related("reporter").prefetch_related("tasks__body", "photos")

    def get_serializer_class(self) -> type[BaseSerializer]:
        return CaseDetailSerializer if self.action == "retrieve" else CaseSerializer

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "at": timezone.now()}

    def moved(self, row: Case) -> Any:
        """The case as it is now, for the person who just moved it."""
        rows = Case.objects.for_page().select_related("reporter")
        case = rows.prefetch_related("tasks__body", "photos").get(pk=row.pk)
        return CaseDetailSerializer(case, context=self.get_serializer_context()).data

    @extend_schema(
        request=inputs.NewCaseSerializer,
        parameters=[KEY_HEADER],
        responses={
            201: CreatedSerializer,
            200: CreatedSerializer,
            403: REFUSALS[403],
            409: REFUSALS[409],
        },
    )
    def create(self, request: Request) -> Response:
        """Log a matter: 201 with the new case, or 200 with the one that the same key made."""
        given = self.read_input(request, inputs.NewCaseSerializer)
        user, at = signed_in(request), timezone.now()
        key = request.headers.get("Idempotency-Key") or given.pop("client_key", "")
        given.pop("client_key", None)
        if len(key) > 60:
            raise ValidationError({"client_key": [_("At most 60 characters.")]})
        has_post = bool(user.roles_on(timezone.localdate(at)))
        channel = given.pop("channel", Channel.API if has_post else Channel.WEB)
        # Keys are the caller's own: those of two callers never meet.
        client_key = f"{user.pk}:{key}" if key else None
        case = services.log(by=user, at=at, channel=channel, client_key=client_key, **given)
        fresh = case.created_at == at
        shown = CreatedSerializer(case, context=self.get_serializer_context())
        return Response(shown.data, status=status.HTTP_201_CREATED if fresh else status.HTTP_200_OK)

    @extend_schema(responses={200: EventSerializer(many=True), 404: REFUSALS[404]})
    @action(detail=True, pagination_class=None, filterset_class=None)
    def history(self, request: Request, number: str) -> Response:  # noqa: ARG002 -- the view reads it
        """Every event of the case, the oldest first."""
        case = self.get_object()
        rows = CaseEvent.objects.filter(case=case).select_related("by", "note_row")
        knows = services.may_know_reporter(signed_in(request), case, at=timezone.now())
        shown = EventSerializer(rows.order_by("number"), many=True, context={"knows": knows})
        return Response(shown.data)

    @extend_schema(
        request=None, responses={200: ReporterSerializer, **REFUSALS}, operation_id="cases_reveal"
    )
    @action(detail=True, methods=["post"])
    def reveal(self, request: Request, number: str) -> Response:  # noqa: ARG002 -- the view reads it
        """The reporter in full; the history says who read it."""
        case, user = self.get_object(), signed_in(request)
        reporter = services.reveal_reporter(case, by=user, at=timezone.now())
        return Response(ReporterSerializer(reporter).data)

    @extend_schema(
        request=inputs.PhotosSerializer,
        responses={201: PhotoSerializer(many=True), **REFUSALS},
        operation_id="cases_photos_add",
    )
    @action(
        detail=True,
        methods=["post"],
        parser_classes=[MultiPartParser],
        pagination_class=None,
        filterset_class=None,
    )
    def photos(self, request: Request, number: str) -> Response:  # noqa: ARG002 -- the view reads it
        """Add up to ten photos: JPEG, PNG or WebP, 15 MB each."""
        case, user = self.get_object(), signed_in(request)
        given = self.read_input(request, inputs.PhotosSerializer)
        rows = services.add_photos(
            case, given["files"], kind=given["kind"], by=user, at=timezone.now()
        )
        return Response(PhotoSerializer(rows, many=True).data, status=status.HTTP_201_CREATED)

    parser_classes = [JSONParser]

    make_file = _move("file", services.file, inputs.NoteSerializer)
    make_reject = _move("reject", services.reject, inputs.ListedReasonSerializer)
    make_cancel = _move("cancel", services.cancel, inputs.NoteSerializer)
    make_correct = _move("correct", services.correct, inputs.CorrectionSerializer)
    make_release = _move("release", services.release, inputs.ReleaseSerializer)
    make_dispatch = _move("dispatch", services.dispatch, inputs.DispatchSerializer)
    make_act_first = _move("act_first", services.act_first, inputs.ActFirstSerializer)
    make_settle = _move("settle", services.settle, inputs.SettleSerializer)
    make_fund = _move("fund", services.fund, inputs.FundSerializer)
    make_back_to_intake = _move("back_to_intake", services.back_to_intake, inputs.ReasonSerializer)
    make_sign = _move("sign", services.sign, inputs.NothingSerializer)
    make_reassign = _move("reassign", services.reassign, inputs.ReassignSerializer)
    make_return = _move("return", services.send_back_to_dispatcher, inputs.ListedReasonSerializer)
    make_refuse_unadmitted = _move(
        "refuse_unadmitted", services.refuse_unadmitted, inputs.NoteSerializer
    )
    make_report = _move("report", services.report, inputs.ReportSerializer)
    make_confirm = _move("confirm", services.confirm, inputs.NoteSerializer)
    make_send_back = _move("send_back", services.send_back, inputs.ReasonSerializer)
    make_pass = _move("pass", services.check_pass, inputs.PassSerializer)
    make_fail = _move("fail", services.check_fail, inputs.ReasonSerializer)
    make_void = _move("void", services.void, inputs.ReasonSerializer)
    make_verify = _move("verify", services.verify, inputs.NoteSerializer)
    make_verified = _move("verified", services.verified, inputs.FoundSerializer)
    make_contact = _move("contact", services.contact, inputs.ContactSerializer)
    make_refer = _move("refer", services.refer, inputs.ReasonSerializer)
    make_adjudicate = _move("adjudicate", services.adjudicate, inputs.AdjudicateSerializer)
    make_ask_extension = _move("ask_extension", services.ask_extension, inputs.ReasonSerializer)
    make_review_extension = _move(
        "review_extension", services.review_extension, inputs.ReviewSerializer
    )
    make_ask_suspension = _move(
        "ask_suspension", services.ask_suspension, inputs.SuspensionSerializer
    )
    make_review_suspension = _move(
        "review_suspension", services.review_suspension, inputs.ReviewSerializer
    )
    make_resume = _move("resume", services.resume, inputs.NoteSerializer)
    make_ask_appeal = _move("ask_appeal", services.ask_appeal, inputs.ReasonSerializer)
    make_review_appeal = _move("review_appeal", services.review_appeal, inputs.ReviewSerializer)
    make_reopen = _move("reopen", services.reopen, inputs.ReasonSerializer)
    make_note = _move("note", services.note, inputs.TextSerializer)
    make_merge = _move("merge", services.merge, several.MergeSerializer)
    make_unmerge = _move("unmerge", services.unmerge, inputs.NoteSerializer)
    make_split = _move("split", services.split, several.SplitSerializer)
    make_transfer = _move("transfer", services.transfer, several.TransferSerializer)
    make_assist_add = _move("assist_add", services.ask_assistance, several.AssistSerializer)
    make_assist_sign = _move("assist_sign", services.sign_assistance, several.TaskInput)
    make_assist_report = _move(
        "assist_report", services.report_assistance, several.AssistReportSerializer
    )
    make_assist_decline = _move(
        "assist_decline", services.decline_assistance, several.TaskReasonInput
    )
    make_assist_accept = _move("assist_accept", services.accept_assistance, several.TaskNoteInput)
    make_assist_send_back = _move(
        "assist_send_back", services.send_assistance_back, several.TaskReasonInput
    )
    make_assist_release = _move(
        "assist_release", services.release_assistance, several.TaskReasonInput
    )
    make_supervise = _move("supervise", services.supervise, several.SuperviseSerializer)
    make_reply_supervision = _move(
        "reply_supervision", services.reply_supervision, inputs.ReasonSerializer
    )
    make_urge = _move("urge", services.urge, inputs.NoteSerializer)
    make_publish_text = _move("publish_text", services.publish_text, inputs.PublicTextSerializer)
