"""The conditions of the workflow, one small function each: a reason when not, None when allowed.

Every guard closes a hole: the tests remove each in turn and watch the proof fail.
"""

from collections.abc import Callable
from datetime import datetime

from luoshi.rules.state import (
    MAX_LEVEL,
    NOTICE,
    Command,
    Extension,
    Facts,
    Origin,
    Resolution,
    Sample,
    Seat,
    State,
    Status,
    Tier,
)

Guard = Callable[[State, Command, Facts], str | None]

HEARD = frozenset({"reply", "call", "met", "unreached"})
"""How a verifier heard the reporter; that he tried in vain is said too."""

CLAIM_OUTCOMES = frozenset({Resolution.FIXED, Resolution.ANSWERED, Resolution.UNFOUNDED})
MERGEABLE = frozenset({Status.NEW, Status.ASSIGNED, Status.HANDLING})
JOINABLE = frozenset({Status.ASSIGNED, Status.HANDLING})
"""Where one more voice changes nothing but who is told and asked in the end."""


def has_reason(s: State, c: Command, f: Facts) -> str | None:
    """It is put into words."""
    return None if c.data.get("text") else "reason_missing"


def has_listed_reason(s: State, c: Command, f: Facts) -> str | None:
    """A reason is chosen from the list."""
    return None if c.data.get("reason") else "reason_missing"


def says_where_instead(s: State, c: Command, f: Facts) -> str | None:
    """The reporter is told where to go instead."""
    return None if c.data.get("text") else "where_instead_missing"


def has_person(s: State, c: Command, f: Facts) -> str | None:
    """A person is named."""
    return None if c.data.get("person") else "person_missing"


def person_of_the_unit(s: State, c: Command, f: Facts) -> str | None:
    """The person named handles cases in the unit that owns it."""
    return None if f.colleague else "person_elsewhere"


def has_means(s: State, c: Command, f: Facts) -> str | None:
    """The means of contact is named."""
    return None if c.data.get("how") else "means_missing"


def has_days(s: State, c: Command, f: Facts) -> str | None:
    """The number of working days is named."""
    return None if c.data.get("days") else "days_missing"


def category_given(s: State, c: Command, f: Facts) -> str | None:
    """A category is chosen."""
    return None if c.data.get("category") else "category_missing"


def has_words_or_pictures(s: State, c: Command, f: Facts) -> str | None:
    """There are words or pictures."""
    return None if c.data.get("text") or c.data.get("pictures") else "words_missing"


def says_whether_solved(s: State, c: Command, f: Facts) -> str | None:
    """The verdict says whether the problem is solved."""
    return None if c.data.get("solved") in (True, False) else "verdict_missing"


def first_word(s: State, c: Command, f: Facts) -> str | None:
    """The reporter has not given his verdict on this claim before."""
    return "verdict_given_before" if f.voted else None


def has_cause(s: State, c: Command, f: Facts) -> str | None:
    """The cause is named."""
    return None if c.data.get("text") or c.data.get("cause") else "reason_missing"


def wrong_has_reason(s: State, c: Command, f: Facts) -> str | None:
    """Whoever finds the decision wrong says why."""
    return None if c.data.get("right") or c.data.get("text") else "reason_missing"


def refusal_has_reason(s: State, c: Command, f: Facts) -> str | None:
    """A refusal says why."""
    return None if c.data.get("granted") or c.data.get("text") else "reason_missing"


def never_assigned(s: State, c: Command, f: Facts) -> str | None:
    """The case was never assigned, nor part of an assigned one."""
    return "already_assigned" if s.was_assigned else None


def a_person_reported(s: State, c: Command, f: Facts) -> str | None:
    """All that is in the case was reported by people."""
    return None if s.origin is Origin.REPORT else "not_reported_by_a_person"


def not_sealed(s: State, c: Command, f: Facts) -> str | None:
    """The case is not sealed for the inspection team."""
    return "inspection_only" if s.sealed else None


def another_desk_person(s: State, c: Command, f: Facts) -> str | None:
    """Whoever acts is not the one whose decision is disputed."""
    return "same_desk_person" if s.disputed and f.person == s.answered_by else None


