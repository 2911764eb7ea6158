"""taxonomy: twice the depth of the deepest common ancestor over the depths of both, the top being at 1 (Z. Wu and M. Palmer, ACL 1994,
doi:10.3115/981732.981751): 1 for the same node, 0 where only the root is common."""

from labelling.task_types.tree import parents_of, path_to


def agreement(a: dict, b: dict, question: dict) -> float:
    parents = parents_of(question["config"]["tree"])
    if not {a["label"], b["label"]} <= parents.keys():
        return float(a["label"] == b["label"])
    ours, theirs = path_to(a["label"], parents), path_to(b["label"], parents)
    common = sum(one == other for one, other in zip(ours, theirs, strict=False))
    return 2 * common / (len(ours) + len(theirs))
