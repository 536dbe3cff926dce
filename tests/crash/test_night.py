"""The worker dies in the night: what was written stays, what was not is done again."""

import signal
import subprocess
import sys

from tests.crash.inside import AT_ONCE, ask_inside

SUBJECTS, WRITTEN = 45, 2


def test_a_night_whose_worker_was_killed_loses_no_finding_and_opens_none_twice(
    environment: dict[str, str],
) -> None:
    ask_inside(environment, "swings", str(SUBJECTS))
    killed = [sys.executable, "-m", "tests.crash.inside", "night_killed", str(WRITTEN)]
    assert subprocess.run(killed, env=environment).returncode == -signal.SIGKILL

    done = WRITTEN * AT_ONCE
    assert ask_inside(environment, "night") == {
        "findings": done, "cases": done, "standings": done, "tally": done, "over": 0, "faults": [],
    }  # fmt: skip
    ask_inside(environment, "work")
    assert ask_inside(environment, "night") == {
        "findings": SUBJECTS, "cases": SUBJECTS, "standings": SUBJECTS, "tally": SUBJECTS,
        "over": 1, "faults": [],
    }  # fmt: skip
