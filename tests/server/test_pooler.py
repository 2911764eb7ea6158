"""Behind a pooler in transaction mode, as big PostgreSQLs are used: no lock is leaked or held twice, and nothing long fails."""

import pytest

from labelling.data.receive_upload import receive_upload
from labelling.models import Item, Release, Upload
from labelling.releases.create_release import create_release
from tests.formats.decided import text_world
from tests.formats.worlds import file, owner
from tests.pooler import Pooler, needs_pgbouncer

pytestmark = [pytest.mark.django_db(transaction=True), needs_pgbouncer, pytest.mark.slow]


def test_a_thousand_rounds_of_locks_leak_none_and_hold_none_twice(tmp_path):
    with Pooler(tmp_path) as pooler:
        said = pooler.run("tests.server.pooled_rounds", "new")
        assert (said["twice"], pooler.advisory_locks()) == (0, 0)
        assert said["held"] + said["taken"] >= 1000
        assert said["held"] > 900


def test_control_locks_of_sessions_leak_and_are_held_twice(tmp_path):
    with Pooler(tmp_path) as pooler:
        said = pooler.run("tests.server.pooled_rounds", "old")
        assert said["twice"] > 0 or pooler.advisory_locks() > 0
        print("old scheme:", said, "leaked", pooler.advisory_locks())


def test_releases_imports_audits_and_exports_run_side_by_side(tmp_path):
    dataset, _ = text_world(300)
    person = owner(dataset)
    releases = [create_release(person, dataset.project) for _ in range(10)]
    for n in range(5):
        rows = b"".join(b"text %d of %d\n" % (row, n) for row in range(500))
        receive_upload(person, dataset, files=[file(f"{n}.csv", b"text\n" + rows)])
    with Pooler(tmp_path, size=8) as pooler:
        said = pooler.run("tests.server.pooled_jobs")
        assert said == {"failed": {}, "jobs": 55}
        assert pooler.advisory_locks() == 0
    assert list(Release.objects.values_list("state", "items")) == [("ready", 300)] * len(releases)
    assert list(Upload.objects.values_list("state", "rows_added")) == [("done", 500)] * 5
    assert Item.objects.filter(dataset=dataset).count() == 300 + 5 * 500


def test_control_streams_outside_a_transaction_fail(tmp_path):
    text_world(3)
    with Pooler(tmp_path, size=2) as pooler:
        said = pooler.run("tests.server.pooled_jobs", "old")
    assert any("portal" in failure or "cursor" in failure for failure in said["failed"]), said