def not_the_answerer(s: State, c: Command, f: Facts) -> str | None:
    """The person drawn is not the one who decided."""
    return "same_desk_person" if c.data.get("person") == s.answered_by else None


def sample_possible(s: State, c: Command, f: Facts) -> str | None:
    """The desk closed the case alone, and nobody was drawn to check it yet."""
    at_desk = s.resolution in {Resolution.ANSWERED, Resolution.DECLINED} and not s.was_assigned
    return None if at_desk and s.sample is Sample.NONE else "nothing_to_sample"


def has_category(s: State, c: Command, f: Facts) -> str | None:
    """The case has a category."""
    return None if s.category else "category_missing"


def has_owner(s: State, c: Command, f: Facts) -> str | None:
    """A unit is named that answers for the case."""
    return None if c.data.get("owner") else "owner_missing"


def owner_not_accused(s: State, c: Command, f: Facts) -> str | None:
    """The unit that answers for it is not accused in it."""
    owner = c.data.get("owner") or s.owner
    return "owner_accused" if owner in s.accused | set(c.data.get("accused", ())) else None


def a_rule_assigns_only_findings(s: State, c: Command, f: Facts) -> str | None:
    """Without a person, only what a check found goes straight to whoever answers for it."""
    by_rule = Seat.DESK not in f.seats
    return "desk_assigns" if by_rule and s.origin is not Origin.FINDING else None


def names_parent(s: State, c: Command, f: Facts) -> str | None:
    """The case of which it is a part is named."""
    return None if c.data.get("parent") else "parent_missing"


def has_deadline(s: State, c: Command, f: Facts) -> str | None:
    """The deadline is known."""
    return None if f.deadline else "deadline_missing"


def another_owner(s: State, c: Command, f: Facts) -> str | None:
    """The unit is another than the present owner."""
    return "same_owner" if c.data.get("owner") == s.owner else None


def leader_after_final(s: State, c: Command, f: Facts) -> str | None:
    """After a final ruling only a leader may do so."""
    return "final_ruling" if s.final and Seat.LEADER not in f.seats else None


def leader_only_after_final(s: State, c: Command, f: Facts) -> str | None:
    """Before a final ruling a leader leaves it to desk and inspectors."""
    transferring = f.seats & {Seat.DESK, Seat.INSPECTOR}
    return None if s.final or transferring else "not_yet_for_leaders"


def target_takes_it(s: State, c: Command, f: Facts) -> str | None:
    """The target is new, assigned or being handled."""
    if f.target is None or f.target.status not in MERGEABLE:
        return "target_not_open"
    return None


def assigned_only_into_assigned(s: State, c: Command, f: Facts) -> str | None:
    """An assigned case goes into one whose clock runs too."""
    waiting = f.target is not None and f.target.status is Status.NEW
    return "target_not_assigned" if s.was_assigned and waiting else None


def target_as_strict(s: State, c: Command, f: Facts) -> str | None:
    """The desk cannot close the target where it could not close this case."""
    if f.target is None:
        return None
    if s.sealed and not f.target.sealed:
        return "target_less_strict"
    desk_may_close = f.target.origin is Origin.REPORT and not f.target.sealed
    loose = desk_may_close and not f.target.was_assigned
    return "target_less_strict" if loose and s.origin is not Origin.REPORT else None


def target_older(s: State, c: Command, f: Facts) -> str | None:
    """The target is the older case."""
    return None if f.target_older else "target_younger"


def no_family(s: State, c: Command, f: Facts) -> str | None:
    """The case is no parent and no child."""
    return "part_of_a_family" if s.parent or s.children else None


def target_without_family(s: State, c: Command, f: Facts) -> str | None:
    """The target is no parent and no child."""
    family = f.target and (f.target.parent or f.target.children)
    return "target_part_of_a_family" if family else None


def no_chain(s: State, c: Command, f: Facts) -> str | None:
    """Nothing was merged into the case."""
    return "merge_chain" if s.absorbed else None


def is_merged(s: State, c: Command, f: Facts) -> str | None:
    """The case was merged."""
    return None if s.resolution is Resolution.MERGED else "not_merged"


