"""What the workflow promises, one sentence each, as checks over a single step.

Written from the specification (DESIGN.md section 5) and told in its words: what happened to the
case is taken from the memory kept beside it (`ghost` before, `then` after the step), never from a
guard. `test_workflow` shows that each of them holds in every case; `test_guards_matter` shows
that each guard of the table is needed for one of them.
"""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from luoshi.rules.state import (
    MAX_LEVEL,
    NOTICE,
    Due,
    Extension,
    Origin,
    Resolution,
    Seat,
    State,
    Status,
    Tier,
)
from tests.rules.enumeration import Found, explore
from tests.rules.ghost import Step
from tests.rules.tries import NOW

Check = Callable[[Step], bool]

ALWAYS = ""
PROMISES: dict[str, Check] = {}
_BY_EVENT: dict[str, list[str]] = {}


def _on(*events: str) -> Callable[[Check], Check]:
    """A promise about every step with one of these events."""

    def register(check: Check) -> Check:
        name = check.__name__
        PROMISES[name] = check
        for event in events:
            _BY_EVENT.setdefault(event, []).append(name)
        return check

    return register


class Broken(Exception):
    """A step that breaks a promise."""

    def __init__(self, promise: str, step: Step) -> None:
        said = f"{promise.replace('_', ' ')}: {step.move.command}"
        super().__init__(f"{said} by {sorted(step.move.facts.seats)}")
        self.promise = promise
        self.step = step


def judge(step: Step, *, only: Collection[str] = ()) -> None:
    """Raises Broken for the first promise (of all, or of these only) that this step breaks."""
    for name in _concerned(step):
        if only and name not in only:
            continue
        if not PROMISES[name](step):
            raise Broken(name, step)


def _concerned(step: Step) -> list[str]:
    names = list(_BY_EVENT[ALWAYS])
    for event in step.events:
        names += _BY_EVENT.get(event.kind, ())
    return names


@dataclass(slots=True)
class Audit:
    """Judges every step and keeps count: a promise never put to the test proves nothing."""

    asked: Counter[str] = field(default_factory=Counter)
    happened: Counter[str] = field(default_factory=Counter)
    ways: set[tuple[str, Status | None, Status | None]] = field(default_factory=set)
    broken: dict[str, Step] = field(default_factory=dict)

    def __call__(self, step: Step) -> None:
        kind, was, became = step.move.command.kind, step.before.status, step.after.status
        self.happened[kind] += 1
        if became is not was:
            self.ways.add((kind, was, became))
        for name in _concerned(step):
            self.asked[name] += 1
            if not PROMISES[name](step):
                self.broken.setdefault(name, step)


def _data(x: Step, kind: str) -> Any:
    return next(event.data for event in x.events if event.kind == kind)


def _given(x: Step, *keys: str) -> bool:
    return all(x.move.command.data.get(key) for key in keys)


def _by(x: Step, *seats: Seat) -> bool:
    return bool(x.move.facts.seats & set(seats))


# ---- Invariant 1: no closure on paper ----

DESK_ENDINGS = {Resolution.ANSWERED, Resolution.DECLINED}


@_on("closed")
def what_was_assigned_closes_only_after_an_independent_pass(x: Step) -> bool:
    ending = _data(x, "closed")["resolution"]
    if not x.ghost.assigned or ending in {Resolution.MERGED, Resolution.UNSOLVED}:
        return True
    return x.then.passed and ending == x.ghost.claimed


@_on("closed")
def the_desk_alone_closes_only_what_a_person_reported_in_the_open(x: Step) -> bool:
    ending = _data(x, "closed")["resolution"]
    if x.ghost.assigned or ending in {Resolution.MERGED, Resolution.UNVERIFIED}:
        return True
    reported = x.ghost.born == "report" and not x.ghost.strict
    return ending in DESK_ENDINGS and reported and _by(x, Seat.DESK)


@_on("closed")
def unverified_is_only_an_old_record_at_its_import(x: Step) -> bool:
    if _data(x, "closed")["resolution"] is not Resolution.UNVERIFIED:
        return True
    return x.move.command.kind == "import" and x.after.origin is Origin.LEDGER


