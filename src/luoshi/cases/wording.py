"""The words for states, commands, events, reasons and measures, as people read them.

Rules speak in codes; here every code has its sentence. Terms follow the glossary of the design.
"""

from django.utils.translation import gettext_lazy as _

STATUS = {
    "new": _("Waiting for triage"),
    "assigned": _("Waiting for acknowledgement"),
    "handling": _("Being handled"),
    "returned": _("Returned, ruling awaited"),
    "claimed": _("Waiting for verification"),
    "verdict": _("Waiting for the reporter's verdict"),
    "deferred": _("Deferred"),
    "closed": _("Closed"),
}

RESOLUTION = {
    "fixed": _("Fixed"),
    "answered": _("Answered"),
    "unfounded": _("Unfounded"),
    "declined": _("Declined"),
    "merged": _("Merged"),
    "unsolved": _("Unsolved"),
    "unverified": _("Unverified old record"),
}

ORIGIN = {
    "report": _("Report"),
    "inspection": _("Inspection"),
    "finding": _("Finding"),
    "ledger": _("Old ledger"),
}

SEAT = {
    "door": _("Door"),
    "desk": _("Duty desk"),
    "owner": _("Responsible unit"),
    "inspector": _("Inspection team"),
    "leader": _("Leader"),
    "neutral": _("Leader of no unit concerned"),
    "verifier": _("Drawn verifier"),
    "sampler": _("Drawn second checker"),
    "reporter": _("Reporter"),
    "system": _("System"),
}

TIER = {"site": _("Verified on site"), "papers": _("Verified on papers")}

URGENCY = {
    "danger": _("Danger to life (2 hours)"),
    "utility": _("Water, power, heat (24 hours)"),
    "enquiry": _("Enquiry (1 working day)"),
    "ordinary": _("Ordinary (5 working days)"),
    "complex": _("Complex (15 working days)"),
}

DUE = {
    "triage": _("Triage due"),
    "acknowledge": _("Acknowledgement due"),
    "contact": _("First contact due"),
    "ruling": _("Ruling due"),
    "handling": _("Handling due"),
    "verify": _("Verification due"),
    "verdict": _("Verdict possible until"),
    "review": _("Review due"),
}

LEVEL = {
    1: _("Level 1: head of the unit"),
    2: _("Level 2: leader in charge"),
    3: _("Level 3: head of the district"),
}

VERDICT = {
    "solved": _("Solved"),
    "unsolved": _("Not solved"),
    "no_answer": _("No answer"),
    "not_reachable": _("Not reachable"),
}

DOOR = {
    "sms": _("Text message"),
    "mail": _("E-mail"),
    "web": _("Web form"),
    "phone": _("Phone call"),
    "letter": _("Letter"),
    "visit": _("Walk-in"),
    "inspection": _("Inspection"),
    "ledger": _("Old ledger"),
    "sheet": _("Spreadsheet"),
}


MEASURE = {
    "cleared": _("Cleared or removed on the spot"),
    "repaired": _("Repaired or restored"),
    "replanted": _("Green space replanted"),
    "enforced": _("Ordered or fined by law"),
    "mediated": _("Parties brought to an agreement"),
    "explained": _("Explained to the reporter in person"),
    "supplied": _("Supply restored"),
    "treated": _("Treated or disinfected"),
    "patrol": _("Patrols arranged so that it does not come back"),
    "notice": _("A notice posted"),
    "talked": _("Called in and told to correct"),
    "joint": _("Dealt with jointly by several departments"),
    "suspended": _("The business in question stopped"),
    "refunded": _("Money given back to those who paid"),
    "referred": _("Referred to the police or the courts"),
    "reregistered": _("Registration corrected, contact restored"),
    "paid": _("Paid in full"),
    "advised": _("Advised on site, the step completed"),
    "delivered": _("What was missing delivered and checked"),
    "completed": _("Works completed and accepted"),
    "meeting_held": _("The missed meeting or visit held"),
    "disclosed": _("Missing sources or names given"),
    "figures_corrected": _("Figures corrected and reported again"),
    "places_added": _("Preschool places added"),
    "made_inclusive": _("Turned into an inclusive preschool"),
    "classes_adjusted": _("Class sizes adjusted"),
    "staffed": _("Missing staff taken on"),
    "corrected": _("A correction published or made good"),
    "withdrawn": _("Withdrawn or taken down"),
    "renewed": _("Looked over and renewed"),
    "relinked": _("Access restored"),
    "appointed": _("A responsible person named and present"),
    "trained": _("Staff instructed, and shown to know it"),
    "recorded": _("Records made good and kept from now on"),
}

