def is_right(value: dict, truth: dict, question: dict) -> bool:
    """So much in common as the project asks (Jaccard, in per cent); two empty sets are the same."""
    ours, theirs = set(value["labels"]), set(truth["labels"])
    near = question["config"].get("near", 100)
    return 100 * len(ours & theirs) >= near * len(ours | theirs) and bool(ours) == bool(theirs)


def by_chance(config: dict) -> float:
    """Each label is named or not; where less than the same set is right, of that nothing is known but that it is more."""
    return 0.5 ** len(config["labels"]) if config.get("near", 100) == 100 else 0.5
