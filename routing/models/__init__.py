"""What a matter is, who must do it, with what people: catalogue, duty list, admissions, loads."""

from routing.models.catalogue import Category, FilingStandard
from routing.models.classifiers import ClassifierVersion
from routing.models.danger import DangerWord
from routing.models.duty import Admission, CommunityDuty, DutyEntry
from routing.models.loads import Load

__all__ = [
    "Admission",
    "Category",
    "ClassifierVersion",
    "CommunityDuty",
    "DangerWord",
    "DutyEntry",
    "FilingStandard",
    "Load",
]