DOUBT = {
    "notice": _("These words name only a notice or a reminder, in whatever words: what was done?"),
    "no_picture": _("A picture is asked for here where something was fixed; none came."),
    "promise": _("These words name only what is to come or was passed on: what was done?"),
}

MEANS = {
    "call": _("By phone"),
    "message": _("By message"),
    "visit": _("In person"),
}

HEARD = {
    "reply": _("By an answer here"),
    "call": _("By phone, through the desk"),
    "met": _("Met on site"),
    "unreached": _("Could not be reached"),
}

COMMAND = {
    "classify": _("Classify"),
    "answer": _("Answer directly"),
    "decline": _("Decline"),
    "check_sample": _("Check this decision"),
    "assign": _("Assign"),
    "transfer": _("Transfer"),
    "merge": _("Merge into another case"),
    "unmerge": _("Take the merge back"),
    "split": _("Split into parts"),
    "acknowledge": _("Acknowledge"),
    "hand_over": _("Hand over to a colleague"),
    "return": _("Return to the desk"),
    "rule": _("Rule on the return"),
    "decline_return": _("Decline the report after the return"),
    "inspect": _("Record what is on site"),
    "contact": _("Record the contact with the reporter"),
    "deny": _("Nobody contacted me"),
    "ask": _("Ask the reporter"),
    "reply": _("Add words or pictures"),
    "note": _("Note"),
    "ask_extension": _("Ask for more time"),
    "withdraw_extension": _("Withdraw the request for time"),
    "decide_extension": _("Decide on more time"),
    "claim": _("Claim that it is done"),
    "withdraw_claim": _("Withdraw the claim"),
    "recuse": _("Recuse yourself"),
    "open": _("Begin the verification"),
    "verify": _("Verify"),
    "verdict": _("Give your verdict"),
    "conclude": _("Conclude as unsolved"),
    "defer": _("Defer"),
    "resume": _("Resume"),
    "escalate": _("Escalate"),
    "lift_accusation": _("Lift the accusation"),
    "reopen": _("Reopen"),
}

EVENT = {
    "received": _("Received"),
    "joined": _("Another report of the same problem"),
    "imported": _("Imported from an old ledger"),
    "classified": _("Classified"),
    "answered": _("Answered directly"),
    "declined": _("Declined"),
    "sample_drawn": _("Drawn for a second check"),
    "sample_checked": _("Checked by somebody else"),
    "assigned": _("Assigned"),
    "transferred": _("Transferred"),
    "merged": _("Merged into an older case"),
    "absorbed": _("Another case was merged into this one"),
    "unmerged": _("Merge taken back"),
    "released": _("A merged case left again"),
    "split": _("Split into parts"),
    "acknowledged": _("Acknowledged"),
    "handed_over": _("Handed over to a colleague"),
    "returned": _("Returned to the desk"),
    "ruled": _("Ruling on the return"),
    "return_declined": _("Declined after the return"),
    "inspected": _("Checked on site by the inspection team"),
    "contacted": _("Reporter contacted"),
    "contact_denied": _("Reporter says that nobody contacted him"),
    "asked": _("Question to the reporter"),
    "replied": _("Words of the reporter"),
    "noted": _("Note"),
    "extension_asked": _("More time asked for"),
    "extension_withdrawn": _("Request for time withdrawn"),
    "extension_decided": _("Decision on more time"),
    "claimed": _("Claimed to be done"),
    "claim_withdrawn": _("Claim withdrawn"),
    "drawn": _("Verifier drawn"),
    "recused": _("Verifier recused himself"),
    "redrawn": _("Verifier replaced: not verified in time"),
    "opened": _("Verification begun"),
    "verified": _("Verified"),
    "verdict_given": _("Verdict of the reporter"),
    "lapsed": _("No answer from the reporter"),
    "concluded": _("Concluded as unsolved"),
    "deferred": _("Deferred"),
    "resumed": _("Resumed"),
    "escalated": _("Escalated"),
    "missed": _("Due time missed"),
    "accusation_lifted": _("Accusation lifted"),
    "closed": _("Closed"),
    "reopened": _("Reopened"),
}

