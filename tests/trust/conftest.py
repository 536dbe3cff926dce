from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def var(tmp_path: Path, settings: Any) -> Path:
    """A data directory of its own, so that every test has keys of its own."""
    settings.LUOSHI_VAR = tmp_path
    return tmp_path
