"""Amounts as people write them, in either language: read to the micro-unit, or refused with what to write; never cut, never guessed."""

import uuid

import pytest

from kernel.errors import DomainError
from kernel.money import EITHER, PLAIN, NoAmount, read_micro
from payouts.actions.request_deposit import check_deposit


@pytest.mark.parametrize(
    ("typed", "micro"),
    [
        ("0.014", 14_000),
        ("0,014", 14_000),
        (" 12,5 ", 12_500_000),
        (".5", 500_000),
        ("1 234,50", 1_234_500_000),
        ("1\u00a0234,50", 1_234_500_000),  # as this site writes it in South Africa
        ("1\u202f234.50", 1_234_500_000),
        ("1,234.50", 1_234_500_000),
        ("1.234,50", 1_234_500_000),
        ("12,345,678.9", 12_345_678_900_000),
        ("1.000", 1_000_000),
        ("1000", 1_000_000_000),
        ("-1", -1_000_000),
        ("\u22121", -1_000_000),
        ("0.000001", 1),
    ],
)
def test_what_can_be_read_in_one_way_is_read(typed, micro):
    assert read_micro(typed) == micro


@pytest.mark.parametrize("typed", ["1,000", "12,345", "1,234,567"])
def test_a_comma_that_can_mean_either_is_asked_about(typed):
    with pytest.raises(NoAmount, match="thousands or decimals") as refused:
        read_micro(typed)
    assert str(refused.value) == EITHER


@pytest.mark.parametrize(
    "typed",
    ["abc", "1.2.3", "1,23,4", "1,234,5", "1e3", "NaN", "Infinity", "0.0000001", "1_000", "٣", "$5", "5 USD", "9" * 25],
)
def test_what_is_none_is_refused(typed):
    with pytest.raises(NoAmount) as refused:
        read_micro(typed)
    assert str(refused.value) == PLAIN


def test_nothing_is_cut_off():
    assert read_micro("1" + "0" * 20) == 10**26  # once read as its first twenty signs


@pytest.mark.parametrize("amount_micro", [1, 9_999, 12_345_678])
def test_money_that_nobody_can_move_is_not_paid_in(amount_micro):
    with pytest.raises(DomainError) as refused:
        check_deposit(amount_micro, str(uuid.uuid4()))
    assert (refused.value.field, refused.value.code) == ("amount_micro", "whole_cents")
    check_deposit(12_340_000, "card-ok")
