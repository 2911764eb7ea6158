"""The rail's own books: orders it was given, entries that moved money, callbacks it owes. SQLite, synchronous=FULL: written is written."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from payouts.simulated_rail import faults

_SCHEMA = """
CREATE TABLE IF NOT EXISTS orders (
    reference TEXT PRIMARY KEY, kind TEXT NOT NULL, amount_micro INTEGER NOT NULL, currency TEXT NOT NULL, destination TEXT NOT NULL,
    status TEXT NOT NULL, moved_micro INTEGER NOT NULL DEFAULT 0, fee_micro INTEGER NOT NULL DEFAULT 0, receipt TEXT NOT NULL DEFAULT '',
    code TEXT NOT NULL DEFAULT '', next_status TEXT, next_at REAL);
CREATE TABLE IF NOT EXISTS entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT, reference TEXT NOT NULL REFERENCES orders, kind TEXT NOT NULL, currency TEXT NOT NULL,
    wallet_micro INTEGER NOT NULL, at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS tries (reference TEXT PRIMARY KEY, count INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS callbacks (
    id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL, forged INTEGER NOT NULL, tries INTEGER NOT NULL DEFAULT 0,
    not_before REAL NOT NULL DEFAULT 0, delivered INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS clock (only INTEGER PRIMARY KEY CHECK (only = 1), ahead_s REAL NOT NULL);
INSERT OR IGNORE INTO clock VALUES (1, 0);
"""
# What moves the platform's wallet at the rail: +1 money comes in, -1 money leaves.
_SIGN = {"payout": -1, "charge": 1}


@dataclass(frozen=True)
class Callback:
    id: int
    body: str
    forged: bool


class Books:
    def __init__(self, path: Path, fee_micro: int = 0):
        self._fee_micro = fee_micro
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; {_SCHEMA}")
        if not self._db.execute("SELECT 1 FROM pragma_table_info('orders') WHERE name = 'back_micro'").fetchone():
            self._db.execute(
                "ALTER TABLE orders ADD COLUMN back_micro INTEGER NOT NULL DEFAULT 0"
            )  # books of an older rail
            self._db.execute("UPDATE orders SET back_micro = moved_micro WHERE status = 'reversed'")

    def __enter__(self) -> Books:
        """One writer at a time; everything inside is one transaction."""
        self._lock.acquire()
        self._db.execute("BEGIN IMMEDIATE")
        return self

    def __exit__(self, error: object, *_: object) -> None:
        try:
            self._db.execute("ROLLBACK" if error else "COMMIT")
        finally:
            self._lock.release()

    def now(self) -> float:
        return time.time() + self._db.execute("SELECT ahead_s FROM clock").fetchone()[0]

    def advance_clock(self, seconds: float) -> None:
        self._db.execute("UPDATE clock SET ahead_s = ahead_s + ?", [seconds])

    def count_try(self, reference: str) -> int:
        sql = "INSERT INTO tries VALUES (?, 1) ON CONFLICT (reference) DO UPDATE SET count = count + 1 RETURNING count"
        return self._db.execute(sql, [reference]).fetchone()[0]

    def order(self, reference: str) -> dict | None:
        row = self._db.execute("SELECT * FROM orders WHERE reference = ?", [reference]).fetchone()
        return dict(row) if row else None

    def _known(self, reference: str) -> dict:
        if order := self.order(reference):
            return order
        raise KeyError(reference)

    def add_order(self, kind: str, reference: str, amount_micro: int, currency: str, destination: str) -> None:
        sql = "INSERT INTO orders (reference, kind, amount_micro, currency, destination, status) VALUES (?, ?, ?, ?, ?, 'pending')"
        self._db.execute(sql, [reference, kind, amount_micro, currency, destination])

    def pay(self, reference: str, moved_micro: int | None = None) -> None:
        order = self._known(reference)
        moved_micro = order["amount_micro"] if moved_micro is None else moved_micro
        self._enter(order, "paid", _SIGN[order["kind"]] * moved_micro - self._fee_micro)
        self._db.execute(
            "UPDATE orders SET status='paid', moved_micro=?, fee_micro=?, receipt=?, next_at=NULL WHERE reference=?",
            [moved_micro, self._fee_micro, f"R{reference[-10:].upper()}", reference],
        )
        self.owe_callback(reference)

    def fail(self, reference: str, code: str) -> None:
        self._db.execute("UPDATE orders SET status='failed', code=?, next_at=NULL WHERE reference=?", [code, reference])
        self.owe_callback(reference)

    def take_back(self, reference: str, micro: int | None = None) -> None:
        """All that is left of it, or a part."""
        order = self._known(reference)
        left = order["moved_micro"] - order["back_micro"]
        micro = left if micro is None else min(micro, left)
        self._enter(order, "reversed", -_SIGN[order["kind"]] * micro)
        self._db.execute(
            "UPDATE orders SET status='reversed', code='reversed', next_at=NULL, back_micro=back_micro + ? WHERE reference=?",
            [micro, reference],
        )
        self.owe_callback(reference)

    def schedule(self, reference: str, status: str, after_s: float) -> None:
        values = [status, self.now() + after_s, reference]
        self._db.execute("UPDATE orders SET next_status=?, next_at=? WHERE reference=?", values)

    def do_what_is_due(self) -> None:
        """Late payments and reversals whose hour has come."""
        due = self._db.execute("SELECT reference, next_status FROM orders WHERE next_at <= ?", [self.now()]).fetchall()
        for reference, status in due:
            self.pay(reference) if status == "paid" else self.take_back(reference)

    def statement(self, after_id: int, limit: int = 1000) -> list[dict]:
        sql = "SELECT * FROM entries WHERE id > ? ORDER BY id LIMIT ?"
        return [dict(row) for row in self._db.execute(sql, [after_id, limit])]

    def owe_callback(self, reference: str, forged_status: str = "") -> None:
        order = self._known(reference)
        body = json.dumps(
            {"reference": reference, "status": forged_status or order["status"], "amount_micro": order["moved_micro"]}
        )
        for _ in range(
            5 if order["destination"] and faults.fault_of(order["destination"]) == faults.FIVE_CALLBACKS else 1
        ):
            self._db.execute("INSERT INTO callbacks (body, forged) VALUES (?, ?)", [body, bool(forged_status)])

    def callbacks_due(self) -> list[Callback]:
        sql = "SELECT id, body, forged FROM callbacks WHERE NOT delivered AND not_before <= ? ORDER BY id LIMIT 100"
        return [Callback(row["id"], row["body"], bool(row["forged"])) for row in self._db.execute(sql, [self.now()])]

    def callback_done(self, callback_id: int, delivered: bool, give_up_after: int = 8) -> None:
        sql = """UPDATE callbacks SET tries = tries + 1, not_before = ? + (2 << tries), delivered = ? OR tries + 1 >= ? WHERE id = ?"""
        self._db.execute(sql, [int(self.now()), delivered, give_up_after, callback_id])

    def _enter(self, order: dict, kind: str, wallet_micro: int) -> None:
        sql = "INSERT INTO entries (reference, kind, currency, wallet_micro, at) VALUES (?, ?, ?, ?, ?)"
        self._db.execute(sql, [order["reference"], kind, order["currency"], wallet_micro, self.now()])