def target_open(s: State, c: Command, f: Facts) -> str | None:
    """The target is open and not in the middle of its verdicts."""
    if f.target is None or not f.target.open:
        return "target_closed"
    return "target_at_verdict" if f.target.status is Status.VERDICT else None


def not_a_child(s: State, c: Command, f: Facts) -> str | None:
    """The case is not a part of another."""
    return "is_a_child" if s.parent else None


def not_merged(s: State, c: Command, f: Facts) -> str | None:
    """The case was not merged."""
    return "is_merged" if s.resolution is Resolution.MERGED else None


def no_open_child(s: State, c: Command, f: Facts) -> str | None:
    """No part of the case is open."""
    return "open_children" if f.open_children else None


def in_return_window(s: State, c: Command, f: Facts) -> str | None:
    """No more than one working day has passed since the assignment."""
    return None if f.return_window else "return_too_late"


def names_right_unit(s: State, c: Command, f: Facts) -> str | None:
    """The right unit is named."""
    return None if c.data.get("right_unit") else "right_unit_missing"


def first_return_of_unit(s: State, c: Command, f: Facts) -> str | None:
    """The unit has not returned this case before."""
    return "returned_before" if s.owner in s.returned_by else None


def desk_unit_known(s: State, c: Command, f: Facts) -> str | None:
    """The unit of the desk is known, since it counts as a handler."""
    return None if f.unit else "unit_missing"


def not_final(s: State, c: Command, f: Facts) -> str | None:
    """No final ruling fell."""
    return "final_ruling" if s.final else None


def neutral_from_second_return(s: State, c: Command, f: Facts) -> str | None:
    """From the second return on a leader of no unit concerned rules."""
    return "needs_neutral_leader" if s.returns >= 2 and Seat.NEUTRAL not in f.seats else None


def somebody_to_ask(s: State, c: Command, f: Facts) -> str | None:
    """A reporter can be reached."""
    return None if s.reporters else "no_reporter"


def verifier_asks_about_a_claim(s: State, c: Command, f: Facts) -> str | None:
    """The owner asks while he handles it, the verifier while the claim stands."""
    asks = Seat.VERIFIER if s.status is Status.CLAIMED else Seat.OWNER
    return None if asks in f.seats else "asked_out_of_turn"


def was_contacted(s: State, c: Command, f: Facts) -> str | None:
    """A contact is on record."""
    return None if s.contacted else "not_contacted"


def before_deadline(s: State, c: Command, f: Facts) -> str | None:
    """The deadline has not passed."""
    return "deadline_passed" if f.overdue else None


def no_extension_yet(s: State, c: Command, f: Facts) -> str | None:
    """No more time was asked for yet."""
    return None if s.extension is Extension.NONE else "extension_used"


def extension_asked(s: State, c: Command, f: Facts) -> str | None:
    """More time was asked for and not yet decided on."""
    return None if s.extension is Extension.ASKED else "no_extension_asked"


def grant_has_deadline(s: State, c: Command, f: Facts) -> str | None:
    """Granted time has an end."""
    return "days_missing" if c.data.get("granted") and not f.deadline else None


def outcome_known(s: State, c: Command, f: Facts) -> str | None:
    """The outcome is fixed, answered or unfounded."""
    return None if c.data.get("outcome") in CLAIM_OUTCOMES else "outcome_missing"


def a_notice_is_not_a_measure(s: State, c: Command, f: Facts) -> str | None:
    """Measures are named, and a posted notice alone is none."""
    measures = set(c.data.get("measures", ()))
    if not measures:
        return "measures_missing"
    return None if measures - {NOTICE} else "notice_is_not_a_measure"


def evidence_holds(s: State, c: Command, f: Facts) -> str | None:
    """The pictures hold as evidence: none was used before, and one is there if needed."""
    return f.evidence


def doubt_explained(s: State, c: Command, f: Facts) -> str | None:
    """A picture nearly the same as an earlier one, or of another time or place, is explained."""
    return None if c.data.get("explanation") else f.doubt


def own_claim(s: State, c: Command, f: Facts) -> str | None:
    """The claim is the unit's own, not the desk's."""
    return "claim_of_the_desk" if s.outcome is Resolution.DECLINED else None


