import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError


@pytest.mark.parametrize("password", ["Huangjiang-7", "qiao-tou-88", "RIVER-side-x", "Kiln8rose"])
def test_three_kinds_of_characters_are_enough(password):
    validate_password(password)


@pytest.mark.parametrize("password", ["huangjiangzhen", "82736450912", "huangjiang77", "HJ-HJ-HJ-"])
def test_fewer_kinds_are_refused(password):
    with pytest.raises(ValidationError) as refusal:
        validate_password(password)
    assert "password_too_uniform" in [error.code for error in refusal.value.error_list]


def test_short_passwords_are_refused():
    with pytest.raises(ValidationError) as refusal:
        validate_password("Ab1-xyz")
    assert [error.code for error in refusal.value.error_list] == ["password_too_short"]
