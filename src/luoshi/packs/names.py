"""Names in packs that must mean something: kinds, sources, categories, measures, records …"""

from collections.abc import Iterable

from luoshi.cases.wording import MEASURE
from luoshi.packs.mistakes import instead
from luoshi.packs.shelf import Entry, Shelf
from luoshi.rules.deadlines import URGENCIES
from luoshi.rules.state import NOTICE

NOT_AN_ITEM = "a person on a round answers only items; figures, dates and records judge themselves"


def tell_names(shelf: Shelf) -> None:
    """Note every name that nothing carries, and kinds that are part of themselves."""
    kinds = shelf.codes("kinds")
    for section in ("figures", "records", "expectations", "rounds"):
        for entry in shelf.entries(section):
            _known(entry, "kind", kinds, "kind of subject")
    for entry in shelf.entries("kinds"):
        _known(entry, "part_of", kinds, "kind of subject")
    _cycles(shelf)
    for entry in shelf.entries("expectations"):
        _expectation(entry, shelf)
    for entry in shelf.entries("categories"):
        _category(entry)
    for entry in shelf.entries("rounds"):
        _round(entry, shelf)


def _known(entry: Entry, key: str, known: Iterable[str], what: str) -> None:
    if (name := entry.text(key)) and name not in known:
        entry.tell((key,), f"there is no {what} `{name}`", instead(name, known))


def _cycles(shelf: Shelf) -> None:
    above = {entry.code: entry.text("part_of") for entry in shelf.entries("kinds")}
    for entry in shelf.entries("kinds"):
        way = [entry.code]
        while (up := above.get(way[-1], "")) and up not in way:
            way.append(up)
        if up == entry.code:
            told = f"a kind cannot be part of itself: {' › '.join([*way, up])}"
            entry.tell(("part_of",), told, "take `part_of` away from one of them")


def _expectation(entry: Entry, shelf: Shelf) -> None:
    sources = {source.code for source in entry.pack.entries("sources")}
    _known(entry, "source", sources, "source in this pack")
    categories = shelf.codes("categories")
    _known(entry, "category", categories, "category")
    _known(entry, "duty", categories, "category")
    kind = entry.text("kind")
    named = (entry.part("record") or {}).get("record")
    records = {record.code for record in shelf.of_kind("records", kind)}
    if isinstance(named, str) and named not in records:
        told = f"there is no record `{named}` of the kind `{kind}`"
        entry.tell(("record", "record"), told, instead(named, records))
    fact = (entry.part("date") or {}).get("fact")
    dates = {fact.code for fact in shelf.facts(kind, "date")}
    if isinstance(fact, str) and fact not in dates:
        told = f"the kind `{kind}` has no fact `{fact}` of the type date"
        entry.tell(("date", "fact"), told, instead(fact, dates))


def _category(entry: Entry) -> None:
    _known(entry, "urgency", URGENCIES, "urgency")
    measures = entry.data.get("measures")
    if not isinstance(measures, list):
        return
    for number, measure in enumerate(measures):
        if isinstance(measure, str) and measure not in MEASURE:
            told = f"there is no measure `{measure}`"
            entry.tell(("measures", number), told, instead(measure, MEASURE))
    if measures and all(measure == NOTICE for measure in measures):
        remedy = f"add what is really done about it: {', '.join(sorted(set(MEASURE) - {NOTICE}))}"
        entry.tell(("measures",), "needs a measure that is more than a notice", remedy)


def _round(entry: Entry, shelf: Shelf) -> None:
    kind = entry.text("kind")
    items = {e.code for e in shelf.of_kind("expectations", kind) if "item" in e.data}
    wanted = entry.data.get("expectations")
    if wanted == "all" and not items:
        told = f"the kind `{kind}` has no expectation that a person checks"
        entry.tell(("expectations",), told, "add an expectation with `item`")
    for number, code in enumerate(wanted if isinstance(wanted, list) else ()):
        if not isinstance(code, str) or code in items:
            continue
        if any(e.code == code for e in shelf.of_kind("expectations", kind)):
            entry.tell(("expectations", number), f"`{code}` is no item", NOT_AN_ITEM)
        else:
            told = f"there is no expectation `{code}` of the kind `{kind}`"
            entry.tell(("expectations", number), told, instead(code, items))
