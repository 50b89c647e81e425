"""Files of releases on their way to an endpoint: each at least once under one key, in order, whatever the recipient does."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from sqlmodel import col, select

from app.audit.models import AuditAction, AuditEvent
from app.core import clock, leases
from app.core.db import Database
from app.core.errors import Conflict, Gone, NotFound
from app.core.signing import signed
from app.releases import deliveries, delivering
from app.releases.deliveries import Sending
from app.releases.models import Handover, Release, ReleaseFile, ReleaseFilePart
from app.settings import get_settings
from tests import receiver
from tests.receiver import Receiver, receiving
from tests.releases.carrying import TEAM

KEY = "a key that only these tests share with it"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PARTS = (b"reference,organisation_code\r\n", b"ND-1,RJ1\r\n", b"ND-2,RJ1\r\n")


@pytest.fixture
def there(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    with receiving() as found:
        endpoint = {"key": "midas", "recipient": "MIDAS", "file": "midas.csv", "url": found.url, "signing_key": KEY}
        monkeypatch.setenv("DEBTOR_RETURNS_RELEASE_ENDPOINTS", json.dumps([endpoint]))
        get_settings.cache_clear()
        yield found


def released(
    database: Database, number: int = 1, recipient_key: str = "midas", state: str = "released", at: datetime = NOON
) -> str:
    with database.writing() as db:
        made = Release(
            number=number, scope="full", recipient="MIDAS", recipient_key=recipient_key, purpose="Monthly load",
            state=state, as_at=at, seen=0, seed="1", prepared_by="one", released_at=at,
        )  # fmt: skip
        db.add(made)
        db.flush()
        for name in ("midas.csv", "warnings-index.csv"):
            content = b"".join(PARTS)
            digest = sha256(content).hexdigest()
            file = ReleaseFile(release_id=made.id, name=name, rows=2, size=len(content), sha256=digest)
            db.add(file)
            db.flush()
            for place, part in enumerate(PARTS):
                db.add(ReleaseFilePart(file_id=file.id, number=place, content=part))
        return made.id


def deliver(database: Database, at: datetime = NOON, holder: str = "one") -> list[str]:
    with clock.at(at):
        return list(delivering.deliver(database, holder))


def sendings(database: Database, release_id: str) -> list[Sending]:
    with database.reading() as db:
        return deliveries.deliveries_of(db, release_id)


def test_without_an_endpoint_nothing_is_sent(database: Database):
    release_id = released(database)
    assert (deliver(database), sendings(database, release_id)) == ([], [])


def test_a_released_file_arrives_whole_signed_and_is_noted_once(database: Database, there: Receiver):
    release_id = released(database)
    assert deliver(database) == ["Release 1, midas.csv to midas: delivered."]
    (sent,) = sendings(database, release_id)
    (taken,) = there.taken
    assert taken.body == b"".join(PARTS)
    assert taken.headers["idempotency-key"] == sent.delivery.id
    assert taken.headers["x-content-sha256"] == sha256(taken.body).hexdigest()
    assert taken.headers["content-type"] == "text/csv; charset=utf-8"
    moment = datetime.fromtimestamp(int(taken.headers["webhook-timestamp"]), UTC)
    expected = signed(KEY, sent.delivery.id, moment, taken.body)
    assert taken.headers["webhook-signature"] == expected["webhook-signature"]
    assert (sent.words, sent.delivery.arrived_at, len(sent.attempts)) == ("Arrived", NOON, 1)
    assert (deliver(database), len(there.taken)) == ([], 1)
    with database.reading() as db:
        (handover,) = db.exec(select(Handover)).all()
        (event,) = db.exec(select(AuditEvent).where(col(AuditEvent.action) == AuditAction.RELEASE_DELIVERED)).all()
    assert (handover.name, handover.by, handover.at) == ("midas.csv", "worker", NOON)
    assert event.detail == {"number": 1, "file": "midas.csv", "endpoint": "midas", "attempts": 1}


@pytest.mark.parametrize(
    ("recipient_key", "state", "at"),
    [("another", "released", NOON), ("midas", "approved", NOON), ("midas", "released", NOON - 31 * DAY)],
)
def test_what_is_anothers_not_released_or_long_past_is_not_sent(
    database: Database, there: Receiver, recipient_key: str, state: str, at: datetime
):
    released(database, recipient_key=recipient_key, state=state, at=at)
    assert (deliver(database), there.taken) == ([], [])


@pytest.mark.parametrize("answer", [500, 403, receiver.dies, receiver.dies_mid_way])
def test_what_does_not_arrive_is_sent_again_later_under_the_same_key_and_every_attempt_is_kept(
    database: Database, there: Receiver, answer: object
):
    release_id = released(database)
    there.answers.extend([answer])
    deliver(database)
    (sent,) = sendings(database, release_id)
    assert sent.delivery.arrived_at is None and sent.attempts[0].trouble
    assert sent.words.startswith("Is tried again. The ")
    assert 45 <= (sent.delivery.next_at - NOON).total_seconds() <= 60
    assert deliver(database, NOON + timedelta(seconds=44)) == []
    deliver(database, NOON + MINUTE)
    assert len({taken.headers["idempotency-key"] for taken in there.taken}) == 1
    assert [bool(each.trouble) for each in sendings(database, release_id)[0].attempts] == [True, False]


def test_a_recipient_who_has_it_already_or_answers_twice_has_it_once(database: Database, there: Receiver):
    ids = [released(database, number) for number in (1, 2)]
    there.answers.extend([409, receiver.answers_twice])
    deliver(database)
    assert [sendings(database, each)[0].words for each in ids] == ["Arrived", "Arrived"]
    assert len(there.taken) == 2


def test_a_recipient_who_stalls_is_left_and_tried_again(
    database: Database, there: Receiver, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(delivering, "SILENCE", timedelta(seconds=0.2))
    there.answers.extend([receiver.stalls])
    release_id = released(database)
    deliver(database)
    assert sendings(database, release_id)[0].attempts[0].trouble == "The recipient did not answer in time."


def test_releases_go_out_in_order_and_wait_for_the_one_before(database: Database, there: Receiver):
    for number in (1, 2):
        released(database, number)
    there.answers.extend([503])
    deliver(database)
    assert [taken.headers["x-release-number"] for taken in there.taken] == ["1"]
    deliver(database, NOON + MINUTE)
    assert [taken.headers["x-release-number"] for taken in there.taken] == ["1", "1", "2"]


def test_pauses_grow_to_an_hour_and_after_three_days_it_is_given_up_in_words(database: Database, there: Receiver):
    release_id, at, pauses = released(database), NOON, []
    there.answers.extend([503] * 200)
    for _ in range(200):
        said = deliver(database, at)
        (sent,) = sendings(database, release_id)
        if sent.delivery.given_up_at is not None:
            break
        pauses.append(sent.delivery.next_at - at)
        at = sent.delivery.next_at
    assert pauses[:5] == sorted(pauses[:5]) and max(pauses) <= HOUR
    assert 3 * DAY <= at - NOON < 3 * DAY + HOUR
    assert said == [
        f"Release 1, midas.csv to midas: The recipient answered 503 (Service Unavailable). "
        f"Given up after {len(sent.attempts)} attempts."
    ]
    assert sent.words == (
        "Given up. The recipient answered 503 (Service Unavailable). Try again, or download the file and send it another way."
    )
    assert deliver(database, at + DAY) == []


def given_up(database: Database, there: Receiver, number: int = 1) -> tuple[str, str]:
    """A release and its delivery, which failed at noon and again three days later."""
    release_id = released(database, number)
    there.answers.extend([503, 503])
    deliver(database)
    deliver(database, NOON + 3 * DAY)
    (sent,) = sendings(database, release_id)
    assert sent.is_given_up
    return release_id, sent.delivery.id


def try_again(database: Database, release_id: str, delivery_id: str) -> None:
    with clock.at(NOON + 4 * DAY), database.writing() as db:
        deliveries.try_again(db, TEAM, release_id, delivery_id)


def test_what_was_given_up_is_sent_once_more_under_the_same_key_when_somebody_asks(database: Database, there: Receiver):
    release_id, delivery_id = given_up(database, there)
    try_again(database, release_id, delivery_id)
    assert sendings(database, release_id)[0].words.startswith("Is tried again. The recipient answered 503")
    assert deliver(database, NOON + 4 * DAY) == ["Release 1, midas.csv to midas: delivered."]
    (sent,) = sendings(database, release_id)
    assert (sent.words, len(sent.attempts)) == ("Arrived", 3)
    assert {taken.headers["idempotency-key"] for taken in there.taken} == {delivery_id}
    with database.reading() as db:
        action = AuditAction.RELEASE_DELIVERY_RETRIED
        (event,) = db.exec(select(AuditEvent).where(col(AuditEvent.action) == action)).all()
    assert (event.actor, event.subject_id) == (TEAM.id, release_id)
    assert event.detail == {"number": 1, "file": "midas.csv", "endpoint": "midas", "attempts": 2}


def test_an_attempt_by_hand_that_fails_is_given_up_again_and_holds_no_later_release_up(
    database: Database, there: Receiver
):
    release_id, delivery_id = given_up(database, there)
    later = released(database, 2, at=NOON + 4 * DAY)
    try_again(database, release_id, delivery_id)
    there.answers.extend([503])
    deliver(database, NOON + 4 * DAY)
    assert sendings(database, release_id)[0].is_given_up
    assert sendings(database, later)[0].words == "Arrived"
    with database.reading() as db:
        assert deliveries.arrived_since(db, db.get_one(Release, release_id), "midas") == 2
        assert deliveries.arrived_since(db, db.get_one(Release, later), "midas") is None


def test_only_what_is_given_up_is_tried_again_and_one_asking_is_enough(database: Database, there: Receiver):
    release_id, delivery_id = given_up(database, there)
    try_again(database, release_id, delivery_id)
    with pytest.raises(Conflict, match="is on its way already"):
        try_again(database, release_id, delivery_id)
    deliver(database, NOON + 4 * DAY)
    with pytest.raises(Conflict, match="has arrived, so there is nothing to send again"):
        try_again(database, release_id, delivery_id)
    for wrong in ((release_id, "0" * 32), ("0" * 32, delivery_id), (released(database, 2), delivery_id)):
        with pytest.raises(NotFound):
            try_again(database, *wrong)


def test_what_has_no_endpoint_any_more_is_not_tried_again(
    database: Database, there: Receiver, monkeypatch: pytest.MonkeyPatch
):
    release_id, delivery_id = given_up(database, there)
    monkeypatch.setenv("DEBTOR_RETURNS_RELEASE_ENDPOINTS", "[]")
    get_settings.cache_clear()
    with pytest.raises(Conflict, match="No endpoint midas for"):
        try_again(database, release_id, delivery_id)


def test_what_was_deleted_in_its_time_is_not_tried_again_and_its_page_offers_nothing(
    database: Database, there: Receiver
):
    release_id, delivery_id = given_up(database, there)
    with database.writing() as db:
        for file in db.exec(select(ReleaseFile).where(col(ReleaseFile.release_id) == release_id)):
            file.deleted_at = NOON
            db.add(file)
    with pytest.raises(Gone, match="was deleted on 22 November 2026"):
        try_again(database, release_id, delivery_id)
    (sent,) = sendings(database, release_id)
    assert (sent.can_be_tried_again, sent.words) == (False, f"Given up. {delivering.DELETED}")


def test_a_file_that_is_not_as_it_was_frozen_does_not_leave(database: Database, there: Receiver):
    release_id = released(database)
    with database.writing() as db:
        for part in db.exec(select(ReleaseFilePart).where(col(ReleaseFilePart.number) == 1)):
            part.content = b"ND-9,RJ1\r\n"
            db.add(part)
    deliver(database)
    assert there.taken == []
    assert sendings(database, release_id)[0].attempts[0].trouble == delivering.CHANGED


def test_of_several_workers_one_sends_to_an_endpoint(database: Database, there: Receiver):
    released(database)
    with clock.at(NOON), database.writing() as db:
        leases.take(db, f"{delivering.LEASE} midas", "another", NOON)
    assert deliver(database) == []
    assert len(deliver(database, NOON + 2 * leases.LASTS)) == 1


def test_while_one_worker_sends_to_one_endpoint_another_sends_to_the_next(
    database: Database, there: Receiver, monkeypatch: pytest.MonkeyPatch
):
    for number in (1, 2):
        released(database, number)
    to = {"recipient": "MIDAS", "url": there.url, "signing_key": KEY}
    both = [{"key": "midas", "file": "midas.csv", **to}, {"key": "index", "file": "warnings-index.csv", **to}]
    monkeypatch.setenv("DEBTOR_RETURNS_RELEASE_ENDPOINTS", json.dumps(both))
    get_settings.cache_clear()
    meanwhile: list[str] = []

    def asks_another(_handler: object) -> int:
        meanwhile.extend(deliver(database, holder="two"))
        return 204

    there.answers.append(asks_another)
    assert deliver(database) == [f"Release {number}, midas.csv to midas: delivered." for number in (1, 2)]
    assert meanwhile == [f"Release {number}, warnings-index.csv to index: delivered." for number in (1, 2)]


def test_nothing_is_locked_while_the_recipient_is_asked(database: Database, there: Receiver):
    release_id = released(database)

    def writes_meanwhile(_handler: object) -> int:
        with database.writing() as db:
            found = db.get(Release, release_id)
            assert found is not None
            found.purpose = "Changed meanwhile"
            db.add(found)
        return 204

    there.answers.append(writes_meanwhile)
    assert deliver(database) == ["Release 1, midas.csv to midas: delivered."]
