"""Work under fire, as a process of its own: a crowd answers through the API and asks for its money; what it was told is the history.

    python -m tests.faults.generator HISTORY TASKS EACH PAUSE_S [forgetful]

Says PREPARED, then WORKED; then waits for a line on its input until the last decisions are in, and writes HISTORY.
"""

from __future__ import annotations

import json
import os
import random
import sys
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import django

django.setup()

from django.db import InterfaceError, OperationalError, connection  # noqa: E402

from kernel.errors import DomainError  # noqa: E402
from payouts.actions.request_payout import request_payout  # noqa: E402
from people.actions.make_token import make_token  # noqa: E402
from server.replay.crowds import simulate  # noqa: E402
from server.replay.phone import Phone  # noqa: E402
from server.replay.run import Plan, Replay  # noqa: E402

WORKERS, CLIENTS, PACK, REPEATS = 60, 6, 4, 5
PAYOUT_EVERY_S = 1.5


class Crowd(Replay):
    """Each POST is sent one to five times. Every acknowledgement is kept with its time."""

    def __init__(self, plan: Plan, pause_s: float):
        super().__init__(plan)
        self.pause_s, self.times, self.payouts = pause_s, {}, {}
        self._done = threading.Event()

    def send(self, phone: Phone, sent: list[dict], token: str) -> list[dict]:
        results = super().send(phone, sent, token)
        self.times.update({one["id"]: time.time() for one in sent})
        time.sleep(random.uniform(0.5, 1.5) * self.pause_s)
        return results

    def _hire(self, tag: str) -> None:
        """A token that answers does not open the wallet: each has another one for that."""
        super()._hire(tag)
        self.wallets = {name: make_token(one.person, "wallet", ["wallet"])[1] for name, one in self.workers.items()}

    def work(self) -> None:
        with ThreadPoolExecutor(1) as payer:
            asking = payer.submit(self._ask_for_money)
            super().work()
            self._done.set()
            asking.result()  # what it died of, if it did

    def _ask_for_money(self) -> None:
        """One worker after another asks for all she has. The first time by the verb: a token names no new number."""
        phone, known = Phone(self.plan.url, REPEATS), set()
        first = self.project.pk * 1000 % 1_000_000  # nobody has the number of somebody in another project
        number_of = {name: first + n for n, name in enumerate(sorted(self.workers))}
        while not self._done.wait(PAYOUT_EVERY_S):
            name = random.choice(sorted(self.workers))
            payout, number = str(uuid.uuid4()), f"+27820{number_of[name]:06}"
            if name in known:
                body = {"id": payout, "destination": {"phone": number}}
                self.payouts[payout] = phone.post("/wallet/payouts", body, self.wallets[name])["status"]
                assert self.payouts[payout] not in (401, 403), "the wallet is not hers"
            else:
                self.payouts[payout] = self._first_payout(name, payout, number)
                known |= {name} if self.payouts[payout] == 201 else set()

    def _first_payout(self, name: str, payout: str, number: str) -> int:
        for _ in range(100):
            try:
                request_payout(self.workers[name], uuid.UUID(payout), None, number)
            except DomainError as refused:
                return refused.status
            except (OperationalError, InterfaceError):  # the database is away: as a phone does, the same again
                connection.close()
                time.sleep(0.5)
            else:
                return 201
        raise TimeoutError("the database was away for 50 seconds")


class Forgetful(Crowd):
    """The control: phones without an outbox, each try of an answer has a new id."""

    def send(self, phone: Phone, sent: list[dict], token: str) -> list[dict]:
        for _ in range(3):
            results = super().send(phone, [{**one, "id": str(uuid.uuid4())} for one in sent], token)
        return results


def main() -> None:
    history, tasks, each, pause_s, *kind = sys.argv[1:]
    crowd = simulate(int(tasks), WORKERS, [0.85], int(each))
    plan = Plan(crowd=crowd, url=os.environ["PUBLIC_URL"], clients=CLIENTS, repeats=REPEATS, pack=PACK)
    replay = (Forgetful if kind == ["forgetful"] else Crowd)(plan, float(pause_s))
    replay.prepare()
    print("PREPARED", flush=True)
    replay.work()
    print("WORKED", flush=True)
    input()  # until the nemesis is done
    replay.finish()
    told = {key: {"status": one["status"], "at": replay.times.get(key)} for key, one in replay.acknowledged.items()}
    Path(history).write_text(json.dumps({"project": replay.project.pk, "answers": told, "payouts": replay.payouts}))


if __name__ == "__main__":
    main()
