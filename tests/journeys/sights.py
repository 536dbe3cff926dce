"""Every page there is: where it is, who looks at it, and what he does before it is there.

A new address that shows a page needs an entry here: a test compares them with the resolver.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from playwright.sync_api import Page

from luoshi.web.names_of_cases import name_of
from tests.cast import PASSWORD
from tests.journeys.district import LAMPS, WORDS, District
from tests.journeys.visitor import picture

Do = Callable[[Page, District], None]

SECOND_FACTOR = "community2"
"""Whoever has set one up."""

NO_PAGE = {
    "prefer": "keeps a choice and goes back",
    "public:near": "a piece of public:report",
    "public:known": "a piece of public:report",
    "desk:unmerge": "shows what desk:merge shows when it is done",
    "desk:storm_end": "goes to desk:index, or shows what desk:merge shows",
    "public:forget": "goes to the first page",
    "public:receipt_text": "a text file",
    "public:leave": "goes to public:track",
    "public:deny": "goes to public:mine",
    "public:picture": "a picture",
    "public:link_picture": "a picture",
    "desk:next": "goes to a case",
    "desk:take": "goes to desk:handover",
    "desk:not_reached": "goes to desk:phone",
    "case:picture": "a picture",
    "case:dispatch": "another address of case:do",
    "case:older": "a piece of case:show",
    "case:places": "a piece of case:show",
    "case:suggest": "a piece of case:show",
    "desk:hints": "a piece of desk:new",
    "sms:inbound": "for programs",
    "fields:picture": "a picture",
    "fields:here": "for scripts",
    "fields:worker": "a script",
    "entries:file": "a file that was handed in",
    "notices:feed": "for feed readers",
    "open:feed": "for feed readers",
    "editor:do": "goes to editor:show",
    "leader:brief": "a document (PDF)",
    "papers:case": "a document (PDF)",
    "papers:round": "a document (PDF)",
    "papers:field": "a document (PDF)",
    "papers:problems": "a document (PDF)",
    "cases:xlsx": "a spreadsheet",
    "cases:csv": "a file with commas",
    "cases:save": "goes to cases:index",
    "cases:change": "goes to cases:views",
    "sheets:bad": "a spreadsheet",
    "sheets:template": "a spreadsheet",
    "sheets:do": "goes to sheets:show",
}
"""Addresses that show no page of their own, and what they are instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """A page as somebody sees it. `view`: the address that shows it. `start`: where he goes first,
    `do`: what he does there. `who`: a login, "reporter:<case>" with his report open, or nobody.
    """

    name: str
    view: str
    start: Callable[[District], str]
    who: str | Callable[[District], str] = ""
    do: Do | None = None
    status: int = 200

    def visitor(self, district: District) -> str:
        return self.who if isinstance(self.who, str) else self.who(district)


@dataclass(slots=True)
class Made:
    found: list[Sight] = field(default_factory=list)

    def add(
        self,
        view: str,
        what: str = "",
        *,
        start: str = "",
        query: str = "",
        who: str | Callable[[District], str] = "",
        do: Do | None = None,
        status: int = 200,
        **ids: Any,
    ) -> None:
        """`ids` of the address: `case`, `report` by the name of the state, others as they are."""

        def address(district: District) -> str:
            known = {"case": district.case, "report": district.report}
            values = {k: known[k][v] if k in known else v for k, v in ids.items()}
            return reverse(start or view, kwargs=values) + query

        name = " ".join(part for part in (view, *map(str, ids.values()), query, what) if part)
        self.found.append(Sight(name=name, view=view, start=address, who=who, do=do, status=status))


# ---- What one does on a page ----


def press(selector: str, **typed: str) -> Do:
    """Types into fields by their name, sends the form as it is then, and waits for the answer."""

    def do(page: Page, district: District) -> None:
        for name, text in typed.items():
            _put(page, name, text)
        # What a browser would not even send has an answer of the server too.
        page.evaluate("document.querySelectorAll('form').forEach(form => (form.noValidate = true))")
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            page.click(selector)
        page.wait_for_load_state()

    return do


