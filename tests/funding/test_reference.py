"""The five sources, the purposes, and which source allows which."""

import pytest

from funding import services
from funding.models import Purpose, Source, SourcePurpose

pytestmark = pytest.mark.django_db


def test_reference_data_is_loaded_once_and_keeps_what_people_changed(clerk, at):
    loaded = services.load_reference(by=clerk, at=at)
    sources = list(Source.objects.order_by("rank").values_list("name", flat=True))

    assert sources == [
        "公共财政资金", "社区自治金", "农村集体经济收入", "社区内生性资金", "公益性捐赠",
    ]  # fmt: skip
    pairs = SourcePurpose.objects.count()
    assert loaded == len(sources) + Purpose.objects.count() + pairs
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
