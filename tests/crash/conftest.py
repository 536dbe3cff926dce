import pytest

from tests import cast as casting
from tests.cast import Cast
from tests.crash.inside import ask_inside
from tests.crash.storm import SECRET


@pytest.fixture
def environment(fresh_environment: dict[str, str]) -> dict[str, str]:
    """For `luoshi` processes over a fresh district; a test may say where its messages go."""
    environment = {**fresh_environment, "LUOSHI_SMS_SECRET": SECRET}
    ask_inside(environment, "build")
    return environment


@pytest.fixture
def cast(db: None) -> Cast:
    return casting.build()