def _put(page: Page, name: str, text: str) -> None:
    field = page.locator(f"main [name={name}]").filter(visible=True)
    kind = field.first.evaluate("e => e.type")
    if kind == "select-one":
        field.select_option(text)
    elif kind in {"radio", "checkbox"}:
        field.and_(page.locator(f"[value='{text}']")).check()
    else:
        field.first.fill(text)


def plainly(command: str, **values: str) -> Do:
    """Sends the form of a command as a browser without scripts does."""

    def do(page: Page, district: District) -> None:
        with page.expect_navigation():
            page.evaluate(
                """([command, values]) => {
                  const form = document.querySelector(`#do-${command} form`);
                  for (const [name, value] of Object.entries(values))
                    form.querySelector(`[name=${name}]`).value = value;
                  form.submit();
                }""",
                [command, values],
            )

    return do


def unscripted(page: Page, district: District) -> None:
    """Sends the form of the page as a browser without scripts does."""
    with page.expect_navigation():
        page.evaluate("document.querySelector('main form').submit()")


def nothing_answered(page: Page, district: District) -> None:
    """The phone itself says what is missing, and that there is no signal."""
    page.wait_for_load_state()
    page.context.set_offline(True)
    page.click(".send")
    page.wait_for_selector("#errors")
    page.wait_for_selector("[data-away]:not([hidden])")
    page.context.set_offline(False)


def pictures_chosen(page: Page, district: District) -> None:
    """A place looked up, a position and a picture: all that the form of a report can show."""
    page.set_input_files("#id_pictures", picture())
    page.fill("[name=place]", "示范新村")
    page.evaluate("document.querySelector('[name=lat]').value = '32.01'")
    page.evaluate("document.querySelector('[name=lon]').value = '120.86'")
    press("[value=find]")(page, district)


def _ticking(page: Page, district: District) -> None:
    """Two cases ticked, or the group that stands on top of the list: on to the look before."""
    ticks = page.locator("[name=case][type=checkbox]")
    if ticks.count() > 1:
        ticks.nth(0).check()
        ticks.nth(1).check()
        page.click("#merge-form button")
    else:
        page.click(".storm button")
    page.wait_for_load_state()


def menu_open(page: Page, district: District) -> None:
    page.click(".menu summary")


# ---- The list ----


def everything() -> tuple[Sight, ...]:
    made = Made()
    for part in (
        _public,
        _mine,
        _sign_in,
        _desk,
        _all_cases,
        _handler,
        _verifier,
        _inspector,
        _leader,
        _cases,
        _notices,
        _open,
        _editor,
        _fields,
        _sheets,
    ):
        part(made)
    return tuple(made.found)


def _public(made: Made) -> None:
    # Nothing that is known already: that would be asked first.
    sent = {"text": LAMPS, "area": "none"}
    made.add("public:home")
    made.add("public:help")
    made.add("public:report")
    made.add("public:report", "looked up", do=pictures_chosen)
    made.add("public:report", "refused", do=press("[value=send]", phone="1"), status=422)
    made.add("public:confidential")
    made.add("public:confidential", "refused", do=press("[value=send]"), status=422)
    made.add("public:received", start="public:report", do=press("[value=send]", **sent))
    made.add(
        "public:received", "confidential", start="public:confidential",
        do=press("[value=send]", **sent),
    )  # fmt: skip
    made.add("public:received", "gone", signed="nothing", status=410)
    made.add("public:track")
    made.add("public:track", "no code", do=press("[data-by-code] button"), status=422)
    made.add(
        "public:track", "wrong code", status=422,
        do=press("[data-by-code] button", code="0000-0000-0000-0000-1"),
    )  # fmt: skip
    made.add(
        "public:track", "wrong number", status=404,
        do=press("form:not([data-by-code]) .btn-primary", number="260520-123456",
                 phone="13800138001"),
    )  # fmt: skip
    made.add("public:track", "opened", who="reporter:handling")
    made.found.append(
        Sight(
            name="public:link",
            view="public:link",
            start=lambda district: reverse("public:link", args=[district.link]),
        )
    )
    made.add("public:link", "gone", token="nothing", status=410)


