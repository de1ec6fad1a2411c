from datetime import timedelta

import pytest

from backend.domains.accounts.rules import check_password, locked_for


@pytest.mark.parametrize(
    ("failures", "pause"),
    [(0, None), (4, None), (5, 5), (6, 10), (7, 20), (8, 40), (9, 60), (500, 60)],
)
def test_lock_grows_from_the_fifth_failure_to_an_hour(failures: int, pause: int | None) -> None:
    assert locked_for(failures) == (timedelta(minutes=pause) if pause else None)


@pytest.mark.parametrize(
    ("password", "good"),
    [
        ("short", False),
        ("123456789", False),
        ("1234567890", True),
        ("xx-operator-xx", False),
        ("九个汉字加一个数字十", True),
    ],
)
def test_a_password_is_long_and_not_the_name(password: str, good: bool) -> None:
    assert (check_password(password, "Operator") is None) is good
