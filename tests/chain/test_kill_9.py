"""Real processes: `manage.py anchor_now` killed with SIGKILL again and again, beside a chain in a process of its own."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from anchoring import contracts
from anchoring.actions.close_period import close_period
from anchoring.chains import get_chain
from anchoring.models import AnchorAttempt, AnchorTx, Period
from tests.chain.world import earn, fund, make_worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
ROOT = Path(__file__).resolve().parents[2]
KILLS = 12


@pytest.fixture
def chain_process(tmp_path, settings):
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'platform'}:{ROOT}"}
    command = [
        sys.executable,
        "-m",
        "anchoring.local_chain",
        "--port",
        "0",
        "--state",
        str(tmp_path),
        "--block-s",
        "0.3",
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment)
    settings.CHAIN_RPC_URL = process.stdout.readline().split()[3].rstrip(",")
    yield settings.CHAIN_RPC_URL
    process.kill()
    process.wait()


def anchor_now(url: str) -> subprocess.Popen:
    """The command in a process of its own, with this test's database."""
    database = os.environ["DATABASE_URL"].replace("/ilima?", f"/{connection.settings_dict['NAME']}?")
    assert connection.settings_dict["NAME"] in database
    environment = os.environ | {"DATABASE_URL": database, "CHAIN_RPC_URL": url, "ANCHOR_STUCK_S": "900"}
    command = [sys.executable, "manage.py", "anchor_now", "--wait-s", "60"]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def kill_at_work(process: subprocess.Popen, rng: random.Random) -> bool:
    """SIGKILL a moment after the command has begun to write; False when it was faster than that."""
    try:
        process.stdout.readline()  # "Closed period ..." or "Nothing new ...": anchoring begins here
        process.wait(rng.uniform(0, 0.8))
        return False
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        return True


def test_one_anchor_a_period_and_no_nonce_hole_after_many_kills(chain_process):
    fund()
    worker, rng, killed = make_worker(), random.Random(7), 0
    for _ in range(KILLS):
        earn(worker, 1000)
        killed += kill_at_work(anchor_now(chain_process), rng)
    last = anchor_now(chain_process)
    assert last.wait(120) == 0, last.stdout.read()
    assert killed >= KILLS // 2
    assert close_period() is None
    periods = list(Period.objects.all())
    assert len(periods) == KILLS
    assert {period.state for period in periods} == {"final"}
    assert sorted(AnchorTx.objects.values_list("nonce", flat=True)) == list(range(KILLS + 1))
    assert AnchorAttempt.objects.count() == KILLS + 1
    check_the_chain(periods)


def check_the_chain(periods: list[Period]) -> None:
    chain, contract = get_chain(), AnchorTx.objects.get(period=None).contract
    assert int.from_bytes(chain.call(contract, contracts.read_data("count")), "big") == len(periods)
    for period in periods:
        assert chain.call(contract, contracts.read_data("headers", period.number)).hex() == period.header_hash
    assert chain.nonce(AnchorTx.objects.first().sender) == len(periods) + 1