@_on("closed")
def unsolved_follows_directly_on_the_second_not_solved_after_a_pass(x: Step) -> bool:
    if _data(x, "closed")["resolution"] is not Resolution.UNSOLVED:
        return True
    twice = x.ghost.unsolved >= 2 and x.ghost.direct and not x.ghost.open_kids
    return twice and _by(x, Seat.NEUTRAL) and _given(x, "text")


@_on("closed")
def who_can_be_reached_has_the_last_word_or_its_lapse_is_recorded(x: Step) -> bool:
    ending, verdict = (_data(x, "closed").get(key) for key in ("resolution", "verdict"))
    if not x.ghost.assigned or ending in {Resolution.MERGED, Resolution.UNSOLVED}:
        return verdict in (None, "unsolved")
    if x.then.reachable == 0:
        return verdict == "not_reachable"
    all_said_solved = x.then.voted == x.then.reachable
    return verdict == ("solved" if all_said_solved else "no_answer" if x.did("lapsed") else "")


@_on("closed")
def silence_is_never_counted_as_satisfied(x: Step) -> bool:
    return not (x.did("lapsed") and _data(x, "closed")["verdict"] != "no_answer")


@_on("lapsed")
def a_verdict_lapses_only_when_its_time_has_passed(x: Step) -> bool:
    waited = x.before.status is Status.VERDICT and x.move.facts.passed_due is Due.VERDICT
    return waited and x.ghost.passed and _by(x, Seat.SYSTEM)


@_on("verified")
def a_verdict_is_asked_only_of_somebody_who_can_give_it(x: Step) -> bool:
    asked = x.after.status is Status.VERDICT
    return not asked or (x.then.reachable > 0 and x.then.born != "child")


@_on("claimed", "return_declined")
def nothing_is_claimed_while_a_child_is_open(x: Step) -> bool:
    return not x.ghost.open_kids


# ---- The desk ----


@_on("answered", "declined")
def an_answer_has_words_and_a_refusal_a_listed_reason_and_where_to_go(x: Step) -> bool:
    return _given(x, "text") if x.did("answered") else _given(x, "reason", "text")


@_on("answered", "declined", "merged")
def a_disputed_decision_goes_to_another_person_of_the_desk(x: Step) -> bool:
    return not (x.ghost.disputed and x.move.facts.person == x.ghost.said_by)


@_on("sample_drawn")
def somebody_else_is_drawn_once_to_check_what_the_desk_closed_alone(x: Step) -> bool:
    at_desk = x.before.resolution in DESK_ENDINGS and not x.ghost.assigned
    somebody_else = x.move.command.data["person"] != x.ghost.said_by
    return at_desk and somebody_else and x.ghost.sample == "none"


@_on("sample_checked")
def a_decision_found_wrong_is_reopened_with_the_reason(x: Step) -> bool:
    asked = x.ghost.sample == "drawn" and _by(x, Seat.SAMPLER)
    if _data(x, "sample_checked")["right"]:
        return asked and x.after.status is Status.CLOSED
    return asked and _given(x, "text") and x.after.status is Status.NEW


@_on("classified")
def a_classification_names_a_category(x: Step) -> bool:
    return bool(x.after.category)


@_on("assigned")
def an_assigned_case_has_a_category_one_owner_and_a_clock(x: Step) -> bool:
    due = x.move.facts.deadline
    clock = due is not None and x.after.deadline == due == x.after.original_deadline
    return bool(x.after.category and x.after.owner) and clock and x.after.was_assigned


@_on("assigned")
def a_child_has_a_parent_and_no_reporters_of_its_own(x: Step) -> bool:
    if x.move.command.kind != "spawn":
        return True
    return bool(x.after.parent) and x.after.reports == x.after.reporters == 0


@_on("assigned", "transferred", "ruled", "claimed")
def no_accused_unit_becomes_the_owner_or_claims(x: Step) -> bool:
    blamed = x.before.accused | set(x.move.command.data.get("accused", ()))
    return x.after.owner not in blamed


