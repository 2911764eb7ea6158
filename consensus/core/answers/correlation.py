"""Answers on one item are correlated, so that n of them are worth less than n: the design effect (L. Kish, Survey Sampling, 1965)."""

CORRELATION = (
    0.2  # n answers are worth n / (1 + CORRELATION n) independent ones; chosen in docs/decisions/default_consensus.md
)
