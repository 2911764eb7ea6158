"""What came of the months of benchmarks/month.py, as a page."""

from __future__ import annotations


def table(rows: list[dict]) -> str:
    heads = list(rows[0])
    lines = [heads, ["---"] * len(heads), *([str(row[head]) for head in heads] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def report(title: str, size: str, found: list[dict]) -> str:
    labels = [
        {"month": one["month"], "projects that ask for": asked if one["month"] == "with belts" else f"(the same {asked} ones)"} | row
        for one in found
        for asked, row in one["projects"].items()
    ]  # fmt: skip
    belts = [
        {"group": group, **{belt: held.get(belt, 0) for belt in ("seed", "sprout", "tree")}}
        for group, held in found[0]["belts"].items()
    ]
    parts = [
        f"# {title}",
        size,
        "## Labels, and what they cost",
        table(labels),
        "## Belts on the last day, with belts asked for",
        table(belts),
    ]
    for one in found:
        days = ", ".join(f"day {day}: {value}" for day, value in one["rank_correlation_by_day"].items())
        parts.append(
            f"**{one['month']}.** Rank correlation (Spearman) of what the belt is made of with the true skill, of honest people: {days}."
        )
        parts.append(
            f"Pay: {one['pay']}. Training: {one['training']}. People named by looks for abuse: {one['flagged']}. Answers: {one['answers']}."
        )
    return "\n\n".join(parts) + "\n"
