"""Second connections and threads for the tests of the ledger."""

from threading import Barrier, Thread

import psycopg
from django.db import connection


def writer_connection() -> psycopg.Connection:
    """A connection of its own to the test database, as the owner, with a transaction open."""
    parameters = connection.get_connection_params()
    wanted = {key: parameters[key] for key in ("dbname", "user", "password", "host", "port") if parameters.get(key)}
    return psycopg.connect(**wanted)


def wait_until_blocked(work, unblock) -> None:
    """Run `work` in a thread, call `unblock` once PostgreSQL reports a session waiting for a lock, and wait for `work` to end."""

    def body():
        try:
            work()
        finally:
            connection.close()

    thread = Thread(target=body)
    thread.start()
    with writer_connection() as watcher:
        watcher.autocommit = True
        waiting = (
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        while thread.is_alive() and watcher.execute(waiting).fetchone() == (0,):
            thread.join(0.01)
    assert thread.is_alive(), "the work did not wait"
    unblock()
    thread.join()


def in_threads(count, work):
    """Run work(n) in `count` threads that start together, each with a connection of its own; what each raised or returned."""
    gate, results = Barrier(count), [None] * count

    def body(n):
        gate.wait()
        try:
            results[n] = work(n)
        except Exception as error:
            results[n] = error
        finally:
            connection.close()

    threads = [Thread(target=body, args=[n]) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
