"""Versions: trained, compared on unseen texts, put into use, taken back, read only if unharmed."""

import csv
import datetime
import json
import os
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from grids.snapshots import forget_all
from lib.errors import RuleViolation
from organizations.models import ChangeRecord, User
from routing import services
from routing.models import ClassifierVersion
from routing.suggest import certain, known_categories, suggest_categories
from tests.factories.routing import CategoryFactory
from tests.routing.corpus import samples

AT = datetime.datetime(2026, 11, 23, 9, tzinfo=datetime.UTC)
DATA = Path(os.environ.get("GONGZHI_DATA", Path(__file__).parents[3] / "shared" / "data"))
COMPLAINTS = DATA / "complaints"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def categories():
    large = CategoryFactory(code="city", name="城市", name_en="City")
    names = {"cover": "井盖缺失", "lamp": "路灯不亮", "noise": "噪音扰民"}
    return {
        code: CategoryFactory(code=code, name=name, keywords=[name[:2]], parent=large)
        for code, name in names.items()
    }


def trained(rows=None, *, at=AT, activate=False, origin="cases"):
    return services.train_classifier(
        rows or samples(), origin=origin, by=User.objects.system(), at=at, activate=activate
    )


def test_a_version_better_than_the_keywords_is_used(categories):
    version = trained()
    assert version.is_active
    assert (version.rows, version.labels) == (240, ["cover", "lamp", "noise"])
    assert version.figures["rival"]["version"] is None
    assert version.figures["rival"]["macro_f1"] < version.figures["macro_f1"] == 1.0
    found = suggest_categories("田美路灯杆坏了")
    assert found[0].category_id == categories["lamp"].pk
    assert found[0].version == version.pk
    assert found[0].is_certain
    assert "灯杆" in found[0].words or "路灯" in found[0].words


def test_one_that_is_not_better_waits(categories):
    first, second = trained(), trained(samples(seed=2))
    assert (first.is_active, second.is_active) == (True, False)
    assert second.figures["rival"] == {
        "version": first.pk, "macro_f1": 1.0, "accuracy": 1.0,
    }  # fmt: skip


def test_a_worse_one_is_replaced_by_a_better_one(categories):
    muddled = [
        one if number % 2 else type(one)(one.text, "noise") for number, one in enumerate(samples())
    ]
    worse = trained(muddled, activate=True)
    better = trained()
    worse.refresh_from_db()
    assert (worse.is_active, better.is_active) == (False, True)
    assert better.figures["rival"]["version"] == worse.pk


def test_too_few_unseen_texts_decide_nothing(categories):
    assert not trained(samples(20)).is_active


def test_a_person_puts_an_earlier_version_back_and_takes_all_out(categories):
    system, early, late = User.objects.system(), trained(), trained(samples(seed=2), activate=True)
    assert suggest_categories("路灯不亮")[0].version == late.pk
    services.activate_classifier(early, by=system, at=AT)
    assert suggest_categories("路灯不亮")[0].version == early.pk
    services.stop_classifier(by=system, at=AT)
    assert suggest_categories("路灯不亮")[0].version is None
    actions = ChangeRecord.objects.of(early).order_by("number").values_list("after", flat=True)
    assert [after.get("is_active") for after in actions] == [False, True, False, True, False]


def test_below_the_threshold_a_person_decides(categories):
    trained()
    ClassifierVersion.objects.update(threshold=1.0)
    known = known_categories()
    assert certain("田美路灯杆坏了", known) is not None
    assert certain("今天下雨", known) is None


def test_what_no_model_learned_is_still_found_by_its_keywords(categories):
    trained()
    dog = CategoryFactory(
        code="dog", name="流浪狗", keywords=["流浪狗"], parent=categories["lamp"].parent
    )
    assert dog.pk in [found.category_id for found in suggest_categories("小区里有流浪狗")]


def test_a_category_that_has_ended_is_not_suggested(categories):
    trained()
    type(categories["lamp"]).objects.filter(code="lamp").update(valid_to=AT.date())
    found = suggest_categories("田美路灯杆坏了", on=AT.date())
    assert categories["lamp"].pk not in [one.category_id for one in found]


def test_a_tampered_file_is_never_used_and_keywords_go_on(categories, caplog):
    version = trained()
    with default_storage.open(version.file) as file:
        content = file.read()
    default_storage.delete(version.file)
    default_storage.save(version.file, ContentFile(content[:-1] + b"!"))
    forget_all()
    assert suggest_categories("路灯不亮")[0].version is None
    assert "damaged" in caplog.text
    with pytest.raises(RuleViolation, match=r"缺失|missing"):
        services.activate_classifier(version, by=User.objects.system(), at=AT)


