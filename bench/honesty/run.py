"""Plays the scripts and says what came of them: computed from what the actions did."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from django.db import connection, transaction
from django.test import override_settings

from bench.honesty.shots import shot
from bench.honesty.stage import Stage, build
from bench.rows import Row
from luoshi.cases import looks, queries
from luoshi.cases.actions import Refused
from luoshi.cases.models import Report
from luoshi.infra.pictures import rebuild
from tests.cast import Cast

HERE = Path(__file__).parent
CLAIM = {
    "outcome": "fixed",
    "measures": ["cleared"],
    "text": "已清理楼道口的杂物并冲洗地面",
    "pictures": [{}],
}
Script = Mapping[str, Any]


class WrongScript(Exception):
    """A step was refused that is not the last one: the script does not tell what it says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """came: refused, flagged, open, uncounted, visit (nothing speaks against it), closed (a hole);
    by: the code of the refusal, or what the verifier was told."""

    came: str
    by: tuple[str, ...] = ()


def scripts(name: str) -> list[Script]:
    found: list[Script] = yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))
    return found


# ---- False closures ----


def attempt(cast: Cast, script: Script, now: datetime) -> Outcome:
    """Play one attempt and take it back again."""
    with transaction.atomic():
        stage = build(cast, now)
        steps = steps_of(script)
        try:
            stage.play(steps)
            came = _came(stage)
        except Refused as no:
            if stage.step != len(steps):
                raise WrongScript(f"{script['id']}: step {stage.step}: {no.code}") from no
            came = Outcome(came="refused", by=(no.code,))
        transaction.set_rollback(True)
    return came


def by_the_book() -> Any:
    """Without the random shares, which would have one script go another way each time."""
    return override_settings(RAISED_PERCENT=0, SAMPLE_PERCENT=0)


def steps_of(script: Script) -> list[Mapping[str, Any]]:
    steps = list(script.get("steps", [{"reported": {}}]))
    if "claim" in script:
        steps.append({"community1 claim": {**CLAIM, **script["claim"]}})
    return steps


def as_expected(script: Script, came: Outcome) -> bool:
    by = script.get("by", [])
    wanted = (by,) if isinstance(by, str) else tuple(by)
    return came == Outcome(came=script["expected"], by=wanted)


def _came(stage: Stage) -> Outcome:
    state = stage.page().line.state
    if state.status == "claimed":
        told = queries.doubts(stage.page(state.verifier or 0))
        return Outcome(came="flagged", by=told) if told else Outcome(came="visit")
    if state.status != "closed":
        return Outcome(came="open")
    if state.resolution == "merged":
        target = queries.case_page(
            case=state.merged_into or 0, person=stage.cast.people["inspector1"], now=stage.now
        )
        followed = target is not None and target.line.state.open
        return Outcome(came="open" if followed else "closed")
    said = Report.objects.filter(case=stage.case, satisfied=True).exists()
    counted = state.resolution != "unverified" and (state.verdict != "no_answer" or said)
    return Outcome(came="closed" if counted else "uncounted")


# ---- Honest closures ----


@dataclass(frozen=True, slots=True, kw_only=True)
class Honest:
    """refused: the code of a refusal that no explanation lifts; asked: why an explanation was
    asked for; told: what the verifier was told; closed: it ended as solved."""

    refused: str = ""
    asked: str = ""
    told: tuple[str, ...] = ()
    closed: bool = False


def honest(cast: Cast, script: Script, now: datetime) -> Honest:
    """Play one honest closure to its end, and take it back again."""
    with transaction.atomic():
        stage = build(cast, now)
        came = _through(stage, script)
        transaction.set_rollback(True)
    return came


