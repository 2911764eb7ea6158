"""The data set card: https://huggingface.co/docs/hub/datasets-cards."""

from __future__ import annotations

import json
from collections.abc import Sequence

from labelling.formats.frozen import UNITS, Frozen
from labelling.formats.hugging_face.facts import Facts
from labelling.task_types.label_names import name_of

SIZES = (
    (1_000, "n<1K"),
    (10_000, "1K<n<10K"),
    (100_000, "10K<n<100K"),
    (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"),
)


def card_of(frozen: Frozen, facts: Facts, columns: Sequence[str], data: str) -> str:
    labels = "".join(f"- {name_of(one)}\n" for one in frozen.labels)
    asked = frozen.instructions.strip() or "(No instructions were written.)"
    return f"""---
pretty_name: {json.dumps(frozen.title, ensure_ascii=False)}
annotations_creators:
- crowdsourced
size_categories:
- {next((name for most, name in SIZES if facts.items < most), "n>10M")}
configs:
- config_name: default
  data_files:
  - split: train
    path: {data}
---

# {_plain(frozen.title)}

Release {frozen.number}, made {frozen.created_at}.
{facts.items:,} items, of which {facts.decided:,} are decided and {facts.sure:,} of those surely.

## What was asked

{asked}

{f"Labels:{chr(10)}{chr(10)}{labels}" if labels else ""}
## Who answered, and how

{_people(facts)}

## What is in it

`decision` is what was decided. `confidence_ppm` is how sure of it the method was and `agreement_ppm` how far people agreed, both in
millionths; `sure` says whether the project's own bar was reached. Lists and objects are JSON. Units: {UNITS}.

Columns: {", ".join(f"`{name}`" for name in columns)}.

The licence is for whoever gave the items to state; none is stated here.
"""


def _people(facts: Facts) -> str:
    if not facts.answers_n:
        return "Nobody was asked: what is decided here was known beforehand."
    each = ", ".join(f"{count} on {items:,} items" for count, items in sorted(facts.answers.items()) if count)
    agreed = "" if facts.agreement is None else f" They agreed to {facts.agreement:.3f} on average (1: all alike)."
    devices = ", ".join(f"{facts.of_answers(n)} on {name}" for name, n in facts.devices.most_common())
    return (
        f"{len(facts.workers):,} people gave {facts.answers_n:,} answers that count, from {facts.first[:10]} to {facts.last[:10]}: {each}."
        f"{agreed} By device: {devices}. A computer's guess was shown before {facts.of_answers(facts.suggested)} of the answers."
        f" {facts.known:,} items were decided by what was known of them beforehand."
    )


def _plain(title: str) -> str:
    """On one line."""
    return " ".join(title.split())
