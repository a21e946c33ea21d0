"""The five sources, the purposes, and which source allows which."""

import pytest

from funding import services
from funding.models import Ban, Purpose, Rung, Source, SourcePurpose, SourceRule

pytestmark = pytest.mark.django_db


def test_reference_data_is_loaded_once_and_keeps_what_people_changed(clerk, at):
    loaded = services.load_reference(by=clerk, at=at)
    sources = list(Source.objects.order_by("rank").values_list("name", flat=True))

    assert sources == [
        "公共财政资金", "社区自治金", "农村集体经济收入", "社区内生性资金", "公益性捐赠",
    ]  # fmt: skip
    pairs = SourcePurpose.objects.count()
    rules = sum(model.objects.count() for model in (SourceRule, Ban, Rung))
    assert loaded == len(sources) + Purpose.objects.count() + pairs + rules
    Source.objects.filter(rank=1).update(name="一般公共预算")
    SourcePurpose.objects.order_by("pk").first().delete()

    assert services.load_reference(by=clerk, at=at) == 0
    assert Source.objects.get(rank=1).name == "一般公共预算"
    assert SourcePurpose.objects.count() == pairs - 1


def test_a_purpose_that_was_lost_comes_back_with_its_sources(clerk, at):
    services.load_reference(by=clerk, at=at)
    relief = Purpose.objects.get(code="relief")
    before = set(relief.sources.values_list("source__code", flat=True))
    relief.sources.all().delete()
    relief.delete()

    assert services.load_reference(by=clerk, at=at) == 1 + len(before)
    again = Purpose.objects.get(code="relief")
    assert set(again.sources.values_list("source__code", flat=True)) == before


def test_every_source_has_a_rule_and_a_ladder_from_the_first_fen(clerk, at):
    services.load_reference(by=clerk, at=at)
    on = at.date()
    for source in Source.objects.all():
        assert source.rules.valid_on(on).count() == 1
        few, many = (Rung.objects.ladder(source.pk, amount=fen, on=on) for fen in (1, 10**9))
        assert 1 <= len(few) < len(many) or source.code == "endogenous"


def test_what_a_source_bans_it_does_not_allow_either(clerk, at):
    services.load_reference(by=clerk, at=at)
    banned = set(Ban.objects.values_list("source", "purpose"))
    assert banned.isdisjoint(SourcePurpose.objects.values_list("source", "purpose"))
