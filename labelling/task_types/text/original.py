def original_of(question: dict) -> str:
    """The text that an answer starts from; empty where it starts from nothing."""
    return question.get("text") or "" if question["config"].get("kind") == "rewrite" else ""
