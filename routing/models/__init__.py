"""What a matter is, who must do it, with what people: catalogue, duty list, admissions, loads."""

from routing.models.admissions import (
    AdmissionApplication,
    AdmissionEvaluation,
    AdmissionReview,
    AdmissionRule,
    AdmissionShare,
    ApplicationEvent,
    PromisedPost,
    UnadmittedRefusal,
)
from routing.models.catalogue import Category, FilingStandard
from routing.models.changes import (
    DutyChange,
    DutyChangeEvent,
    DutyChangeItem,
    ListChangeItem,
)
from routing.models.classifiers import ClassifierVersion
from routing.models.danger import DangerWord
from routing.models.duty import Admission, CommunityDuty, DutyEntry
from routing.models.findings import DutyFinding, DutyFlaw, DutyMark, DutyRun
from routing.models.loads import Load
from routing.models.service_items import CentreStandard, ServiceCentre, ServiceItem

__all__ = [
    "Admission",
    "AdmissionApplication",
    "AdmissionEvaluation",
    "AdmissionReview",
    "AdmissionRule",
    "AdmissionShare",
    "ApplicationEvent",
    "Category",
    "CentreStandard",
    "ClassifierVersion",
    "CommunityDuty",
    "DangerWord",
    "DutyChange",
    "DutyChangeEvent",
    "DutyChangeItem",
    "DutyEntry",
    "DutyFinding",
    "DutyFlaw",
    "DutyMark",
    "DutyRun",
    "FilingStandard",
    "ListChangeItem",
    "Load",
    "PromisedPost",
    "ServiceCentre",
    "ServiceItem",
    "UnadmittedRefusal",
]