TRACKED = (
    "new", "disputed", "sealed", "assigned", "handling", "asked", "back", "returned", "claimed",
    "verdict", "deferred", "overdue", "parent", "merged", "fixed", "declined", "sampled too",
    "unsolved",
)  # fmt: skip


def _mine(made: Made) -> None:
    for name in TRACKED:
        made.add("public:mine", name, who=f"reporter:{name}")
    made.add(
        "public:reply", start="public:mine", who="reporter:handling", status=409,
        do=press("#reply .btn-primary"),
    )  # fmt: skip
    made.add(
        "public:verdict", start="public:mine", who="reporter:verdict", do=press("#verdict .btn"),
        status=422,
    )  # fmt: skip
    made.add(
        "public:dispute", start="public:mine", who="reporter:fixed", do=press("#dispute .btn"),
        status=422,
    )  # fmt: skip


def _sign_in(made: Made) -> None:
    made.add("account_login")
    made.add("account_login", "refused", do=press("main .btn", login="desk1", password="x"))
    made.add("account_inactive")
    made.add("account_logout", who="desk1")
    made.add("account_change_password", who="desk1")
    made.add(
        "account_change_password", "refused", who="desk1",
        do=press("main .btn", oldpassword="x", password1="abc", password2="abd"),
    )  # fmt: skip
    made.add("account_reauthenticate", who="desk1")
    made.add("mfa_reauthenticate", who=SECOND_FACTOR)
    made.add("mfa_index", who="desk1")
    made.add("mfa_index", "in use", who=SECOND_FACTOR)
    made.add("mfa_activate_totp", who="desk1")
    made.add("mfa_activate_totp", "refused", who="desk1", do=press("main .btn", code="1"))
    made.add("mfa_deactivate_totp", who=SECOND_FACTOR)
    made.add("mfa_view_recovery_codes", who=SECOND_FACTOR)
    made.add("mfa_generate_recovery_codes", who=SECOND_FACTOR)
    made.add(
        "mfa_authenticate", start="account_login",
        do=press("main .btn", login=SECOND_FACTOR, password=PASSWORD),
    )  # fmt: skip


def _desk(made: Made) -> None:
    for who in ("desk1", "community1", "verifier1", "inspector1", "leader1", "panel1", "data1"):
        made.add("staff_home", who=who)
    made.add("staff_home", "menu", who="desk1", do=menu_open)
    made.add("desk:index", "not his", who="community1", status=403)
    for tab in ("triage", "rulings", "extensions", "unverified", "samples", "open"):
        made.add("desk:index", query=f"?tab={tab}", who="desk1")
    made.add("desk:index", query="?tab=samples", who="desk2")
    made.add("desk:index", query="?tab=open&status=new&category=estate.green", who="desk1")
    made.add("desk:merge", start="desk:index", who="desk1", do=_ticking)
    made.add("staff_find", query="?q=1", who="desk1")
    made.add("staff_find", "hits", query="?q=示范新村&open=1", who="desk1")
    made.add("staff_find", "none", query="?q=恐龙", who="community1")
    made.add("desk:new", who="desk1")
    made.add("desk:new", "refused", who="desk1", do=press("main .btn-primary"), status=400)
    made.add(
        "desk:new", "recorded", who="desk1",
        do=press("main .btn-primary", door="visit", text=WORDS),
    )  # fmt: skip
    made.add("desk:old", who="desk1")
    made.add("desk:phone", who="desk1")
    made.add("desk:handover", who="desk1")
    made.add("desk:handover", "empty", who="desk1", do=press("main .btn-primary"), status=400)
    made.add("desk:suggestions", who="data1")
    made.add("desk:old", "refused", who="desk1", do=press("main .btn-primary"), status=400)


