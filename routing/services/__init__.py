"""Every write to what routing keeps."""

from routing.services.classifiers import (
    activate_classifier,
    as_categories,
    evaluate_classifier,
    stop_classifier,
    train_classifier,
)
from routing.services.labelled import read_aliases, read_samples
from routing.services.loads import (
    LoadRequest,
    force_load,
    give_back_load,
    give_back_many,
    take_load,
    take_load_many,
)
from routing.services.precedents import record_precedent
from routing.services.rules import (
    change_category,
    change_rule,
    end_rule,
    make_category,
    make_rule,
)

__all__ = [
    "LoadRequest",
    "activate_classifier",
    "as_categories",
    "change_category",
    "change_rule",
    "end_rule",
    "evaluate_classifier",
    "force_load",
    "give_back_load",
    "give_back_many",
    "make_category",
    "make_rule",
    "read_aliases",
    "read_samples",
    "record_precedent",
    "stop_classifier",
    "take_load",
    "take_load_many",
    "train_classifier",
]
