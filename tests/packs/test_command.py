"""`luoshi packs`: what it says, and with which exit code."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from luoshi.cases import queries
from luoshi.packs.check import HERE, check
from luoshi.packs.describe import reference
from luoshi.registry import actions as registry
from tests.packs.broken import GOOD, put


def run(*words: str) -> tuple[int, str]:
    out, code = StringIO(), 0
    try:
        call_command("packs", *words, stdout=out, stderr=out)
    except SystemExit as end:
        code = int(end.code or 0)
    return code, out.getvalue()


def test_check_counts_when_all_is_well(tmp_path: Path) -> None:
    code, said = run("check", str(put(tmp_path, GOOD)))
    assert (code, said) == (0, "all is well: 1 pack, 4 expectations, 1 category\n")


def test_check_without_a_folder_takes_the_packs_of_the_house() -> None:
    code, said = run("check")
    assert code == 0
    assert said.startswith("all is well: 6 packs, ")


def test_check_tells_every_mistake_and_ends_with_1(tmp_path: Path) -> None:
    broken = GOOD.replace("days: 2", "days: 0").replace("tier: site", "tier: moon")
    code, said = run("check", str(put(tmp_path, broken)))
    assert code == 1
    assert "playground/pack.yaml:32: expectations › swing.chains › days: must be" in said
    assert "playground/pack.yaml:33: expectations › swing.chains › tier: must be" in said
    assert said.endswith("2 mistakes\n")


def test_install_puts_a_pack_into_the_district(db: None, tmp_path: Path) -> None:
    district = registry.create_district(code="320613", name="崇川区")
    code, said = run("install", "--district", "320613", str(put(tmp_path, GOOD)))
    assert (code, said) == (0, "13 entries installed in 崇川区\n")
    assert [one.code for one in queries.categories(district)] == ["playground.swing"]


def test_install_refuses_an_unknown_district(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="there is no district 999999"):
        run("install", "--district", "999999", str(put(tmp_path, GOOD)))


def test_install_refuses_a_pack_with_a_mistake(db: None, tmp_path: Path) -> None:
    registry.create_district(code="320613", name="崇川区")
    with pytest.raises(CommandError, match="nothing was installed"):
        run("install", "--district", "320613", str(put(tmp_path, GOOD.replace("days: 2", ""))))


def test_the_reference_names_every_expectation_with_its_source() -> None:
    packs = check([HERE]).packs
    rows = [line for line in reference(packs).splitlines() if line.startswith("| `")]
    for pack in packs:
        for entry in pack.entries("expectations"):
            begin = f"| `{entry.code}` {entry.text('title')}"
            mine = [row for row in rows if row.startswith(begin)]
            assert mine, entry.code
            assert any(f"`{entry.text('source')}`" in row for row in mine), entry.code


def test_the_reference_says_what_the_page_names_itself(tmp_path: Path) -> None:
    text = GOOD.replace("named: false\n    severity: serious", "named: true\n    severity: severe")
    page = reference(check([put(tmp_path, text)]).packs)
    chains = next(line for line in page.splitlines() if "`swing.chains`" in line)
    crowd = next(line for line in page.splitlines() if "`playground.crowd`" in line)
    assert chains.endswith("| 是 |")
    assert "严重" in chains
    assert crowd.endswith("| 否 |")


def test_eighteen_measures_of_which_the_page_names_seven() -> None:
    (markets,) = check([HERE / "markets"]).packs
    measures = [e for e in markets.entries("expectations") if e.code.startswith("prevention.")]
    assert (len(measures), sum(e.data["named"] for e in measures)) == (18, 7)
    assert {e.text("source") for e in measures if not e.data["named"]} == {
        "guide223",
        "beijing",
        "tongling",
    }
