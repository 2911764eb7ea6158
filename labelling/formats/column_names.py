"""Whether the only column of a file has a name, or begins with its first item: a row must not be lost to a guess."""

from __future__ import annotations

import re

SURE_NAMES = frozenset(("text", "url", "file"))
_WORDS = """
    body caption captions comment comments content contents data description descriptions document documents item items
    message messages name names phrase phrases post posts prompt prompts query queries question questions response responses
    review reviews sentence sentences summary text texts title titles transcript transcripts translation tweet tweets utterance
    utterances value values word words
    audio clip filename filenames file files image images img link links path paths photo photos picture pictures sound sounds
    uri uris url urls video videos
    umbhalo imibhalo umusho imisho umyalezo isithombe izithombe ifayela amafayela
    texte textes phrase commentaire satz sätze kommentar texto textos frase frases comentario comentário
    文本 文字 句子 内容 內容 评论 評論
"""
_NAMES = frozenset(_WORDS.split())
_IDENTIFIER = re.compile(r"[A-Za-z]+(_[A-Za-z0-9]+)+|[a-z]+([A-Z][a-z0-9]+)+")  # tweet_text, imageUrl


def is_column_name(line: str) -> bool:
    """Only what is hardly ever an item: a word that columns are named by, or an identifier of a program."""
    return line.lower() in _NAMES or _IDENTIFIER.fullmatch(line) is not None