REFUSAL = {
    "unknown_command": _("This is not possible here."),
    "next_check_missing": _(
        "Say for each thing that was found how it is now: without the next look nothing passes."
    ),
    "still_unmet": _(
        "Something that was found is still unmet: the claim does not hold. Send it back."
    ),
    "still_unknown": _(
        "Figures are missing, so that nobody can tell whether it is met: the claim cannot pass yet."
    ),
    "wrong_status": _("The case has moved on: in its present state this is not possible."),
    "not_your_part": _("This is not your part in this case."),
    "changed_meanwhile": _(
        "Somebody acted on this case while you had it open. "
        "Nothing of yours was saved: look at what is new and decide again."
    ),
    "reason_missing": _("Say why: a reason in your own words is needed."),
    "where_instead_missing": _("Say where the reporter should go instead."),
    "already_assigned": _("The case was assigned once: it closes only after verification."),
    "not_reported_by_a_person": _("Only what a person reported can be answered at the desk."),
    "inspection_only": _("A confidential report is the inspection team's own."),
    "same_desk_person": _("You decided this before: a disputed decision goes to somebody else."),
    "nothing_to_sample": _("There is no decision here to check."),
    "category_missing": _("Choose a category first."),
    "owner_missing": _("Choose the unit that answers for it."),
    "deadline_missing": _("Set a deadline first."),
    "same_owner": _("The case is with that unit already: choose another one."),
    "final_ruling": _("The second ruling is final: only a leader can move the case now."),
    "not_yet_for_leaders": _("The desk or an inspector transfers; leaders after a final ruling."),
    "until_wrong": _("Choose a time that lies ahead, 48 hours at most."),
    "target_not_open": _("The case to merge into must be new, assigned or being handled."),
    "target_not_assigned": _("An assigned case can only be merged into an assigned one."),
    "target_younger": _("Merge into the older case, so that the earlier deadline counts."),
    "part_of_a_family": _("A case with parts, or a part of one, cannot be merged."),
    "target_part_of_a_family": _("The case to merge into has parts or is one: choose another."),
    "merge_chain": _("Other cases were merged into this one: it cannot be merged on."),
    "not_merged": _("The case was not merged."),
    "target_closed": _("The case it was merged into is closed: reopen that one."),
    "is_a_child": _("This is a part of another case: act on the whole."),
    "is_merged": _("The case was merged: reopen the one it was merged into."),
    "open_children": _("Parts of this case are still open: they come first."),
    "parts_missing": _("A case is split into two parts or more."),
    "return_too_late": _("Returning is possible within one working day of the assignment."),
    "right_unit_missing": _("Name the unit that you think is right."),
    "returned_before": _("Your unit returned this case before; it can do so only once."),
    "needs_neutral_leader": _("From the second return on, a leader of no unit concerned rules."),
    "no_reporter": _("No reporter can be reached in this case."),
    "means_missing": _("Say how the reporter was contacted."),
    "not_contacted": _("No contact is on record."),
    "words_missing": _("Write something or add a picture."),
    "deadline_passed": _("The deadline has passed: more time had to be asked for before."),
    "extension_used": _("More time can be asked for only once."),
    "no_extension_asked": _("Nobody asked for more time."),
    "days_missing": _("Say how many working days are needed."),
    "outcome_missing": _("Say what came of it: fixed, answered or unfounded."),
    "measures_missing": _("Say what was done: choose at least one measure."),
    "notice_is_not_a_measure": _(
        "A notice is not a fix: a posted notice alone is not a measure. "
        "Say what was really done, or keep handling the case."
    ),
    "picture_missing": _("This category needs a picture that shows the result."),
    "picture_used_before": _(
        "One of these pictures was used before: take a new one that shows the place as it is now."
    ),
    "look_alike_unexplained": _(
        "A picture looks nearly like an earlier one. Write below why that is, or send another "
        "picture: whoever verifies reads what you write."
    ),
    "time_or_place_unexplained": _(
        "A picture says that it was taken at another time or place. Write below why that is, or "
        "send another picture: whoever verifies reads what you write."
    ),
    "picture_shows_nothing": _(
        "One of these pictures has one colour all over: take one that shows the place."
    ),
    "same_picture_twice": _("The same picture was chosen twice: remove one of them."),
    "too_many_pictures": _("At most 9 pictures at a time: send the others afterwards."),
    "claim_of_the_desk": _("The desk declined this return; the claim is not yours to withdraw."),
    "verification_begun": _("The verification has begun."),
    "verifier_drawn": _("A verifier was drawn already."),
    "open_the_claim_first": _("Open the claim before you decide on it."),
    "reporter_not_heard": _(
        "On the papers the reporter is heard first: say how you heard him, or that you could not."
    ),
    "no_reply_yet": _(
        "The reporter has not answered while this claim stood: "
        "wait for the answer, or say how else you heard him."
    ),
    "asked_out_of_turn": _(
        "The unit asks while it handles the case, the drawn verifier while the claim stands."
    ),
    "own_evidence_missing": _("A verification on site needs pictures of your own."),
    "not_twice_unsolved": _(
        "Concluding as unsolved is possible directly after a second verdict of “not solved”."
    ),
    "extension_comes_first": _(
        "Deferring needs an extension that was used or refused, or a deadline that has passed."
    ),
    "review_date_missing": _("Set the date on which the case is looked at again."),
    "review_date_past": _("The review date must lie ahead."),
    "review_date_too_far": _(
        "The review lies too far ahead: choose a day within the limit beside the field."
    ),
    "reopen_too_late": _("A report can be disputed for 30 days; report the problem anew."),
    "nothing_due": _("Nothing is due."),
    "not_accused": _("That unit is not accused in this case."),
    "top_level": _("The highest level of supervision is reached."),
    "person_missing": _("Choose a person."),
    "parent_missing": _("Name the case of which this is a part."),
    "target_less_strict": _(
        "The desk could close that case without verification: "
        "merge into an assigned one, or a sealed one into a sealed one."
    ),
    "target_at_verdict": _(
        "The other case is waiting for its reporters' verdicts: try again afterwards."
    ),
    "unit_missing": _("Your unit is unknown; ask the data manager."),
    "person_elsewhere": _("Choose somebody who handles cases in your unit."),
    "verdict_missing": _("Say whether the problem is solved."),
    "verdict_given_before": _("You have given your verdict on this already."),
    "absent": _("This person is absent."),
    "acted": _("Whoever acted on the case cannot verify it."),
    "accused": _("Somebody of an accused unit cannot verify the case."),
    "handled": _("Somebody of a unit that handled the case cannot verify it."),
    "branch": _("Somebody of the branch of a handling unit cannot verify the case."),
    "contractor": _("Somebody of a contractor of a handling unit cannot verify the case."),
    "too_large": _("The picture is larger than 10 MB: send a smaller one."),
    "too_many_pixels": _("The picture has more than 40 million pixels: send a smaller one."),
    "not_a_picture": _("This file is not a picture: JPEG, PNG and WebP are possible."),
    "animated": _("A moving picture cannot be evidence: send a still one."),
    "empty": _("This file is empty: choose the picture again."),
    "unsupported_picture": _("GIF, BMP and TIFF cannot be taken: send JPEG, PNG or WebP."),
    "carries_other": _("Something else hides in this picture: take a new one and send that."),
    "damaged": _("The picture is damaged: take or send it again."),
    "heic": _("HEIC pictures cannot be read: set the camera to “most compatible” (JPEG)."),
    "storage_full": _("There is no room to store pictures: tell the operator. Nothing was lost."),
    "phone_missing": _("Give a phone number."),
    "phone_characters": _("A phone number has digits only."),
    "phone_length": _("This phone number has too few or too many digits."),
    "phone_area_missing": _("Give the landline with its area code, for example 0513."),
    "phone_unknown": _("This is not a phone number that we can call or text."),
    "contact_empty": _("Give a phone number, an e-mail address or a name."),
    "code_missing": _("Type the access code."),
    "code_characters": _("The code has letters and digits only."),
    "code_length": _("The code is incomplete: it has 17 characters."),
    "code_check": _("There is a slip in the code: compare it character by character."),
    "reason_too_short": _("The reason is too short to be understood later."),
    "reason_too_long": _("The reason is too long: 500 characters at most."),
}


def refusal(code: str) -> str:
    """The sentence for a code of Refused, PictureRefused or a vault error."""
    return str(REFUSAL.get(code, REFUSAL["unknown_command"]))
