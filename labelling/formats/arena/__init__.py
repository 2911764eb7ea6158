"""Battles of chatbots: two chats with the same questions, and which was preferred (Zheng et al., 2023, arXiv:2306.05685)."""

from labelling.formats.arena.read import parts_of
from labelling.formats.format import Format

FORMAT = Format(
    "arena", "Chatbot Arena: two chats and a winner", "jsonl", "application/x-ndjson", None, parts_of=parts_of
)
