"""How an expectation is checked: exactly one method, and what each method needs."""

from typing import Any

from luoshi.packs.shelf import Entry, Shelf

METHODS = ("item", "figure", "date", "record")


def tell_methods(shelf: Shelf) -> None:
    """Note missing or doubled methods, and items, dates and choices that judge nothing."""
    for entry in shelf.entries("expectations"):
        _one(entry)
        if (item := entry.part("item")) is not None:
            _item(entry, item)
        if (dated := entry.part("date")) is not None:
            _date(entry, dated)
    for section, part in (("kinds", "facts"), ("records", "fields")):
        for entry in shelf.entries(section):
            for inner in entry.items(part):
                _choices(inner, inner.data, ())


def _one(entry: Entry) -> None:
    given = [method for method in METHODS if method in entry.data]
    if not given:
        told = "nothing says how this is checked"
        entry.tell((), told, "add exactly one of item, figure, date, record")
    for extra in given[1:]:
        told = f"there is a second way to check beside `{given[0]}`"
        entry.tell((extra,), told, "keep one; make the other an expectation of its own")
    if "every" in entry.data and given and given[0] != "item":
        told = f"`every` belongs to an item, not to a {given[0]}"
        remedy = {"record": "write `within` in the record", "date": "write `repeat` in the date"}
        entry.tell(("every",), told, remedy.get(given[0], "remove it: figures come when reported"))


def _item(entry: Entry, item: Any) -> None:
    _choices(entry, item, ("item",))
    low, high = item.get("min"), item.get("max")
    bounds = [bound for bound in ("min", "max") if item.get(bound) is not None]
    if item.get("type") == "number":
        if not bounds:
            told = "a number without `min` and `max` is never unmet"
            entry.tell(("item", "type"), told, "add at least one of them")
    else:
        for bound in bounds:
            entry.tell(("item", bound), f"`{bound}` belongs to a number", "remove it")
    if isinstance(low, int | float) and isinstance(high, int | float) and low > high:
        entry.tell(("item", "min"), "`min` is larger than `max`", "put them in order")
    met = {choice.data.get("met") for choice in entry.items("item", "choices")}
    if item.get("type") == "choice" and met in ({True}, {False}):
        told = "all choices mean the same"
        entry.tell(("item", "choices"), told, "at least one has met: true and one met: false")


def _choices(entry: Entry, data: Any, path: tuple[str, ...]) -> None:
    if data.get("type") == "choice" and "choices" not in data:
        told = "a choice needs its `choices`"
        entry.tell((*path, "type"), told, "add choices: [{code: …, name: …, name_en: …}, …]")
    if "choices" in data and data.get("type") != "choice":
        entry.tell((*path, "choices"), "only the type choice has `choices`", "remove them")


def _date(entry: Entry, dated: Any) -> None:
    if ("due" in dated) == ("fact" in dated):
        told = "a date has exactly one of `due` and `fact`"
        entry.tell(("date",), told, "give the day itself, or the fact of the subject that holds it")
    if isinstance(dated.get("due"), str) and dated["due"] < entry.text("from"):
        told = "is due before the expectation counts"
        entry.tell(("date", "due"), told, "make `from` earlier, or `due` later")
