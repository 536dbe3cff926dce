"""An editor of the small district, and what he does in one call."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from luoshi.publication import actions, queries
from luoshi.publication.content import Content
from luoshi.publication.tables import Given
from tests.cast import Cast

PLAIN = Content(title="关于办事窗口调整的公告", body="窗口调整，请留意。")


@dataclass
class Office:
    cast: Cast

    def common(self, now: datetime, who: str = "data1") -> dict[str, Any]:
        return {"district": self.cast.district, "person": self.cast.people[who], "now": now}

    def draft(
        self, now: datetime, content: Content = PLAIN, *, kind: str = "notice", number: str = ""
    ) -> int:
        unit = self.cast.units["garden"]
        common = self.common(now)
        made = actions.create(kind=kind, unit=unit, number=number, **common)
        self.save(made, replace(content, unit=unit), now)
        return made

    def work(self, made: int) -> queries.Work:
        found = queries.work(self.cast.district, made)
        assert found
        return found

    def save(self, made: int, content: Content, now: datetime, *, rev: int | None = None) -> int:
        rev = self.work(made).rev if rev is None else rev
        return actions.save(publication=made, rev=rev, content=content, **self.common(now))

    def publish(self, made: int, now: datetime, who: str = "data1") -> actions.Published:
        work = self.work(made)
        return actions.publish(
            publication=made, draft=work.draft or 0, rev=work.rev, **self.common(now, who)
        )

    def published(self, now: datetime, content: Content = PLAIN, *, kind: str = "notice") -> int:
        made = self.draft(now, content, kind=kind)
        self.publish(made, now)
        return made

    def shown(self, made: int, version: int | None = None) -> queries.Shown:
        found = queries.show(self.cast.district, self.work(made).line.number, version=version)
        assert found
        return found

    def correct(self, made: int, now: datetime, **changed: Any) -> None:
        actions.correct(publication=made, **self.common(now))
        content = self.work(made).content
        assert content
        self.save(made, replace(content, **changed), now)
        self.publish(made, now)

    def schedule(self, made: int, publish_at: datetime, now: datetime) -> None:
        actions.schedule(
            publication=made, rev=self.work(made).rev, publish_at=publish_at, **self.common(now)
        )


POSTS = "岗位\t人数\n护士\t12\n医师\t22"


def every_state(cast: Cast, now: datetime) -> dict[str, int]:
    """A notice in every state, in both languages; public ones are A-1 to A-3 and B-1."""
    office, hour = Office(cast), timedelta(hours=1)
    then = now - 9 * hour
    both = replace(
        PLAIN,
        title_en="The counters move",
        body="# 一、时间\n窗口调整，请留意。\n\n- 一号厅\n- 二号厅",
        body_en="# When\nThe counters move.\n\n- First hall\n- Second hall",
    )
    made = {
        "draft": office.draft(then, both),
        "broken": office.draft(then, replace(both, body="", body_en=""), number="A-9"),
        "scheduled": office.draft(now, both),
        "corrected": office.draft(then, _recruitment(now + 48 * hour), number="A-1"),
        "withdrawn": office.draft(then, both, number="A-2"),
        "correcting": office.draft(
            then, replace(both, expires_at=(now - hour).isoformat()), number="A-3"
        ),
        "bulletin": office.draft(then, _bulletin(now), kind="bulletin", number="B-1"),
    }
    for name in ("corrected", "withdrawn", "correcting", "bulletin"):
        office.publish(made[name], then)
    office.schedule(made["scheduled"], now + 48 * hour, now)
    office.correct(
        made["corrected"], now, body="岗位见附表，报名延期。", body_en="Extended.",
        reason="报名延期", reason_en="More time to apply",
    )  # fmt: skip
    actions.withdraw(
        publication=made["withdrawn"], reason="地点有误", reason_en="Wrong place",
        **office.common(now),
    )  # fmt: skip
    actions.run_clock(now=now)
    actions.correct(publication=made["correcting"], **office.common(now))
    return made


def _recruitment(end: datetime) -> Content:
    table = Given(text=POSTS, title="附表", counted="人数")
    return Content(
        title="公开招聘{{notice.posts}}名工作人员",
        title_en="{{notice.posts}} posts",
        body="岗位见附表。",
        body_en="See the table.",
        tables=(table,),
        expires_at=end.isoformat(),
    )


def _bulletin(now: datetime) -> Content:
    day = f"period={now.date() - timedelta(days=1)}..{now.date() + timedelta(days=1)}"
    return Content(
        title="诉求办理简报",
        title_en="Bulletin",
        body=f"受理{{{{cases.received {day}}}}}件，"
        f"按类别{{{{cases.by_category {day}}}}}件，措施[18](来源：指南)条。",
        body_en=f"{{{{cases.received {day}}}}} received, [18](source: the guide) measures.",
    )