@_on("assigned")
def a_rule_assigns_by_itself_only_what_a_check_found(x: Step) -> bool:
    return _by(x, Seat.DESK) or x.ghost.found


@_on("split")
def a_child_is_not_split_again(x: Step) -> bool:
    return x.ghost.born != "child"


@_on("joined")
def a_report_joins_a_whole_case_never_a_part(x: Step) -> bool:
    return x.ghost.born != "child"


@_on("received", "imported")
def a_case_is_born_once(x: Step) -> bool:
    return x.before.status is None


# ---- Who answers for it ----


@_on("transferred")
def a_transfer_changes_the_owner_for_a_reason(x: Step) -> bool:
    owner = x.move.command.data.get("owner")
    return bool(owner) and owner != x.before.owner and x.after.owner == owner and _given(x, "text")


@_on("transferred")
def after_a_final_ruling_only_a_leader_transfers_and_before_it_none(x: Step) -> bool:
    return _by(x, Seat.LEADER) if x.ghost.final else _by(x, Seat.DESK, Seat.INSPECTOR)


@_on("returned")
def a_unit_returns_once_and_in_time_with_reason_and_right_unit(x: Step) -> bool:
    first = x.before.owner not in x.ghost.returners
    return first and x.move.facts.return_window and _given(x, "text", "right_unit")


@_on("returned")
def nothing_is_returned_after_a_final_ruling(x: Step) -> bool:
    return not x.ghost.final


@_on("ruled")
def a_ruling_has_an_owner_and_a_reason_and_the_second_is_final(x: Step) -> bool:
    named = _given(x, "owner", "text") and x.after.owner == x.move.command.data["owner"]
    return named and x.after.final is (x.ghost.returns >= 2)


@_on("ruled")
def from_the_second_return_on_a_leader_of_no_unit_concerned_rules(x: Step) -> bool:
    return _by(x, Seat.NEUTRAL) or (x.ghost.returns < 2 and _by(x, Seat.DESK))


@_on("return_declined")
def a_desk_that_declines_a_return_counts_as_a_handler_and_is_verified(x: Step) -> bool:
    unit = x.move.facts.unit
    counted = unit is not None and unit in x.after.handlers
    return counted and x.after.status is Status.CLAIMED and _given(x, "text")


@_on("handed_over")
def a_case_is_handed_over_to_a_person(x: Step) -> bool:
    return bool(x.after.person)


@_on("acknowledged", "handed_over")
def nobody_is_named_who_does_not_handle_cases_in_the_owning_unit(x: Step) -> bool:
    return x.move.facts.colleague


@_on(ALWAYS)
def whoever_answered_for_a_case_stays_its_handler(x: Step) -> bool:
    owner = {x.after.owner} - {None}
    return x.before.handlers | owner <= x.after.handlers


@_on(ALWAYS)
def the_deadline_changes_only_where_a_clock_starts_or_time_is_granted(x: Step) -> bool:
    changed = x.before.deadline != x.after.deadline
    starts = {"assigned", "extension_decided", "absorbed", "reopened"}
    return not changed or any(event.kind in starts for event in x.events)


# ---- Merging ----


@_on("merged")
def a_case_goes_into_an_older_open_one_that_is_no_part_of_a_family(x: Step) -> bool:
    target = x.move.facts.target
    assert target is not None
    alone = not (target.parent or target.children or x.ghost.kids or x.ghost.born == "child")
    fitting = target.status in {Status.NEW, Status.ASSIGNED, Status.HANDLING}
    return alone and fitting and x.move.facts.target_older


@_on("merged")
def an_assigned_case_goes_only_into_an_assigned_one(x: Step) -> bool:
    target = x.move.facts.target
    assert target is not None
    clock_runs = target.was_assigned and target.status is not Status.NEW
    return clock_runs or not x.ghost.assigned


@_on("merged")
def merges_make_no_chain(x: Step) -> bool:
    return not x.ghost.absorbed