def _through(stage: Stage, script: Script) -> Honest:
    stage.play(script.get("steps", [{"reported": script.get("report", {})}]))
    who, asked = script.get("who", "community1"), ""
    claim = {f"{who} claim": {**CLAIM, **script.get("claim", {})}}
    try:
        try:
            stage.play([claim])
        except Refused as no:
            if not no.code.endswith("_unexplained") or "explains" not in script:
                raise
            asked = no.code
            explained = {**claim[f"{who} claim"], "explanation": script["explains"]}
            stage.play([{f"{who} claim": explained}])
        state = stage.page().line.state
        told = queries.doubts(stage.page(state.verifier or 0))
        shown = script.get("verifies", {"minutes": -5, "metres": 50})
        passed = {"passed": True, "heard": "call", "text": "已到现场看过", "pictures": [shown]}
        stage.play([{"verifier open": {}}, {"verifier verify": passed}])
        if stage.page().line.state.open:
            said = {"solved": True, "satisfied": True}
            others = [f"reporter {name}" for name in script.get("more", ())]
            stage.play([{f"{who} verdict": said} for who in ("reporter", *others)])
    except Refused as no:
        return Honest(refused=no.code)
    return Honest(asked=asked, told=told, closed=not stage.page().line.state.open)


# ---- Figures ----


def measure(cast: Cast, now: datetime, say: Callable[[str], None]) -> list[Row]:
    """Everything, counted."""
    say("false and honest closures")
    with by_the_book():
        false = [(script, attempt(cast, script, now)) for script in scripts("false")]
        true = [(script, honest(cast, script, now)) for script in scripts("honest")]
    return [*_false_rows(false), *_honest_rows(true), *_cut_rows()]


SCENES = 40


def _cut_rows() -> list[Row]:
    """How many copies the hash still knows when so much of them is cut away at each side."""
    scenes = [f"scene {n}" for n in range(SCENES)]
    whole = {of: rebuild(shot(of=of)) for of in scenes}
    rows = []
    for percent in (1, 2, 3, 5, 10):
        found = sum(
            looks.apart(rebuild(shot(of=of, change="cut", by=percent)), whole[of]) is not None
            for of in scenes
        )
        name = f"copies found that are cut by {percent}% at each side"
        rows.append(_row(name, found, SCENES, unit="pictures"))
    return rows


STOPPED = ("refused", "flagged", "open", "uncounted")


def _false_rows(played: Sequence[tuple[Script, Outcome]]) -> list[Row]:
    came = Counter(outcome.came for _, outcome in played)
    unlike = [script["id"] for script, outcome in played if not as_expected(script, outcome)]
    total = len(played)
    return [
        _row("false closures stopped or flagged", sum(came[c] for c in STOPPED), total),
        _row("  refused by a rule", came["refused"], total),
        _row("  told to the verifier", came["flagged"], total),
        _row("  never closed by it", came["open"], total),
        _row("  closed, and counted as no answer or unverified", came["uncounted"], total),
        _row("false closures that close", came["closed"], total, "none", came["closed"] == 0),
        _row(
            f"false closures not as their script says {' '.join(unlike)}".rstrip(),
            len(unlike),
            total,
            "none",
            not unlike,
        ),
        _row("only a visit on site finds", came["visit"], total),
        *(
            _row(f"  {kind}", sum(o.came == "visit" for o in outcomes), len(outcomes))
            for kind, outcomes in by_kind(played).items()
            if any(o.came == "visit" for o in outcomes)
        ),
    ]


def by_kind(played: Iterable[tuple[Script, Any]]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for script, outcome in played:
        found.setdefault(script["kind"], []).append(outcome)
    return found


def _honest_rows(played: Sequence[tuple[Script, Honest]]) -> list[Row]:
    total = len(played)
    refused = [f"{s['id']} ({o.refused})" for s, o in played if o.refused]
    ended = sum(outcome.closed for _, outcome in played)
    told = Counter(code for _, outcome in played for code in outcome.told)
    return [
        _row("honest closures that close", ended, total, "all", ended == total),
        _row(
            f"false refusals among honest {' '.join(refused)}".rstrip(),
            len(refused),
            total,
            "none",
            not refused,
        ),
        _row(
            "honest claims asked to explain a picture", sum(bool(o.asked) for _, o in played), total
        ),
        _row("honest claims with a flag", sum(bool(o.told) for _, o in played), total),
        *(_row(f"  {code}", n, total) for code, n in sorted(told.items())),
    ]


def _row(
    name: str,
    value: int,
    of: int,
    goal: str = "",
    holds: bool | None = None,
    *,
    unit: str = "scripts",
) -> Row:
    return Row(
        name=name,
        database=connection.vendor,
        value=value,
        unit=unit,
        reference=of,
        goal=goal,
        holds=holds,
    )
