"""Limits slow strangers and never lock out the person herself; nothing resets them, and a burst gets not one more."""

import json
import re
import threading

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client, RequestFactory

from delivery.cache import GuardedCache
from ledger import clock
from people import code_limits
from people.budgets import Budget, forget_ended, take
from people.models import BudgetSpent, Lasting, Person
from people.network import network_of

pytestmark = pytest.mark.django_db
API = "/_allauth/browser/v1"
HER, PASSWORD = "victim@example.org", "a long pass phrase"
HOME, CAFE = "192.0.2.10", "198.51.100.20"


def post(client: Client, path: str, **body):
    return client.post(API + path, json.dumps(body), content_type="application/json")


def mailed_code() -> str:
    return re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", mail.outbox[-1].body, re.MULTILINE).group(1)


@pytest.fixture
def her() -> Person:
    return Person.objects.create_user(email=HER, password=PASSWORD)


def attack(network: str, n: int = 5) -> None:
    """As many codes and wrong passwords for her address as one network gets."""
    for _ in range(n + 1):
        post(Client(REMOTE_ADDR=network), "/auth/code/request", email=HER)
        post(Client(REMOTE_ADDR=network), "/auth/login", email=HER, password="wrong")


def test_a_stranger_locks_nobody_out_from_another_network(her):
    attack(CAFE)
    assert post(Client(REMOTE_ADDR=CAFE), "/auth/code/request", email=HER).status_code == 429
    at_home = Client(REMOTE_ADDR=HOME)
    assert post(at_home, "/auth/code/request", email=HER).status_code == 401
    assert post(at_home, "/auth/code/confirm", code=mailed_code()).status_code == 200
    assert post(Client(REMOTE_ADDR=HOME), "/auth/login", email=HER, password=PASSWORD).status_code == 200


def test_a_stranger_in_her_own_network_and_a_hundred_others_lock_no_known_device_out(her):
    phone = Client(REMOTE_ADDR=HOME)
    assert post(phone, "/auth/login", email=HER, password=PASSWORD).status_code == 200
    phone.delete(API + "/auth/session")
    for network in [HOME, *(f"198.51.100.{n}" for n in range(20))]:
        attack(network)
    assert post(Client(REMOTE_ADDR="203.0.113.5"), "/auth/code/request", email=HER).status_code == 429  # the ceiling
    assert post(phone, "/auth/login", email=HER, password=PASSWORD).status_code == 200
    phone.delete(API + "/auth/session")
    assert post(phone, "/auth/code/request", email=HER).status_code == 401
    assert post(phone, "/auth/code/confirm", code=mailed_code()).status_code == 200


def test_the_cookie_of_a_device_is_signed_and_out_of_reach_of_scripts(her):
    phone = Client()
    post(phone, "/auth/login", email=HER, password=PASSWORD)
    cookie = phone.cookies[settings.DEVICE_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert HER not in cookie.value
    forged = Client(REMOTE_ADDR=CAFE)
    attack(CAFE)
    forged.cookies[settings.DEVICE_COOKIE_NAME] = cookie.value[:-3] + "AAA"
    assert post(forged, "/auth/code/request", email=HER).status_code == 429
    other = Person.objects.create_user(email="mallory@example.org", password=PASSWORD)
    post(forged, "/auth/login", email=other.email, password=PASSWORD)  # known, but not for her address
    assert post(Client(REMOTE_ADDR=CAFE), "/auth/code/request", email=HER).status_code == 429
    forged.delete(API + "/auth/session")
    assert post(forged, "/auth/code/request", email=HER).status_code == 429


def test_a_known_device_has_no_endless_tries_either(her):
    phone = Client()
    post(phone, "/auth/login", email=HER, password=PASSWORD)
    phone.delete(API + "/auth/session")
    for _ in range(5):
        assert post(phone, "/auth/login", email=HER, password="wrong").json()["errors"][0]["code"] != "too_many"
    assert post(phone, "/auth/login", email=HER, password=PASSWORD).status_code == 400


def test_flushing_the_cache_gives_no_tries_back(her):
    attack(CAFE)
    cache.clear()
    assert post(Client(REMOTE_ADDR=CAFE), "/auth/code/request", email=HER).status_code == 429
    assert post(Client(REMOTE_ADDR=CAFE), "/auth/login", email=HER, password=PASSWORD).status_code == 400


@pytest.fixture
def with_app(her):
    """Who has an authenticator app, and its code of this moment."""
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(her, secret)
    return totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time())))


def second_factor(code: str, client: Client | None = None) -> int:
    client = client or Client()
    assert post(client, "/auth/login", email=HER, password=PASSWORD).status_code == 401
    return post(client, "/auth/2fa/authenticate", code=code).status_code


def test_flushing_the_cache_gives_no_tries_of_a_second_factor_back(with_app):
    for _ in range(5):
        assert second_factor("000000") == 400
        cache.clear()
    assert second_factor(with_app) == 400


def test_a_code_of_the_app_signs_in_once_whatever_is_flushed(with_app):
    assert second_factor(with_app) == 200
    cache.clear()
    assert second_factor(with_app) == 400


def test_flushing_the_cache_gives_no_sign_ups_back():
    def sign_up(n: int) -> int:
        return post(Client(REMOTE_ADDR=CAFE), "/auth/signup", email=f"new{n}@example.org").status_code

    said = {sign_up(n) for n in range(60)}
    cache.clear()
    assert (sign_up(60), 429 in said) == (429, False)