@_on("merged")
def what_the_desk_may_not_close_is_not_merged_into_what_it_may(x: Step) -> bool:
    target = x.move.facts.target
    assert target is not None
    open_to_all = target.origin is Origin.REPORT and not target.sealed
    return not x.ghost.strict or not open_to_all or target.was_assigned


@_on("merged")
def a_sealed_case_is_never_merged_into_an_open_one(x: Step) -> bool:
    target = x.move.facts.target
    return not x.before.sealed or bool(target and target.sealed)


@_on("absorbed")
def the_earliest_deadline_is_kept_and_reporters_and_accused_follow(x: Step) -> bool:
    source = x.move.command.data
    theirs = source["deadline"]
    early = x.after.deadline and theirs and x.after.deadline.isoformat() <= theirs
    kept = x.after.deadline == x.before.deadline if theirs is None else bool(early)
    followed = x.after.reporters == x.before.reporters + source["reporters"]
    return kept and followed and x.after.accused >= set(source["accused"])


@_on("absorbed")
def supervision_follows_into_the_common_case(x: Step) -> bool:
    return x.after.level == max(x.before.level, x.move.command.data["level"])


@_on("joined")
def what_a_check_finds_again_raises_the_case(x: Step) -> bool:
    again = bool(x.move.command.data.get("again"))
    return x.after.level == min(x.before.level + again, MAX_LEVEL)


@_on("unmerged")
def only_a_merge_is_taken_back_and_only_while_its_target_is_handled(x: Step) -> bool:
    target = x.move.facts.target
    handled = target is not None and target.status not in {Status.CLOSED, Status.VERDICT}
    return bool(x.ghost.merged_from) and handled and x.after.status == x.ghost.merged_from


@_on("released")
def nobody_is_released_in_the_middle_of_the_verdicts(x: Step) -> bool:
    return x.before.status is not Status.VERDICT and x.before.open


# ---- Word from and to the reporter ----


@_on("contacted", "asked")
def only_a_reporter_who_can_be_reached_is_contacted_or_asked(x: Step) -> bool:
    said = _given(x, "how") if x.did("contacted") else _given(x, "text")
    return x.ghost.reachable > 0 and said


@_on("asked")
def the_owner_asks_while_handling_and_the_verifier_about_a_claim(x: Step) -> bool:
    return _by(x, Seat.VERIFIER if x.before.status is Status.CLAIMED else Seat.OWNER)


@_on("contact_denied")
def only_a_contact_on_record_is_denied(x: Step) -> bool:
    return x.ghost.contacted


@_on("replied", "noted", "inspected")
def a_note_a_reply_and_an_inspection_say_something(x: Step) -> bool:
    return _given(x, "text")


@_on("inspected", "noted", "claimed", "verified")
def a_picture_used_before_is_no_evidence(x: Step) -> bool:
    return x.move.facts.evidence is None


@_on("claimed", "verified")
def what_speaks_against_a_picture_is_explained(x: Step) -> bool:
    return x.move.facts.doubt is None or _given(x, "explanation")


# ---- More time ----


@_on("extension_asked")
def more_time_is_asked_once_before_the_deadline_with_a_reason(x: Step) -> bool:
    first = x.ghost.extension == "none"
    return first and not x.move.facts.overdue and _given(x, "text", "days")


@_on("extension_withdrawn", "extension_decided")
def only_what_was_asked_is_withdrawn_or_decided(x: Step) -> bool:
    return x.ghost.extension == "asked"


@_on("extension_decided")
def what_is_undecided_at_the_deadline_is_refused_by_the_clock(x: Step) -> bool:
    if x.move.command.kind != "tick":
        return not x.move.facts.overdue
    return x.after.extension is Extension.REFUSED and x.move.facts.passed_due is Due.HANDLING


@_on("extension_decided")
def granted_time_has_an_end_and_a_refusal_a_reason(x: Step) -> bool:
    original = x.before.original_deadline == x.after.original_deadline
    if _data(x, "extension_decided")["granted"]:
        return original and x.after.deadline == x.move.facts.deadline is not None
    return original and (x.move.command.kind == "tick" or _given(x, "text"))


# ---- Claim and verification ----