def _all_cases(made: Made) -> None:
    made.add("cases:index", who="inspector1")
    made.add("cases:index", "narrowed", query="?status=open&origin=report", who="community1")
    made.add("cases:index", "not understood", query="?q=1&since=x", who="desk1", status=400)
    made.add("cases:index", "none", query="?q=恐龙", who="leader1")
    made.add("cases:views", who="desk1")
    made.add("cases:views", "kept", start="cases:index", who="inspector1", do=_keeping)


def _keeping(page: Page, district: District) -> None:
    """Keeps the list as a view, then looks at one's views."""
    press(".card .search .btn", name="2026")(page, district)
    page.goto(page.url.split("?")[0] + "views/")


def _handler(made: Made) -> None:
    made.add("handler:index", who="community1")
    made.add("handler:index", query="?part=waiting", who="community1")
    made.add("handler:index", who="police1")
    made.add("handler:index", "nothing", who="street1")
    for command, case in (
        ("acknowledge", "assigned"), ("return", "assigned"), ("claim", "back"),
        ("note", "handling"), ("hand_over", "handling"), ("contact", "handling"),
        ("ask", "handling"), ("withdraw_claim", "claimed"), ("claim", "claimed"),
        ("claim", "parent"),
    ):  # fmt: skip
        made.add("handler:act", who="community1", case=case, command=command)
    refused = press(".send", outcome="fixed", measures="notice", text="已张贴提醒单")
    made.add(
        "handler:act", "refused", who="community1", case="handling", command="claim", do=refused
    )
    made.add(
        "handler:act", "empty", who="community1", case="handling", command="ask", do=press(".send")
    )


def _verifier(made: Made) -> None:
    def drawn(name: str) -> Callable[[District], str]:
        return lambda district: district.verifier(name)

    made.add("verifier:index", who=drawn("claimed"))
    made.add("verifier:index", "nothing", who="panel1")
    for case in ("claimed", "site", "raised"):
        made.add("verifier:task", case=case, who=drawn(case))
    made.add(
        "verifier:task", "refused", case="raised", who=drawn("raised"),
        do=press(".decide .send", passed="no"),
    )  # fmt: skip
    made.add("verifier:task", case="finding", who=drawn("finding"))
    made.add("case:show", "as its verifier", case="raised", who=drawn("raised"))


def _inspector(made: Made) -> None:
    for who in ("inspector1", "inspector2"):
        made.add("inspector:index", who=who)
    for view in ("open", "closed", "problems"):
        made.add(f"inspector:{view}", who="inspector1")
    made.add("inspector:open", query="?sealed=1", who="inspector1")
    made.add("inspector:new", who="inspector1")
    made.add("inspector:new", "refused", who="inspector1", do=press(".send"), status=400)
    made.add("inspector:sealed", report="sealed", who="inspector1")
    made.add(
        "inspector:sealed", "refused", report="sealed", who="inspector1", status=422,
        do=press("main .btn", reason="看"),
    )  # fmt: skip
    made.add(
        "inspector:sealed", "opened", report="sealed", who="inspector1",
        do=press("main .btn", reason="受理保密举报"),
    )  # fmt: skip
    for command, case in (
        ("inspect", "handling"), ("transfer", "handling"), ("reopen", "fixed"),
        ("lift_accusation", "accusing"),
    ):  # fmt: skip
        made.add("inspector:act", case=case, command=command, who="inspector1")


def _leader(made: Made) -> None:
    for kind in (
        "overdue", "no_verifier", "ruling", "bouncing", "past_review", "twice_unsolved",
        "deferred_again", "top_level",
    ):  # fmt: skip
        made.add("leader:index", query=f"?kind={kind}", who="leader1")
    made.add("leader:index", who="leader1")
    made.add("leader:load", query="?category=estate.parking&tier=site", who="leader1")
    made.add("leader:place", query="?category=estate.parking", who="leader1")
    made.add("panel:index", who="panel1")
    for command, case in (
        ("rule", "ruling"), ("conclude", "twice unsolved"), ("resume", "deferred"),
        ("escalate", "handling"), ("defer", "overdue"), ("transfer", "handling"),
    ):  # fmt: skip
        made.add("leader:act", case=case, command=command, who="leader1")


