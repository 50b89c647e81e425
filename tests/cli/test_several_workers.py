"""Several workers, each a process of its own: the work is shared, a killed one loses nothing, nothing is done twice."""

import asyncio
import os
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlmodel import col, select

from app.core import clock, outbox, turns
from app.core.db import Database
from app.core.mail import sending
from app.core.mail.smtp import TWICE
from app.core.outbox import Message
from app.settings import get_settings
from tests.debts.feeding import acknowledged, fill_feed
from tests.mail_servers import Mailbox, serving
from tests.receiver import receiving

ON_POSTGRESQL = pytest.mark.parametrize("_store", ["postgresql"], indirect=True)
MAILS = 24
# The worker's two quickest jobs, begun by all at the same moment: when they are told to.
WORKER = """
from app import tables
from app.core.db import Database
from app.core.ids import new_id
from app.core.mail import sending
from app.debts import pushing
from app.settings import get_settings

store, me = Database(get_settings().database_url), new_id()
print("ready", flush=True)
input()
for line in (*sending.send(store), *pushing.push(store, me)):
    print(line, flush=True)
"""


@dataclass
class Slow(Mailbox):
    """Takes no mail before the test says so."""

    held: set[str] = field(default_factory=set)
    is_open: bool = False

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.held.add(session.peer)
        while not self.is_open:
            await asyncio.sleep(0.01)
        return await super().handle_DATA(server, session, envelope)


def waiting(database: Database) -> list[Message]:
    with database.reading() as db:
        return list(db.exec(select(Message).where(col(Message.state) == "waiting").order_by(col(Message.id))))


def _worker() -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, "-c", WORKER], stdin=pipe, stdout=pipe, env=os.environ, text=True)


@ON_POSTGRESQL
def test_three_share_the_work_and_when_one_is_killed_the_others_do_the_rest(database: Database, monkeypatch):
    with serving(Slow) as box, receiving() as there:
        more = {
            "mail": "smtp", "smtp_host": "127.0.0.1", "smtp_port": str(box.port), "smtp_tls": "plain",
            "mail_from": "returns@service.example", "warnings_index_push_url": there.url,
            "warnings_index_push_key": "a key that only these tests share with it",
        }  # fmt: skip
        for name, value in more.items():
            monkeypatch.setenv(f"DEBTOR_RETURNS_{name.upper()}", value)
        get_settings.cache_clear()
        fill_feed(database, 12)
        with database.writing() as db:
            ids = [outbox.put(db, f"ovm@rj{n}.example", "Due", f"Text {n}", "reminder").id for n in range(MAILS)]
        workers = [_worker() for _ in range(3)]
        assert [one.stdout.readline() for one in workers] == ["ready\n"] * 3
        for one in workers:
            one.stdin.write("go\n")
            one.stdin.flush()
        until = time.monotonic() + 60
        while len(box.held) < 3 and time.monotonic() < until:
            time.sleep(0.01)
        killed, *others = workers
        killed.kill()
        killed.wait()
        box.is_open = True
        said = [[line for line in one.communicate()[0].splitlines() if line.startswith("Mail")] for one in others]
        killed.stdin.close()
        killed.stdout.close()
        [cut_off] = waiting(database)
        assert (cut_off.is_unsure, len(box.taken)) == (True, MAILS - 1)
        assert all(said) and sum(map(len, said)) == MAILS - 1
        assert list(sending.send(database)) == []
        with clock.at(cut_off.next_at):
            assert list(sending.send(database)) == [f"Mail {cut_off.id}: {TWICE}"]
    assert Counter(one["message-id"] for one in box.taken) == Counter(f"<{id_}@service.example>" for id_ in ids)
    assert there.ids == acknowledged(database) == list(range(1, 13))


def test_a_turn_that_another_has_is_not_waited_for(database: Database):
    with database.writing() as db:
        assert turns.turn_if_free(db, "reminding")
        if not database.is_sqlite:  # where a writing transaction is alone
            with database.writing() as other:
                assert not turns.turn_if_free(other, "reminding")
                assert turns.turn_if_free(other, "audit seals")
    with database.writing() as db:
        assert turns.turn_if_free(db, "reminding")
