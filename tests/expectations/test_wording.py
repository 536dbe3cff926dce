"""What pages say of a judgement."""

import pytest
from django.utils.translation import override

from luoshi.expectations import wording
from luoshi.rules.expectations import CODES


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [(78.3291, "%", "78.33 %"), (19.0, "child", "19"), (-0.001, "%", "0.00 %"),
     (None, "%", "—")],
)  # fmt: skip
def test_amounts_read_as_people_write_them(value: float | None, unit: str, shown: str) -> None:
    with override("en"):
        assert wording.amount(value, unit) == shown


def test_every_reason_has_its_sentence() -> None:
    assert wording.REASON.keys() == CODES