AT_THE_DESK = (
    "new", "guessed", "danger", "unplaced", "accusing", "returned", "extension", "disputed",
    "assigned", "handling", "asked", "back", "claimed", "verdict", "nobody", "deferred", "ruling",
    "parent", "part", "target", "merged", "fixed", "declined", "sampled", "sampled too", "unsolved",
    "unverified",
)  # fmt: skip


def _cases(made: Made) -> None:
    for case in AT_THE_DESK:
        made.add("case:show", case=case, who="desk1")
    for who, case in (
        ("inspector1", "sealed"), ("inspector1", "back"), ("inspector1", "accusing"),
        ("community1", "assigned"), ("community1", "asked"), ("community1", "parent"),
        ("police1", "sealed handling"), ("leader1", "twice unsolved"), ("leader2", "ruling"),
    ):  # fmt: skip
        made.add("case:show", f"as {who}", case=case, who=who)
    made.add("case:earlier", case="new", who="desk1")
    made.add("case:show", "not his", case="sealed", who="desk1", status=404)
    new = {"case": "new", "who": "desk1", "start": "case:show"}
    for command in ("dispatch", "answer", "decline", "merge"):
        empty = {"owner": ""} if command == "dispatch" else {}
        made.add("case:do", f"{command} refused", do=plainly(command, **empty), status=400, **new)
    made.add("case:do", "changed meanwhile", do=plainly("dispatch", seen="0"), status=409, **new)
    made.add(
        "case:do", "split refused", start="case:show", case="handling", who="desk1",
        do=plainly("split"), status=400,
    )  # fmt: skip
    seal = {"case": "new", "report": "new", "who": "desk1"}
    made.add("case:reveal", **seal)
    made.add("case:reveal", "refused", do=press("main .btn"), status=400, **seal)
    made.add("case:reveal", "opened", do=press("main .btn", reason="需要电话核实位置"), **seal)


def _notices(made: Made) -> None:
    made.add("notices:index")
    made.add("notices:index", query="?kind=bulletin")
    made.add("notices:index", "nothing", query="?kind=guide")
    for number in ("A-1", "A-2", "A-3", "B-1"):
        made.add("notices:show", number=number)
    made.add("notices:version", number="A-1", version=1)
    for number in ("A-1", "B-1"):
        made.add("notices:print", number=number)


def _open(made: Made) -> None:
    made.add("open:index")
    made.add("open:index", "closed", query="?state=closed")
    made.add("open:index", "none", query="?category=danger.manhole&state=closed")
    made.add("open:streets")

    def one(district: District) -> str:
        return reverse("open:show", args=[name_of(district.case["fixed"])])

    made.found.append(Sight(name="open:show", view="open:show", start=one))


def _editor(made: Made) -> None:
    for part in ("drafts", "scheduled", "published", "ending", "ended"):
        made.add("editor:index", query=f"?part={part}", who="data1")
    made.add("editor:new", who="data1")
    made.add("editor:new", "refused", who="data1", do=press("main .btn-primary"), status=400)

    def of(view: str, name: str, what: str = "", **given: Any) -> None:
        def start(district: District) -> str:
            return reverse(view, args=[district.notice[name]])

        title = " ".join(part for part in (view, name, what) if part)
        made.found.append(Sight(name=title, view=view, start=start, who="data1", **given))

    for name in ("draft", "broken", "scheduled", "corrected", "correcting", "withdrawn"):
        of("editor:show", name)
    for name in ("draft", "broken", "correcting"):
        of("editor:edit", name)
    of("editor:edit", "draft", "somebody else saved", do=overtaken, status=409)


def overtaken(page: Page, district: District) -> None:
    """Sends the text as one who opened it before somebody else saved it."""
    page.evaluate("document.querySelector('[name=rev]').value = '0'")
    press(".editor-send .btn-primary", title="窗口再调整")(page, district)


