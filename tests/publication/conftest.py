import pytest

from tests import cast as casting
from tests.publication.office import Office


@pytest.fixture
def office(db: None) -> Office:
    return Office(casting.build())
