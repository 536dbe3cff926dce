"""Messages of a hotline or a message board: each row a report, or a record of an old ledger.

The name of a row is what stands in its column for numbers, else a hash of all it says; together
with the name of the ledger it is known again however often a file comes.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luoshi.cases import actions, queries
from luoshi.cases.actions import Actor, NewReport, OldRecord, Refused
from luoshi.cases.bulk import already, receive_many
from luoshi.doors.sheets import cells
from luoshi.doors.sheets.columns import Column
from luoshi.doors.sheets.kinds import NotPossible, Reading
from luoshi.doors.sheets.refused import Bad
from luoshi.registry import queries as registry

DOOR = "sheet"
NEW, OLD = "new", "old"

COLUMNS = (
    Column(
        code="number",
        label=_("Number in the ledger"),
        names=("编号", "留言编号", "工单编号", "序号", "单号", "Number", "No", "ID"),
        help=_("By it a row is known again; without it by all that it says."),
        sample="2020-0001",
    ),
    Column(
        code="text",
        label=_("What was written"),
        names=("内容", "留言详情", "详情", "诉求内容", "反映内容", "问题描述", "Text", "Message"),
        required=True,
        sample="3幢北侧绿地被圈占种菜，请核实处理。",
    ),
    Column(
        code="title",
        label=_("Subject line"),
        names=("主题", "留言主题", "标题", "Subject", "Title"),
        sample="绿地被占",
    ),
    Column(
        code="happened_at",
        label=_("When it was written"),
        names=("时间", "留言时间", "日期", "受理时间", "来电时间", "Date", "Time"),
        sample="2020-06-15 09:30",
    ),
    Column(
        code="name",
        label=_("Name"),
        names=("姓名", "反映人", "来电人", "留言用户", "诉求人", "Name"),
    ),
    Column(
        code="phone",
        label=_("Phone"),
        names=("电话", "联系电话", "手机", "手机号", "来电号码", "联系方式", "Phone"),
    ),
    Column(code="email", label=_("E-mail"), names=("邮箱", "电子邮件", "Email", "E-mail")),
    Column(
        code="place",
        label=_("Where"),
        names=("地点", "地址", "位置", "小区", "事发地址", "Place", "Where"),
        sample="示范新村3幢",
    ),
    Column(
        code="category",
        label=_("Category"),
        names=("类别", "分类", "一级分类", "问题类别", "Category"),
        help=_("A category of this district, by name or code; others are left to the desk."),
    ),
    Column(
        code="closing_words",
        label=_("How it was closed then"),
        names=("办理结果", "处理结果", "答复意见", "答复", "Result"),
        help=_("Only of an old ledger."),
    ),
)  # fmt: skip


@dataclass(slots=True)
class Message:
    """A row, read."""

    external_id: str
    text: str
    happened_at: datetime | None
    phone: str | None
    name: str | None
    email: str | None
    place: str
    category: str
    closing_words: str
    area: int | None = None
    subject: int | None = None


class Messages:
    """`target`: "new" (problems to be worked on) or "old" (closed and unverified).
    options: ledger, the name of where they come from."""

    def __init__(
        self, district: int, target: str, options: Mapping[str, Any], now: datetime
    ) -> None:
        self.district, self.target, self.now = district, target, now
        self.ledger = str(options.get("ledger", ""))
        known = queries.categories(district)
        self.among = {
            name.casefold(): one.code
            for one in known
            for name in (one.name, one.name_en, one.code)
            if name
        }
        self.words = known

    @property
    def columns(self) -> tuple[Column, ...]:
        return COLUMNS

    def read(self, rows: Sequence[Mapping[str, Any]]) -> list[Reading]:
        found = [self._read(row) for row in rows]
        self._locate([one for one in found if one.value])
        ids = {one.key for one in found if one.key}
        there = already(district=self.district, door=self._door, external_ids=ids)
        for one in found:
            one.known = one.key in there
        return found

    @property
    def _door(self) -> str:
        return DOOR if self.target == NEW else "ledger"

    def _read(self, row: Mapping[str, Any]) -> Reading:
        found = Reading()
        said: dict[str, Any] = {}
        for code, read in READERS.items():
            if code in row:
                try:
                    said[code] = read(row[code])
                except Bad as no:
                    found.faults.append((code, no.code, no.details))
        if "text" not in row:
            found.faults.append(("text", "missing", {}))
        if self.target == OLD and "happened_at" not in row:
            found.faults.append(("happened_at", "missing", {}))
        moment = said.get("happened_at")
        if moment and moment > self.now:
            found.faults.append(("happened_at", "in_the_future", {}))
        if self.target == OLD and moment and moment.year < 1990:
            found.faults.append(("happened_at", "too_long_ago", {}))
        if found.faults:
            return found
        found.value = self._message(row, said)
        found.key = found.value.external_id
        if "category" in said and not found.value.category:
            found.notes.append("category_unknown")
        return found

    def _locate(self, found: Sequence[Reading]) -> None:
        for one in found:
            said = f"{one.value.place}\n{one.value.text}"
            match = registry.match_place(self.district, said)
            one.value.area, one.value.subject = match.area, match.subject
            one.shown = _shown(one.value)
            if not (match.area or match.subject):
                one.notes.append("place_unknown")

    def _message(self, row: Mapping[str, Any], said: Mapping[str, Any]) -> Message:
        words = "\n".join(said[code] for code in ("title", "text") if said.get(code))
        place = said.get("place", "")
        if place and place not in words:
            words = f"{words}\n{place}"
        given = said.get("category", "").casefold()
        category = self.among.get(given, "") if given else queries.guess(self.words, words)
        name = f"no:{said['number']}" if said.get("number") else f"row:{_hash(row)}"
        return Message(
            external_id=f"{self.ledger}\n{name}",
            text=words,
            happened_at=said.get("happened_at"),
            phone=said.get("phone"),
            name=said.get("name"),
            email=said.get("email"),
            place=place,
            category=category,
            closing_words=said.get("closing_words", ""),
        )

    def do(self, readings: Sequence[Reading], *, person: int, now: datetime) -> list[int | None]:
        by = Actor(person=person)
        if self.target == NEW:
            reports = [self._report(one.value) for one in readings]
            taken = receive_many(reports=reports, now=now, by=by)
            return [None if one.repeated else one.case for one in taken]
        try:
            return [
                actions.record_old(record=self._record(one.value), by=by, now=now)
                for one in readings
            ]
        except Refused as no:
            raise NotPossible("not_yours") from no

    def _report(self, message: Message) -> NewReport:
        words = message.text
        if message.happened_at:
            # When it was written is known nowhere else; the clock runs from the receipt.
            words = f"{words}\n({timezone.localtime(message.happened_at):%Y-%m-%d %H:%M})"
        return NewReport(
            district=self.district,
            door=DOOR,
            external_id=message.external_id,
            text=words,
            phone=message.phone,
            name=message.name,
            email=message.email,
            category=message.category,
            area=message.area,
            subject=message.subject,
            place_open=not (message.area or message.subject),
        )

    def _record(self, message: Message) -> OldRecord:
        ledger, _sep, line = message.external_id.partition("\n")
        return OldRecord(
            district=self.district,
            ledger=ledger,
            line=line,
            text=message.text,
            happened_at=message.happened_at or self.now,
            category=message.category,
            area=message.area,
            subject=message.subject,
            closing_words=message.closing_words,
        )


def _email(value: Any) -> str:
    found = cells.text(value, most=200)
    if "@" not in found.strip("@") or " " in found:
        raise Bad("email")
    return found


READERS: dict[str, Any] = {
    "number": lambda value: cells.text(value, most=80),
    "text": cells.text,
    "title": lambda value: cells.text(value, most=500),
    "happened_at": cells.moment,
    "name": lambda value: cells.text(value, most=80),
    "phone": cells.phone,
    "email": _email,
    "place": lambda value: cells.text(value, most=300),
    "category": lambda value: cells.text(value, most=80),
    "closing_words": cells.text,
}


def _hash(row: Mapping[str, Any]) -> str:
    said = json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(said.encode()).hexdigest()


def _shown(message: Message) -> dict[str, str]:
    """Who it was from is sealed from here on: the preview only says that it is there."""
    return {
        "text": cells.shown(message.text, most=120),
        "category": message.category,
        "area": str(message.area or ""),
        "subject": str(message.subject or ""),
        "happened_at": f"{timezone.localtime(message.happened_at):%Y-%m-%d %H:%M}"
        if message.happened_at
        else "",
        "contact": "1" if message.phone or message.name or message.email else "",
    }
