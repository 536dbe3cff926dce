"""The form of a pack: schema.yaml, and its errors in sentences."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator, FormatChecker

from luoshi.packs.mistakes import instead
from luoshi.packs.reading import Reading, Step

SCHEMA = Path(__file__).with_name("schema.yaml")
_FORMATS = FormatChecker(formats=())


def _is_day(value: object) -> bool:
    # fromisoformat alone also takes 20200630 and 2020-W27-2.
    return not isinstance(value, str) or date.fromisoformat(value).isoformat() == value


_FORMATS.checks("date", raises=ValueError)(_is_day)


@cache
def schema() -> dict[str, Any]:
    """The schema with every reference written out: looking each up took half of the time."""
    found = yaml.safe_load(SCHEMA.read_text(encoding="utf-8"))
    written: dict[str, Any] = _written_out(found, found["$defs"])
    return written


def _written_out(node: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(node, list):
        return [_written_out(inner, definitions) for inner in node]
    if not isinstance(node, dict):
        return node
    here = {key: _written_out(inner, definitions) for key, inner in node.items() if key != "$defs"}
    if isinstance(name := here.pop("$ref", None), str):
        return {**_written_out(definitions[name.rpartition("/")[2]], definitions), **here}
    return here


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(schema(), format_checker=_FORMATS)


def tell_form(reading: Reading) -> None:
    """Note every place where a pack does not have the form of the schema."""
    if reading.data is None:
        reading.tell((), "is empty", "write at least `field`, `name` and `name_en`")
        return
    if not isinstance(reading.data, dict):
        remedy = "begin with the lines `field: …`, `name: …` and `name_en: …`"
        reading.tell((), "a pack is made of names and values", remedy)
        return
    for error in _validator().iter_errors(reading.data):
        path = tuple(error.absolute_path)
        for below, text, remedy in _told(error):
            reading.tell((*path, *below), text, remedy)


def _told(error: Any) -> Iterator[tuple[tuple[Step, ...], str, str]]:
    if error.validator == "additionalProperties":
        known = error.schema["properties"]
        for key in error.instance:
            if key not in known:
                yield (key,), "there is no such name here", instead(key, known)
    elif error.validator == "required":
        for key in error.validator_value:
            if key not in error.instance:
                yield (), f"`{key}` is missing", f"add the line `{key}: …`"
    else:
        must = error.schema.get("x-must", "as the schema says")
        yield (), f"must be {must}", _remedy(error)


def _remedy(error: Any) -> str:
    if error.validator == "enum":
        return instead(error.instance, (str(word) for word in error.validator_value if word))
    return str(error.schema.get("x-remedy", "change it"))