@_on("claimed")
def a_claim_names_outcome_measures_and_words_and_a_notice_is_no_measure(x: Step) -> bool:
    outcome = x.move.command.data["outcome"] in {"fixed", "answered", "unfounded"}
    measures = set(x.move.command.data["measures"]) - {NOTICE}
    return outcome and bool(measures) and _given(x, "text")


@_on("claim_withdrawn")
def a_unit_withdraws_only_its_own_claim_and_only_before_anybody_opened_it(x: Step) -> bool:
    return x.ghost.claimed != "declined" and not x.ghost.begun


@_on("drawn")
def a_verifier_is_drawn_once_and_only_if_eligible(x: Step) -> bool:
    return not x.ghost.drawn and x.move.facts.ineligible is None


@_on("recused")
def a_verifier_recuses_himself_with_a_reason(x: Step) -> bool:
    return x.ghost.drawn and _given(x, "text") and x.after.verifier is None


@_on("opened")
def the_first_look_at_a_claim_is_on_record(x: Step) -> bool:
    return x.ghost.drawn and not x.ghost.opened


@_on(ALWAYS)
def verifier_and_sampling_stay_drawn_until_the_claim_is_judged(x: Step) -> bool:
    ends = {"verified", "verdict_given", "reopened"}
    judged = any(event.kind in ends for event in x.events)
    replaced = x.did("recused") or x.did("redrawn")
    verifier = x.before.verifier in {None, x.after.verifier}
    raised = x.after.raised or not x.before.raised
    return judged or (raised and (verifier or replaced))


@_on("verified")
def the_drawn_verifier_opened_the_claim_and_is_eligible_when_he_passes_it(x: Step) -> bool:
    sat = x.ghost.drawn and x.ghost.opened and _by(x, Seat.VERIFIER)
    return sat and (x.move.facts.ineligible is None or not _data(x, "verified")["passed"])


@_on("verified")
def on_site_the_verifier_brings_evidence_of_his_own(x: Step) -> bool:
    on_site = x.before.tier is Tier.SITE or x.before.raised
    return x.move.facts.own_evidence or not on_site


@_on("verified")
def who_passes_on_the_papers_has_heard_the_reporter_or_tried(x: Step) -> bool:
    on_site = x.before.tier is Tier.SITE or x.before.raised
    if not _data(x, "verified")["passed"] or on_site or not x.ghost.reachable:
        return True
    heard = x.move.command.data["heard"]
    return heard in {"call", "met", "unreached"} or (heard == "reply" and x.ghost.replied)


@_on("verified")
def what_a_check_found_passes_only_when_the_next_check_finds_it_met(x: Step) -> bool:
    said = x.move.facts.next_check
    return not _data(x, "verified")["passed"] or said in {None, "met", "na"}


@_on("verified")
def a_failed_verification_says_why_and_goes_back_to_handling(x: Step) -> bool:
    if _data(x, "verified")["passed"]:
        return x.after.status in {Status.VERDICT, Status.CLOSED}
    return _given(x, "text") and x.after.status is Status.HANDLING


@_on("verdict_given")
def each_reporter_gives_one_verdict_on_a_claim_that_passed(x: Step) -> bool:
    said = x.move.command.data.get("solved") in (True, False)
    return said and x.ghost.passed and not x.move.facts.voted and _by(x, Seat.REPORTER)


@_on("verdict_given")
def not_solved_goes_back_to_handling(x: Step) -> bool:
    return _data(x, "verdict_given")["solved"] or x.after.status is Status.HANDLING


# ---- Hiding places and supervision ----


@_on("deferred")
def a_case_is_deferred_only_as_a_last_resort_with_reason_and_review(x: Step) -> bool:
    last = x.ghost.extension in {"granted", "refused"} or x.move.facts.overdue
    when = x.after.review_at
    latest = x.move.facts.latest_review
    in_time = when is not None and when > NOW and (latest is None or when <= latest)
    return last and _given(x, "text", "review_at") and in_time


@_on("resumed")
def a_leader_or_the_review_date_ends_a_deferral(x: Step) -> bool:
    return _by(x, Seat.LEADER) or x.move.facts.passed_due is Due.REVIEW


