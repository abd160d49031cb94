import pytest

from luukku.core.business_id import is_business_id


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("1234567-1", True),
        ("0000001-9", True),
        ("0000000-0", True),  # no rest at all
        ("1234567-2", False),
        ("12345671", False),
        ("123456-1", False),
        ("\u0661234567-1", False),  # an Arabic digit
        ("", False),
    ],
)
def test_business_id_has_the_right_check_digit(text, is_one):
    assert is_business_id(text) == is_one


def test_business_id_with_a_rest_of_one_does_not_exist():
    assert not any(is_business_id(f"0000006-{digit}") for digit in range(10))
