"""Tables of consultation, by subject."""

from consultation.models.blueprints import (
    Base,
    Blueprint,
    BlueprintPublication,
    BlueprintRule,
    BlueprintStage,
    Form,
    Measure,
    Participant,
    PublicationKind,
    Purpose,
    Unit,
)
from consultation.models.content import ListedMatter, Topic, TopicEvent, TopicRating
from consultation.models.matters import (
    SUBJECT,
    Consultation,
    ConsultationEvent,
    NumberBook,
    PartyReview,
    Publicity,
    Stage,
    StagePublication,
    StageRule,
)
from consultation.models.objections import Objection
from consultation.models.publications import (
    Publication,
    PublicationDraft,
    PublicationFile,
    PublicationVersion,
    text_digest,
)

__all__ = [
    "SUBJECT",
    "Base",
    "Blueprint",
    "BlueprintPublication",
    "BlueprintRule",
    "BlueprintStage",
    "Consultation",
    "ConsultationEvent",
    "Form",
    "ListedMatter",
    "Measure",
    "NumberBook",
    "Objection",
    "Participant",
    "PartyReview",
    "Publication",
    "PublicationDraft",
    "PublicationFile",
    "PublicationKind",
    "PublicationVersion",
    "Publicity",
    "Purpose",
    "Stage",
    "StagePublication",
    "StageRule",
    "Topic",
    "TopicEvent",
    "TopicRating",
    "Unit",
    "text_digest",
]