@_on("escalated")
def a_leader_raises_the_level_with_a_reason_and_not_beyond_the_top(x: Step) -> bool:
    up = x.after.level == x.before.level + 1 <= MAX_LEVEL
    return up and _given(x, "text")


@_on("accusation_lifted")
def the_inspection_team_lifts_an_accusation_that_was_raised_with_a_reason(x: Step) -> bool:
    return x.ghost.accused and _by(x, Seat.INSPECTOR) and _given(x, "text")


@_on(ALWAYS)
def an_accusation_goes_only_by_being_lifted(x: Step) -> bool:
    raised = set(x.move.command.data.get("accused", ()))
    return x.before.accused | raised <= x.after.accused or x.did("accusation_lifted")


@_on("reopened")
def a_reporter_reopens_in_time_and_everybody_for_a_cause(x: Step) -> bool:
    if x.move.command.kind == "check_sample":
        return True
    in_time = not _by(x, Seat.REPORTER) or x.move.facts.reopen_window
    return in_time and _given(x, "text")


@_on("reopened")
def a_merged_report_and_a_child_are_reopened_through_the_whole(x: Step) -> bool:
    return not x.ghost.merged_from and x.ghost.born != "child"


@_on("reopened")
def a_reopened_case_starts_afresh_at_the_desk_or_with_a_fresh_clock(x: Step) -> bool:
    left = (x.after.outcome, x.after.raised, x.after.passed, x.after.verdict, x.after.concludable)
    fresh = not any(left) and x.after.extension is Extension.NONE
    if not x.ghost.assigned:
        return fresh and x.after.status is Status.NEW
    clock = x.after.deadline == x.after.original_deadline == x.move.facts.deadline
    return fresh and x.after.status is Status.HANDLING and clock and x.after.deadline is not None


@_on("missed", "lapsed", "redrawn")
def the_clock_does_only_what_was_due(x: Step) -> bool:
    return x.move.facts.passed_due is not None and x.move.facts.passed_due is x.before.due


@_on("missed")
def what_is_missed_raises_the_level_of_supervision(x: Step) -> bool:
    return x.after.level == min(x.before.level + 1, MAX_LEVEL)


@_on("missed")
def a_verifier_who_does_not_come_is_replaced(x: Step) -> bool:
    return x.move.facts.passed_due is not Due.VERIFY or x.after.verifier is None


@_on(ALWAYS)
def supervision_is_never_lowered_and_no_report_is_lost(x: Step) -> bool:
    kept = x.after.reports >= x.before.reports or x.did("released")
    return kept and x.after.level >= x.before.level


@_on(ALWAYS)
def the_case_tells_what_happened_to_it(x: Step) -> bool:
    """The row says what the history says: flags are folded right."""
    return _told(x.after) == (
        x.then.reports,
        x.then.reachable,
        len(x.then.absorbed),
        x.then.extension,
        x.then.contacted,
        x.then.final,
        x.then.unsolved,
        x.then.direct,
        x.then.drawn,
        x.then.opened,
        x.then.begun,
        x.then.replied,
        x.then.sample,
    )


def _told(s: State) -> tuple[Any, ...]:
    return (
        s.reports,
        s.reporters,
        s.absorbed,
        s.extension,
        s.contacted,
        s.final,
        min(s.not_solved, 2),
        s.concludable,
        s.verifier is not None,
        s.opened,
        s.begun,
        s.replied,
        s.sample,
    )


# ---- The columns "by" and "from → to" of the specification ----

NONE = frozenset[Status | None]({None})
OPEN = frozenset(Status) - {Status.CLOSED}
NEW, ASSIGNED, HANDLING, RETURNED, CLAIMED, VERDICT, DEFERRED, CLOSED = (
    frozenset({status}) for status in Status
)
SAME = frozenset[Status]()

DOOR, DESK, OWNER, INSPECTOR, LEADER, NEUTRAL, VERIFIER, SAMPLER, REPORTER, SYSTEM = (
    frozenset({seat}) for seat in Seat
)

