"""The power goes while two hundred people report: nothing that was acknowledged is lost, and
whoever sends again has one report, not two."""

import random

from tests import system
from tests.crash.inside import ask_inside
from tests.crash.storm import Form, Message, Sender, Storm, again, number_on

MESSAGES, FORMS, ENOUGH = 150, 50, 60
ALL = MESSAGES + FORMS


def test_a_kill_among_200_submissions_loses_none_acknowledged_and_doubles_none_on_retry(
    environment: dict[str, str],
) -> None:
    workers = "2" if environment["DATABASE_URL"].startswith("postgres") else "1"
    with system.serving(environment, "--workers", workers) as first:
        forms = [Form(number, first.url) for number in range(FORMS)]
        senders: list[Sender] = [*(Message(number) for number in range(MESSAGES)), *forms]
        # Forms and messages in turns, so that both are under way when it happens.
        random.Random(1).shuffle(senders)
        storm = Storm(senders)
        storm.break_out(first.url, enough=ENOUGH, then=first.kill)
    before = ask_inside(environment, "stored")
    assert ENOUGH <= len(storm.acknowledged) < ALL
    assert len(before["numbers"]) < ALL, "the kill came too late to prove anything"
    assert before["faults"] == []

    with system.serving(environment, "--workers", workers) as second:
        acknowledged = {
            id: number_on(receipt, second.url) for id, receipt in storm.acknowledged.items()
        }
        assert set(acknowledged.values()) <= set(before["numbers"])
        assert len(set(acknowledged.values())) == len(acknowledged)

        receipts = again(storm.senders, second.url)
        numbers = {id: number_on(receipt, second.url) for id, receipt in receipts.items()}
    assert {id: numbers[id] for id in acknowledged} == acknowledged

    after = ask_inside(environment, "stored")
    assert sorted(after["numbers"]) == sorted(numbers.values())
    counted = {key: after[key] for key in ("cases", "received", "keys", "messages", "pictures")}
    assert counted == {
        "cases": ALL, "received": ALL, "keys": ALL, "messages": MESSAGES, "pictures": FORMS,
    }  # fmt: skip
    assert after["faults"] == []
