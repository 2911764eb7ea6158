"""Run by test_pooler.py with DATABASE_URL at a pooler: three threads take locks, 40 names, 1,000 rounds; says what went wrong.

`old` is how it was done before: the lock of a session, which behind the pooler is somebody else's.
"""

import json
import random
import sys
import threading
from collections import Counter
from contextlib import contextmanager

import django

django.setup()

from django.db import connection  # noqa: E402

from kernel.locks import only_one  # noqa: E402

ROUNDS, NAMES, THREADS = 1000, 40, 3


@contextmanager
def of_a_session(name):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
        (mine,) = cursor.fetchone()
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])


def work(lock, rounds, chance, said, guard, held):
    for _ in range(rounds):
        name = f"test:{chance.randrange(NAMES)}"
        with lock(name) as mine:
            if not mine:
                with guard:
                    said["taken"] += 1
                continue
            with guard:
                held[name] += 1
                said["twice"] += held[name] > 1
                said["held"] += 1
            with connection.cursor() as cursor:  # the job's own statement, on whichever connection the pooler has free
                cursor.execute("SELECT pg_sleep(%s)", [chance.random() / 500])
            with guard:
                held[name] -= 1
    connection.close()


def main():
    lock = of_a_session if sys.argv[1] == "old" else only_one
    said, guard, held = Counter(), threading.Lock(), Counter()
    threads = [
        threading.Thread(target=work, args=(lock, ROUNDS // THREADS + 1, random.Random(seed), said, guard, held))
        for seed in range(THREADS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps({name: said[name] for name in ("held", "taken", "twice")}))


main()
