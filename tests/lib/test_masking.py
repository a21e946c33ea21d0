import pytest

from lib import masking


@pytest.mark.parametrize(
    ("mask", "text", "masked"),
    [
        (masking.mask_mobile, "13812345678", "138****5678"),
        (masking.mask_mobile, "0769-22831234", "076*****1234"),
        (masking.mask_mobile, "110", "***"),
        (masking.mask_resident_id, "360426199101010071", "360426********0071"),
        (masking.mask_name, "张三", "张*"),
        (masking.mask_name, "张三丰", "张*丰"),
        (masking.mask_name, "欧阳娜娜", "欧阳**"),
        (masking.mask_name, "欧阳锋", "欧阳*"),
        (masking.mask_name, "张", "张*"),
        (masking.mask_name, "Zhang San", "Z**** S**"),
        (masking.mask_name, " ", ""),
        (masking.mask_card, "6222021234567890123", "622202*********0123"),
        (masking.mask_plate, "粤S12345", "粤S****5"),
        (masking.mask_plate, "粤S·D12345", "粤S****5"),
        (masking.mask_address, "东莞市黄江镇梅塘社区东环路12号3栋502", "东莞市黄江镇梅塘社区"),
        (masking.mask_address, "黄江镇东环路12号3栋502室", "黄江镇东环路***"),
    ],
)
def test_each_detail_is_masked_in_its_usual_format(mask, text, masked):
    assert mask(text) == masked


def test_the_public_form_of_an_identity_number_keeps_the_ends_only():
    assert masking.mask_resident_id("360426199101010071", public=True) == "3****************1"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("请打13812345678联系", "请打138****5678联系"),
        ("电话138 1234 5678。", "电话138****5678。"),
        ("+86-13812345678", "138****5678"),
        ("身份证360426199101010071号", "身份证360426********0071号"),
        ("身份证36042619910101007X", "身份证360426********007X"),
        ("座机0769-22831234", "座机0769-****1234"),
        ("卡号6222 0212 3456 7890 123", "卡号622202*********0123"),
        ("车牌粤S12345停在门口", "车牌粤S****5停在门口"),
        ("新能源粤SD12345", "新能源粤S****5"),
        ("张三丰打了张三", "张*丰打了张*"),
        ("井盖损坏,2026年3月1日发现,共3个,约1500元", "井盖损坏,2026年3月1日发现,共3个,约1500元"),
        ("11月12号停水，影响300户", "11月12号停水，影响300户"),
        ("东环路12号门前", "东环路***门前"),
        ("工单号DG202611230001", "工单号DG202611230001"),
    ],
)
def test_free_text_loses_what_identifies_and_keeps_the_rest(text, masked):
    assert masking.mask_text(text, names=["张三", "张三丰", "王"]) == masked


@pytest.mark.parametrize("address", ["3栋2单元502室", "12号楼501", "8号院3号楼", "五巷12号"])
def test_house_numbers_disappear_from_free_text(address):
    assert masking.mask_text(f"梅塘社区{address}漏水") == "梅塘社区***漏水"
