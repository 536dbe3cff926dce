"""A story with words for checks, figures and rules, one printed line for each step."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from demo.fields.figures import Values
from demo.story import Story
from luoshi.cases import queries, wording
from luoshi.expectations import actions
from luoshi.expectations import queries as asked
from luoshi.expectations.actions import Said
from luoshi.rules.state import Refused, State, Status
from luoshi.web import formats


class Field(Story):
    """A story with words for checks, figures and rules."""

    @property
    def district(self) -> int:
        return self.walk.demo.district

    def night(self, at: datetime, *codes: str) -> None:
        """Rules look; only at these, so that the demo does not find what it does not tell."""
        self.walk.not_ahead(at)
        actions.evaluate(district=self.district, now=at, codes=codes)

    def stand(self, at: datetime, subject: int, code: str) -> asked.Stands:
        page = asked.subject_page(self.district, subject, on=at.date())
        assert page is not None
        return next(one for one in page.stands if one.demand.code == code)

    def found(self, at: datetime, subject: int, code: str) -> int:
        """The case that stands behind what is unmet, told with its owner and deadline."""
        one = self.stand(at, subject, code)
        assert one.case is not None, f"{code} should be unmet: {one.result} {one.reason}"
        self.opened(at, one.case, f"按规则判断：{one.demand.title}（{one.reason}）")
        return one.case

    def opened(self, at: datetime, case: int, what: str, who: str = "系统规则") -> None:
        state = self.walk.state(case)
        assert state.owner is not None
        assert state.deadline is not None
        unit = self.walk.called(self.walk.owner(state))
        self.line(at, who, what, f"立案交 {unit}，限 {formats.until(state.deadline)}")

    def unknown(self, at: datetime, subject: int, code: str) -> None:
        one = self.stand(at, subject, code)
        assert one.result == "unknown", f"{code}: {one.result}"
        self.line(
            at, "系统规则", f"按规则判断：{one.demand.title}", f"未知，不判断（{one.reason}）"
        )

    def figures(
        self, at: datetime, subject: int, period: str, values: Values, source: str,
        *, unit: str = "", reason: str = "",
    ) -> None:  # fmt: skip
        """A return, told only when it names the unit that gives it."""
        actions.report_figures(
            district=self.district, subject=subject, period=period, source=source,
            values={k: None if v is None else Decimal(v) for k, v in values.items()},
            reported_on=at.date(), now=at, person=self.walk.demo.people["data1"], reason=reason,
        )  # fmt: skip
        if unit:
            why = f"（更正，理由：{reason}）" if reason else ""
            self.line(at, unit, f"报送 {period} 数据{why}", f"{len(values)} 项，来源：{source}")

    def check(
        self, who: str, subject: int, at: datetime, *said: Said, round: int | None = None
    ) -> Sequence[int]:
        """One visit; the cases of what it found."""
        self.walk.not_ahead(at)
        done = actions.record_check(
            district=self.district, subject=subject, answers=said, round=round,
            person=self.walk.demo.people[who], now=at, key=f"demo-{subject}-{at.isoformat()}",
        )  # fmt: skip
        return [one.case for one in done.findings]

    def acknowledge(self, case: int, at: datetime) -> datetime:
        who = self.walk.owner(self.walk.state(case))
        at = self.walk.later(at, 1, 3)
        self.do(who, "acknowledge", at, case=case, person=self.walk.demo.people[who])
        return at

    def claim(self, case: int, at: datetime, measures: Sequence[str], text: str) -> datetime:
        who = self.walk.owner(self.walk.state(case))
        at = self.walk.later(at, 1, 4)
        self.do(
            who, "claim", at, case=case, outcome="fixed", measures=list(measures), text=text,
            pictures=1,
        )  # fmt: skip
        return at

    def verify(self, case: int, at: datetime, text: str, *said: Said) -> datetime:
        """The drawn verifier's next check; with what is broken still broken it is refused."""
        who = self.walk.verifier(self.walk.state(case))
        at = self.walk.later(at, 1, 3)
        self.do(who, "open", at, case=case)
        at = self.walk.at_work(at + timedelta(minutes=20))
        return self.pass_it(case, who, at, text, *said)

    def pass_it(self, case: int, who: str, at: datetime, text: str, *said: Said) -> datetime:
        self.walk.not_ahead(at)
        what = "下一次检查并核验: 通过"
        try:
            done = actions.verify(
                case=case, district=self.district, person=self.walk.demo.people[who], passed=True,
                text=text, answers=said, pictures=[self.walk.photo(), self.walk.photo()], now=at,
            )  # fmt: skip
        except Refused as no:
            self.line(at, self.walk.called(who), what, f"拒绝：{wording.refusal(no.code)}")
            return at
        result = str(wording.STATUS[done.state.status or "new"])
        self.line(at, self.walk.called(who), what, result)
        return at

    def ends(self, case: int, about: str) -> None:
        """The last line of a case: closed after verification, or what it waits for."""
        if self.lines:
            self.print()
        state: State = self.walk.state(case)
        line = queries.line(case)
        number = line.number if line else ""
        closed = state.status is Status.CLOSED
        told = "经核验办结" if closed else f"{wording.STATUS[state.status or 'new']}，等待{about}"
        self.out(f"{'':13}= {number} {about + '：' if closed and about else ''}{told}")
