"""Names of the locks that labelling takes until a transaction ends (ledger/locks.py)."""


def items_of(project_id: int) -> str:
    """Who adds items, makes them known, or puts them on offer takes turns with the others."""
    return f"labelling.items_of_project:{project_id}"
