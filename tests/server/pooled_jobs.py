"""Run by test_pooler.py with DATABASE_URL at a pooler: releases, imports, audits, exports of data and retraining side by side."""

import json
import sys
import threading
from collections import Counter

import django

django.setup()

from django.db import connection  # noqa: E402

from labelling.data.import_upload import import_upload  # noqa: E402
from labelling.models import Project, Release, Upload  # noqa: E402
from labelling.releases.build_release import build_release  # noqa: E402
from ledger.audit import findings  # noqa: E402
from ledger.hash_chain import seal  # noqa: E402
from ml_assist import tasks as learning  # noqa: E402
from people.models import Person  # noqa: E402
from people.personal_data import export_person  # noqa: E402

failed: Counter = Counter()


def each(name, jobs):
    for job in jobs:
        try:
            job()
        except Exception as failure:  # said to the test
            failed[f"{name}: {type(failure).__name__}: {failure}"[:200]] += 1
    connection.close()


def audit():
    seal()
    assert findings() == []


def old_stream():
    """A cursor of the old kind: outside a transaction."""
    for person in Person.objects.order_by("pk")._iterator(True, 1):
        assert Project.objects.count(), person


def export():
    for person in list(Person.objects.all()[:5]):
        assert "".join(export_person(person)).endswith("}\n")


def main():
    releases = list(Release.objects.filter(state="building").values_list("pk", flat=True))
    uploads = list(Upload.objects.filter(state="waiting").values_list("pk", flat=True))
    work = {
        "release": [lambda pk=pk: build_release(pk) for pk in releases],
        "release again": [lambda pk=pk: build_release(pk) for pk in releases],
        "import": [lambda pk=pk: import_upload(pk) for pk in uploads],
        "audit": [audit] * 10,
        "export": [export] * 10,
        "retrain": [learning.retrain_due] * 10,
    }
    if sys.argv[1:] == ["old"]:
        work = {f"stream {n}": [old_stream] * 10 for n in range(4)}
    threads = [threading.Thread(target=each, args=one) for one in work.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps({"failed": failed, "jobs": sum(map(len, work.values()))}))


main()