def test_foreign_labels_can_be_judged_but_not_used(categories):
    foreign = [type(one)(one.text, f"别的{one.label}") for one in samples()]
    version = trained(foreign)
    assert (version.is_usable, version.is_active, version.figures["rival"]) == (False, False, None)
    with pytest.raises(RuleViolation):
        services.activate_classifier(version, by=User.objects.system(), at=AT)
    with pytest.raises(RuleViolation):
        trained(foreign, activate=True)
    assert services.evaluate_classifier(version, foreign).accuracy == 1.0


def test_the_database_allows_one_active_version_and_no_foreign_one(categories):
    version = trained()
    copied = {field.attname: getattr(version, field.attname) for field in version._meta.fields}
    copied.pop("id")
    with pytest.raises(IntegrityError), transaction.atomic():
        ClassifierVersion.objects.create(**copied)
    with pytest.raises(IntegrityError), transaction.atomic():
        ClassifierVersion.objects.filter(pk=version.pk).update(is_usable=False)


# -- Files and commands ----------------------------------------------------------------------------


def written(path, rows, *, head=("标题", "内容", "标签"), encoding="utf-8"):
    with path.open("w", newline="", encoding=encoding) as file:
        lines = csv.writer(file)
        lines.writerow(head)
        lines.writerows(rows)
    return path


def test_columns_are_found_by_their_usual_names_in_any_encoding(tmp_path):
    rows = [("路灯", "不亮\n三天了", "照明"), ("", "", "照明"), ("井盖", "没了", "")]
    for encoding in ("utf-8-sig", "gb18030"):
        found = services.read_samples(written(tmp_path / "a.csv", rows, encoding=encoding))
        assert [(one.text, one.label) for one in found] == [("路灯 不亮\n三天了", "照明")]


def test_other_columns_are_named_or_asked_for(tmp_path):
    path = written(tmp_path / "b.csv", [("x", "路灯不亮", "lamp")], head=("n", "words", "kind"))
    found = services.read_samples(path, text="words", label="kind")
    assert [(one.text, one.label) for one in found] == [("路灯不亮", "lamp")]
    with pytest.raises(RuleViolation, match="n, words, kind"):
        services.read_samples(path)
    with pytest.raises(RuleViolation):
        services.read_samples(tmp_path / "missing.csv")


def test_labels_are_codes_names_or_aliases_of_categories(categories):
    rows = [type(one)(one.text, {"cover": "井盖缺失", "lamp": "LAMP"}.get(one.label, "吵"))
            for one in samples(5)]  # fmt: skip
    assert services.as_categories(rows) == rows
    found = services.as_categories(rows, {"吵": "noise"})
    assert {one.label for one in found} == {"cover", "lamp", "noise"}


def test_a_file_is_trained_on_and_judged_from_the_command_line(categories, tmp_path, capsys):
    path = written(tmp_path / "c.csv", [("", one.text, one.label) for one in samples()])
    call_command("train_classifier", str(path))
    version = ClassifierVersion.objects.get()
    assert (version.origin, version.source, version.is_active) == ("file", "c.csv", True)
    assert "macro-F1           1.0000" in capsys.readouterr().out
    call_command("evaluate_classifier", str(path), "--json")
    told = json.loads(capsys.readouterr().out)
    assert (told["version"], told["accuracy"], told["macro_f1"]) == (version.pk, 1.0, 1.0)
    assert [one["label"] for one in told["labels"]] == ["cover", "lamp", "noise"]


def test_the_command_line_says_what_is_wrong(categories, tmp_path):
    few = written(tmp_path / "d.csv", [("", "路灯不亮", "lamp")])
    with pytest.raises(CommandError):
        call_command("train_classifier", str(few))
    with pytest.raises(CommandError):
        call_command("train_classifier")
    with pytest.raises(CommandError):
        call_command("evaluate_classifier", str(few))


@pytest.mark.skipif(not COMPLAINTS.exists(), reason=f"{COMPLAINTS} is not there")
def test_messages_of_another_city_are_told_apart():
    """Trained on segmented text, asked with text as residents write it."""
    rows = services.read_samples(COMPLAINTS / "train_segmented.csv")[::2]  # half: half the time
    version = trained(rows, origin="file")
    assert version.figures["macro_f1"] >= 0.88
    figures = services.evaluate_classifier(
        version, services.read_samples(COMPLAINTS / "dev_raw.csv")
    )
    assert figures.macro_f1 >= 0.82
    assert figures.accuracy >= 0.83
    assert version.size < 60_000_000
