"""Chats as data sets hold them: ShareGPT's `conversations` of {"from", "value"}, LMSYS-Chat-1M's `conversation` of {"role", "content"}."""

from labelling.formats.chats.read import parts_of
from labelling.formats.format import Format

FORMAT = Format("chats", "Chats: ShareGPT, LMSYS-Chat-1M", "jsonl", "application/x-ndjson", None, parts_of=parts_of)