SPECIFIED: dict[str, tuple[frozenset[Seat], frozenset[Any], frozenset[Any]]] = {
    "receive": (DOOR, NONE, NEW),
    "join": (DOOR, OPEN, SAME),
    "import": (DESK, NONE, CLOSED),
    "classify": (DESK, NEW, SAME),
    "answer": (DESK, NEW, CLOSED),
    "decline": (DESK, NEW, CLOSED),
    "draw_sample": (SYSTEM, CLOSED, SAME),
    "check_sample": (SAMPLER, CLOSED, CLOSED | NEW),
    "assign": (DESK | SYSTEM, NEW, ASSIGNED),
    "spawn": (DESK, NONE, ASSIGNED),
    "transfer": (DESK | INSPECTOR | LEADER, ASSIGNED | HANDLING, ASSIGNED),
    "merge": (DESK, NEW | ASSIGNED | HANDLING, CLOSED),
    "absorb": (SYSTEM, NEW | ASSIGNED | HANDLING, SAME),
    "unmerge": (DESK, CLOSED, NEW | ASSIGNED | HANDLING),
    "release": (SYSTEM, OPEN - VERDICT, SAME),
    "split": (DESK, ASSIGNED | HANDLING, SAME),
    "acknowledge": (OWNER, ASSIGNED, HANDLING),
    "hand_over": (OWNER, HANDLING, SAME),
    "return": (OWNER, ASSIGNED | HANDLING, RETURNED),
    "rule": (DESK | NEUTRAL, RETURNED, ASSIGNED),
    "decline_return": (DESK, RETURNED, CLAIMED),
    "inspect": (INSPECTOR, OPEN - CLAIMED - VERDICT, SAME),
    "contact": (OWNER | DESK, HANDLING, SAME),
    "deny": (REPORTER, HANDLING, SAME),
    "ask": (OWNER | VERIFIER, HANDLING | CLAIMED, SAME),
    "reply": (REPORTER, OPEN, SAME),
    "note": (OWNER, HANDLING, SAME),
    "ask_extension": (OWNER, HANDLING, SAME),
    "withdraw_extension": (OWNER, HANDLING, SAME),
    "decide_extension": (DESK, HANDLING, SAME),
    "claim": (OWNER, HANDLING, CLAIMED),
    "withdraw_claim": (OWNER, CLAIMED, HANDLING),
    "draw": (SYSTEM, CLAIMED, SAME),
    "recuse": (VERIFIER, CLAIMED, SAME),
    "open": (VERIFIER, CLAIMED, SAME),
    "verify": (VERIFIER, CLAIMED, VERDICT | CLOSED | HANDLING),
    "verdict": (REPORTER, VERDICT, VERDICT | CLOSED | HANDLING),
    "conclude": (NEUTRAL, HANDLING, CLOSED),
    "defer": (LEADER, HANDLING, DEFERRED),
    "resume": (LEADER, DEFERRED, HANDLING),
    "escalate": (LEADER, OPEN, SAME),
    "lift_accusation": (INSPECTOR, OPEN, SAME),
    "reopen": (REPORTER | DESK | INSPECTOR | SYSTEM, CLOSED, NEW | HANDLING),
    "tick": (SYSTEM, OPEN, SAME),
}
BY_CLOCK = {Status.VERDICT: Status.CLOSED, Status.DEFERRED: Status.HANDLING}


@_on(ALWAYS)
def everybody_keeps_to_his_part(x: Step) -> bool:
    return bool(x.move.facts.seats & SPECIFIED[x.move.command.kind][0])


@_on(ALWAYS)
def every_command_goes_from_and_to_where_it_should(x: Step) -> bool:
    kind, was, became = x.move.command.kind, x.before.status, x.after.status
    if kind == "tick":
        return became is BY_CLOCK.get(was or Status.NEW, was)
    _, start, end = SPECIFIED[kind]
    return was in start and (became in end if end else became is was)


@cache
def proof() -> tuple[Found, Audit]:
    """Every case of the table as it is, with every step judged; made once for all tests."""
    audit = Audit()
    return explore(check=audit), audit