def test_what_lasts_names_nobody_and_is_forgotten_when_it_ends(with_app):
    second_factor("000000")
    assert Lasting.objects.exists()
    assert all(re.fullmatch("[0-9a-f]{64}", key) for key in Lasting.objects.values_list("cache_key", flat=True))
    Lasting.objects.update(expires=clock.now())
    forget_ended()
    assert not Lasting.objects.exists()


def test_right_passwords_count_for_nothing(her):
    for _ in range(12):
        assert post(Client(), "/auth/login", email=HER, password=PASSWORD).status_code == 200


def test_five_codes_to_an_address_and_twenty_from_a_network_in_an_hour(time_machine):
    """bars.md, row 22."""
    time_machine.move_to("2026-11-29 10:00:00+00:00", tick=False)
    codes = code_limits.code_budgets
    assert [take(codes("a", CAFE)).wait_s for _ in range(6)] == [0] * 5 + [3600]
    assert [take(codes(f"b{n}", HOME)).wait_s for n in range(21)] == [0] * 20 + [3600]
    time_machine.shift(3599)
    assert take(codes("a", CAFE)).wait_s == 1
    time_machine.shift(1)
    assert take(codes("a", CAFE)).wait_s == 0


def test_what_is_refused_by_one_budget_is_counted_in_none():
    narrow, wide = Budget("narrow", ("x",), 1, 60), Budget("wide", ("x",), 3, 60)
    assert [take([narrow, wide]).wait_s > 0 for _ in range(5)] == [False, True, True, True, True]
    assert [take([wide]).wait_s > 0 for _ in range(3)] == [False, False, True]


def test_what_is_given_back_is_there_again_and_what_has_ended_is_forgotten(time_machine):
    time_machine.move_to("2026-11-29 10:00:00+00:00", tick=False)
    budget = Budget("one", ("x",), 1, 60)
    take([budget]).give_back()
    assert take([budget]).wait_s == 0
    assert forget_ended() == 0
    time_machine.shift(61)
    assert (forget_ended(), BudgetSpent.objects.count()) == (1, 0)


@pytest.mark.django_db(transaction=True)
def test_a_burst_of_sixteen_gets_exactly_five():
    waits, together = [], threading.Barrier(16)

    def one() -> None:
        together.wait()
        waits.append(take(code_limits.code_budgets("a", CAFE)).wait_s)
        connection.close()

    threads = [threading.Thread(target=one) for _ in range(16)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sum(wait == 0 for wait in waits) == 5


@pytest.fixture
def redis_away(monkeypatch):
    """No Redis listens here."""
    away = GuardedCache("redis://127.0.0.1:1/0", {})
    for name in ("get", "set", "add", "delete"):
        monkeypatch.setattr(cache._connections["default"], name, getattr(away, name))


def test_without_redis_she_signs_in_by_password_and_by_code(her, redis_away):
    assert post(Client(), "/auth/login", email=HER, password=PASSWORD).status_code == 200
    client = Client()
    assert post(client, "/auth/code/request", email=HER).status_code == 401
    assert post(client, "/auth/code/confirm", code=mailed_code()).status_code == 200
    assert post(Client(), "/auth/login", email=HER, password="wrong").status_code == 400


def test_nor_do_signing_up_and_a_new_password(her, redis_away):
    """Each of these was a 500, then a 503."""
    for path, body, said in (
        ("/auth/signup", {"email": "new@example.org"}, 401),
        ("/auth/password/request", {"email": HER}, 200),
    ):
        assert post(Client(), path, **body).status_code == said
        assert mail.outbox.pop().to == [body["email"]]
    assert Client().post("/accounts/signup/", {"email": "other@example.org"}).status_code == 302


@pytest.mark.parametrize(
    ("proxies", "forwarded", "remote", "network"),
    [
        (0, "9.9.9.9", CAFE, CAFE),  # nobody of ours stands before us: a stranger wrote that
        (1, "9.9.9.9, 192.0.2.7", "10.0.0.1", "192.0.2.7"),
        (2, "9.9.9.9, 192.0.2.7, 10.0.0.2", "10.0.0.1", "192.0.2.7"),
        (2, "192.0.2.7", "10.0.0.1", "10.0.0.1"),  # came past the outer proxy
        (1, "", "10.0.0.1", "10.0.0.1"),
        (1, "no address", "10.0.0.1", "0.0.0.0"),
        (0, "", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (1, "[2001:db8:1:2::9]:4711", "10.0.0.1", "2001:db8:1:2::/64"),
        (1, "192.0.2.7:4711", "10.0.0.1", "192.0.2.7"),
        (0, "", "::ffff:192.0.2.7", "192.0.2.7"),
        (0, "", "", "0.0.0.0"),
    ],
)
def test_the_network_is_what_our_own_proxies_say(settings, proxies, forwarded, remote, network):
    settings.TRUSTED_PROXIES = proxies
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    assert network_of(RequestFactory().get("/", REMOTE_ADDR=remote, **headers)) == network


def test_a_header_of_her_own_gives_a_stranger_no_new_budget(her):
    attack(CAFE)
    for n in range(3):
        client = Client(REMOTE_ADDR=CAFE, headers={"X-Forwarded-For": f"203.0.113.{n}"})
        assert post(client, "/auth/code/request", email=HER).status_code == 429