def _fields(made: Made) -> None:
    made.add("fields:index", who="leader1")
    made.add("fields:show", who="inspector1", code="play")
    made.add("fields:rounds", who="leader1")
    made.add("fields:kind", who="desk1", code="play", kind="playground")

    def add(view: str, who: str, *names: str, **more: Any) -> None:
        def start(district: District) -> str:
            ids = {"id": district.place, "look": district.look, "expectation": district.plan}
            if view == "fields:round":
                ids = {"id": district.round}
            if view == "fields:standing":
                ids = {"id": district.expectation}
            given = {name: ids[name] for name in names}
            return reverse(view, kwargs={**given, **more.get("address", {})})

        name = f"{view} {more['what']}" if "what" in more else view
        made.found.append(
            Sight(
                name=name, view=view, start=start, who=who, do=more.get("do"),
                status=more.get("status", 200),
            )
        )  # fmt: skip

    add("fields:standing", "leader1", "id", address={"code": "play", "result": "unmet"})
    add("fields:subject", "inspector1", "id")
    add("fields:subject", "data1", "id", what="no cases")
    add("fields:check", "inspector1", "id")
    add("fields:check", "inspector1", "id", what="refused", do=unscripted, status=400)
    add("fields:check", "inspector1", "id", what="no signal", do=nothing_answered)
    add("fields:round", "leader1", "id")
    add("fields:round", "inspector1", "id", what="to take along")
    add("fields:place", "", "id")
    made.found.append(
        Sight(
            name="fields:draw", view="fields:draw", who="",
            start=lambda district: reverse("fields:draw", args=[district.round]),
        )
    )  # fmt: skip
    add("fields:kept", "inspector1")
    add("fields:checked", "inspector1", "id", "look")
    add("fields:places", "", what="kinds")
    made.add("fields:places", query="?kind=playground")
    made.add("fields:due", who="inspector1")
    made.add("fields:due", "nothing", query="?kind=playground", who="desk1")
    made.add("fields:round_new", who="leader1")
    made.add("fields:round_new", "a kind", query="?kind=playground", who="leader1")
    made.add(
        "fields:round_new", "refused", query="?kind=playground", who="leader1",
        do=press("main .btn-primary", name=" ", ends="2020-01-01"), status=400,
    )  # fmt: skip
    add("entries:figures", "data1", "id")
    preview = press("[name=step][value=preview]", period="2025", **{"of-swings": "7"})
    add("entries:figures", "data1", "id", what="refused", do=preview, status=400)
    told = {"of-swings": "7", "return-source": "12345", "return-day": "2026-01-10"}
    preview = press("[name=step][value=preview]", period="2025", **told)
    add("entries:figures", "data1", "id", what="preview", do=preview)
    walk = {"record": "walk"}
    add("entries:record", "data1", "id", address=walk)
    add("entries:record", "inspector1", "id", address=walk, what="refused",
        do=press("main .btn-primary"), status=400)  # fmt: skip
    add("entries:proof", "garden1", "id", "expectation")
    add("entries:proof", "data1", "id", "expectation", what="refused",
        do=press("main .btn-primary"), status=400)  # fmt: skip
    add("entries:correct", "inspector1", "id", "look")
    add("entries:correct", "inspector1", "id", "look", what="refused",
        do=press("main .btn-primary"), status=400)  # fmt: skip
    made.add("entries:index", who="garden1")
    made.add("entries:index", "nothing", who="police1")


def _sheets(made: Made) -> None:
    made.add("sheets:index", who="desk1")
    made.add("sheets:new", who="desk1", kind="messages")
    made.add("sheets:new", "refused", who="desk1", kind="messages", status=400,
             do=press("main .btn-primary"))  # fmt: skip
    for kind in ("subjects", "returns"):
        made.add("sheets:new", who="data1", kind=kind)

    def of(state: str) -> None:
        def start(district: District) -> str:
            return reverse("sheets:show", args=[district.sheet[state]])

        name = f"sheets:show {state}"
        made.found.append(Sight(name=name, view="sheets:show", start=start, who="desk1"))

    for state in ("choosing", "mapping", "checking", "ready", "done", "refused"):
        of(state)
