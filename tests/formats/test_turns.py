"""Imports are fair: a slice for each organisation in turn, one at a time each, and no more waiting than its quota."""

import pytest
from django.db import OperationalError

from intake import remote
from intake.errors import Unsafe
from kernel.errors import Conflict
from kernel.locks import only_one
from labelling.data import import_upload as importing
from labelling.data import patience
from labelling.data.import_next import import_next
from labelling.data.receive_upload import receive_upload
from labelling.models import Upload
from labelling.projects import quota
from tests.formats.worlds import file, new_dataset, owner
from tests.worlds import deposit

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = b"text\n" + b"".join(b"row %d\n" % n for n in range(9))


@pytest.fixture(autouse=True)
def _short_slices(monkeypatch):
    """A slice is one chunk of three rows."""
    monkeypatch.setattr(importing, "TEXT_CHUNK_ROWS", 3)


def sent(dataset, n: int) -> list[Upload]:
    return [receive_upload(owner(dataset), dataset, files=[file(f"{i}.csv", ROWS)])[0] for i in range(n)]


def slices(n: int) -> list[int]:
    """Whose rows were imported, by organisation, in the order of the slices."""
    served = []
    for _ in range(n):
        before = dict(Upload.objects.values_list("pk", "rows_done"))
        assert import_next(most_s=0)
        after = Upload.objects.select_related("dataset__project")
        served += [u.dataset.project.organisation_id for u in after if u.rows_done != before[u.pk]]
    return served


def test_who_sends_one_file_waits_for_one_slice_of_who_sent_five():
    many, one = new_dataset(name="Many"), new_dataset(name="One")
    theirs, hers = sent(many, 5), sent(one, 1)
    a, b = many.project.organisation_id, one.project.organisation_id
    assert slices(6) == [a, b, a, b, a, b]
    assert Upload.objects.get(pk=hers[0].pk).rows_done == 9
    assert sorted(Upload.objects.filter(pk__in=[u.pk for u in theirs]).values_list("rows_done", flat=True)) == [
        0,
        0,
        3,
        3,
        3,
    ]


def test_nobody_has_two_slices_at_once_while_others_wait():
    many, one = new_dataset(name="Many"), new_dataset(name="One")
    sent(many, 3)
    sent(one, 1)
    with only_one(f"labelling.imports:{many.project.organisation_id}") as mine:  # another importer is at it
        assert mine
        assert slices(3) == [one.project.organisation_id] * 3
        import_next(most_s=0)  # finds the end of hers
        assert not import_next(most_s=0)  # only the one that is taken is left
    assert import_next(most_s=0)


def test_until_a_first_deposit_little_may_wait_and_the_sentence_says_so():
    dataset = new_dataset()
    sent(dataset, quota.UNPAID.uploads)
    with pytest.raises(
        Conflict, match="5 uploads with 0 MB wait to be imported, and at most 5 with 200 MB may wait"
    ) as told:
        sent(dataset, 1)
    assert (told.value.code, told.value.field) == ("quota", "files")
    assert "make a first deposit" in str(told.value)
    assert Upload.objects.count() == quota.UNPAID.uploads
    deposit(dataset.project.organisation, 1_000_000)
    sent(dataset, 1)
    other = new_dataset(name="Other")
    sent(other, quota.UNPAID.uploads)  # each for itself
    while import_next(most_s=60):
        pass
    sent(other, 1)  # what is done waits no more


def test_many_bytes_are_many(monkeypatch):
    monkeypatch.setattr(quota, "UNPAID", quota.Quota(uploads=100, size_bytes=3 * len(ROWS)))
    dataset = new_dataset()
    sent(dataset, 3)
    with pytest.raises(Conflict):
        sent(dataset, 1)


def test_of_two_at_once_the_second_is_refused_and_keeps_no_file(monkeypatch, settings, tmp_path):
    """The first look saw room for both."""
    dataset = new_dataset()
    sent(dataset, quota.UNPAID.uploads)
    looks = []

    def first_look_passes(*asked) -> None:
        looks.append(asked)
        if len(looks) > 1:
            quota.check_quota(*asked)

    for module in ("receive_upload", "upload_session"):
        monkeypatch.setattr(f"labelling.data.{module}.check_quota", first_look_passes)
    kept = []
    storage = importing.default_storage
    monkeypatch.setattr(storage, "delete", kept.append)
    with pytest.raises(Conflict):
        sent(dataset, 1)
    assert len(looks) == 2
    assert len(kept) == 1


def test_a_server_that_drips_costs_ten_addresses_time_and_not_ten_thousand(monkeypatch):
    dataset = new_dataset("image")
    asked = []

    def drips(url, path, *_, **__):
        asked.append(url)
        raise Unsafe("url", remote.too_slow())

    monkeypatch.setattr(remote, "fetch", drips)
    urls = [f"https://drip.example/{n}.jpg" for n in range(40)]
    [upload] = receive_upload(owner(dataset), dataset, urls=urls)
    while import_next(most_s=0):
        pass
    upload.refresh_from_db()
    assert (upload.state, upload.rows_done, upload.rows_refused) == ("done", 40, 40)
    assert asked == urls[: patience.SLOW_ADDRESSES]
    assert upload.refused.filter(reason=importing.GIVEN_UP).count() == 30


def test_slices_count_together(monkeypatch):
    monkeypatch.setattr(importing, "MEDIA_CHUNK_ROWS", 2)
    test_a_server_that_drips_costs_ten_addresses_time_and_not_ten_thousand(monkeypatch)


def test_an_upload_that_cannot_be_read_now_lets_the_others_go_on(monkeypatch):
    broken, good = new_dataset(name="Broken"), new_dataset(name="Good")
    [bad], [fine] = sent(broken, 1), sent(good, 1)
    run = importing.import_upload

    def away(upload_id: int, most_s: float | None = None) -> bool:
        if upload_id == bad.pk:
            raise OperationalError("the storage's database is away")
        return run(upload_id, most_s)

    monkeypatch.setattr("labelling.data.import_next.import_upload", away)
    with pytest.raises(OperationalError):
        import_next(most_s=60)
    import_next(most_s=60)
    fine.refresh_from_db()
    assert fine.state == "done"
