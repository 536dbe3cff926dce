"""Reading a gateway's request: JSON or a form, in UTF-8, into one message."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

NEEDED = ("id", "from", "text")
LONGEST_ID = 200


class Unreadable(Exception):
    """`code` for the gateway: encoding, not_json, not_a_form, content_type, field_missing,
    field_no_text, id_too_long, text_empty. `field` names the field, if it is about one."""

    def __init__(self, code: str, field: str = "") -> None:
        super().__init__(code, field)
        self.code, self.field = code, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """`id` is the gateway's own name for it; `sender` as the gateway writes it."""

    id: str
    sender: str
    text: str


def read(body: bytes, content_type: str) -> Message:
    """The message in a request. Raises Unreadable. Fields that are not asked for are ignored."""
    values = _values(body, content_type.partition(";")[0].strip().lower())
    found = {name: _text(values, name) for name in NEEDED}
    if len(found["id"]) > LONGEST_ID:
        raise Unreadable("id_too_long", "id")
    return Message(id=found["id"], sender=found["from"], text=found["text"])


def _values(body: bytes, kind: str) -> dict[str, Any]:
    if kind == "application/json":
        return _json(body)
    if kind == "application/x-www-form-urlencoded":
        return _form(body)
    raise Unreadable("content_type")


def _json(body: bytes) -> dict[str, Any]:
    try:
        values = json.loads(body.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise Unreadable("encoding") from error
    except (ValueError, RecursionError) as error:
        raise Unreadable("not_json") from error
    if not isinstance(values, dict):
        raise Unreadable("not_json")
    return values


def _form(body: bytes) -> dict[str, Any]:
    try:
        pairs = parse_qsl(
            body.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=50
        )
    except UnicodeDecodeError as error:
        # Percent signs that are no UTF-8: most often a gateway that speaks GBK.
        raise Unreadable("encoding") from error
    except ValueError as error:
        raise Unreadable("not_a_form") from error
    return dict(pairs)


def _text(values: dict[str, Any], name: str) -> str:
    value = values.get(name)
    if value is None:
        raise Unreadable("field_missing", name)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)  # many gateways send ids and numbers as numbers
    if not isinstance(value, str):
        raise Unreadable("field_no_text", name)
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        # Half of a pair: the gateway cut an emoji in two, or split a message there.
        raise Unreadable("encoding", name) from error
    if not value.replace("\x00", "").strip():
        raise Unreadable("text_empty" if name == "text" else "field_missing", name)
    return value