def not_opened(s: State, c: Command, f: Facts) -> str | None:
    """The verifier has not opened the claim yet."""
    return "verification_begun" if s.opened else None


def not_begun(s: State, c: Command, f: Facts) -> str | None:
    """No verifier has opened the claim yet."""
    return "verification_begun" if s.begun else None


def no_verifier_yet(s: State, c: Command, f: Facts) -> str | None:
    """No verifier is drawn."""
    return "verifier_drawn" if s.verifier is not None else None


def eligible(s: State, c: Command, f: Facts) -> str | None:
    """The person drawn has no stake in the case."""
    return f.ineligible


def was_opened(s: State, c: Command, f: Facts) -> str | None:
    """The verifier has opened the claim."""
    return None if s.opened else "open_the_claim_first"


def eligible_to_pass(s: State, c: Command, f: Facts) -> str | None:
    """Whoever passes it has no stake in the case."""
    return f.ineligible if c.data.get("passed") else None


def own_evidence_on_site(s: State, c: Command, f: Facts) -> str | None:
    """On site the verifier brings pictures of his own."""
    on_site = s.raised or s.tier is Tier.SITE
    return "own_evidence_missing" if on_site and not f.own_evidence else None


def reporter_heard(s: State, c: Command, f: Facts) -> str | None:
    """Who passes it on the papers has heard the reporter, if there is one to hear."""
    on_papers = s.tier is Tier.PAPERS and not s.raised
    if not (c.data.get("passed") and on_papers and s.reporters):
        return None
    if c.data.get("heard") not in HEARD:
        return "reporter_not_heard"
    return "no_reply_yet" if c.data["heard"] == "reply" and not s.replied else None


def next_check_met(s: State, c: Command, f: Facts) -> str | None:
    """What a check found is passed only when the next check finds it met."""
    refusals = {
        "missing": "next_check_missing",
        "unmet": "still_unmet",
        "unknown": "still_unknown",
    }
    return refusals.get(f.next_check or "") if c.data.get("passed") else None


def fail_has_reason(s: State, c: Command, f: Facts) -> str | None:
    """A failed verification says why."""
    return None if c.data.get("passed") else has_reason(s, c, f)


def second_not_solved(s: State, c: Command, f: Facts) -> str | None:
    """The second verdict of “not solved” is the last thing that happened."""
    return None if s.concludable else "not_twice_unsolved"


def nothing_else_left(s: State, c: Command, f: Facts) -> str | None:
    """More time was used or refused, or the deadline has passed."""
    used = s.extension in {Extension.GRANTED, Extension.REFUSED}
    return None if used or f.overdue else "extension_comes_first"


def has_review_date(s: State, c: Command, f: Facts) -> str | None:
    """A date of review is named, and it lies ahead."""
    if not c.data.get("review_at"):
        return "review_date_missing"
    ahead = datetime.fromisoformat(c.data["review_at"]) > f.now
    return None if ahead else "review_date_past"


def review_not_too_far(s: State, c: Command, f: Facts) -> str | None:
    """The review lies no further ahead than the term allows."""
    late = f.latest_review and datetime.fromisoformat(c.data["review_at"]) > f.latest_review
    return "review_date_too_far" if late else None


def in_reopen_window(s: State, c: Command, f: Facts) -> str | None:
    """A reporter acts within 30 days of the closing."""
    late = f.seats == frozenset({Seat.REPORTER}) and not f.reopen_window
    return "reopen_too_late" if late else None


def fresh_clock(s: State, c: Command, f: Facts) -> str | None:
    """Once assigned, the case gets a fresh deadline."""
    return "deadline_missing" if s.was_assigned and not f.deadline else None


def something_due(s: State, c: Command, f: Facts) -> str | None:
    """What has passed is what the case waits for."""
    return None if f.passed_due is not None and f.passed_due is s.due else "nothing_due"


def is_accused(s: State, c: Command, f: Facts) -> str | None:
    """The unit is accused."""
    return None if c.data.get("unit") in s.accused else "not_accused"


def below_top_level(s: State, c: Command, f: Facts) -> str | None:
    """The highest level of supervision is not reached."""
    return None if s.level < MAX_LEVEL else "top_level"
