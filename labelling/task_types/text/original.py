def original_of(question: dict) -> str:
    """The text that an answer starts from; empty where it starts from nothing."""
    return question.get("text") or "" if (question.get("config") or {}).get("kind") == "rewrite" else ""
