from datetime import datetime

import pytest

from tests import cast as casting
from tests.cast import Cast


@pytest.fixture
def cast(db: None, now: datetime) -> Cast:
    return casting.build(spoken=True)
