"""Croissant 1.0 (http://mlcommons.org/croissant/1.0) with its vocabulary for responsible AI (http://mlcommons.org/croissant/RAI/1.0)."""

from __future__ import annotations

import json
from collections.abc import Mapping

from labelling.formats.frozen import Frozen
from labelling.formats.hugging_face.facts import Facts

_OURS = (
    "citeAs", "column", "extract", "field", "fileObject", "fileProperty", "fileSet", "format", "includes", "isLiveDataset", "jsonPath",
    "key", "md5", "parentField", "path", "recordSet", "references", "regex", "repeated", "replace", "separator", "source", "subField",
    "transform",
)  # fmt: skip
CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "sc": "https://schema.org/",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    **{name: f"cr:{name}" for name in _OURS},
}
_TYPES = {int: "sc:Integer", bool: "sc:Boolean", str: "sc:Text"}
FILE, RECORDS = "parquet-file", "items"


def croissant_of(frozen: Frozen, facts: Facts, kinds: Mapping[str, type], data: str, size: int, sha256: str) -> bytes:
    """`data`: the path of the Parquet file, with its size in bytes and its hash."""
    file = {
        "@type": "cr:FileObject", "@id": FILE, "name": FILE, "contentUrl": data, "contentSize": f"{size} B",
        "encodingFormat": "application/x-parquet", "sha256": sha256,
    }  # fmt: skip
    whole = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": ["http://mlcommons.org/croissant/1.0", "http://mlcommons.org/croissant/RAI/1.0"],
        "name": frozen.title,
        "description": frozen.instructions or frozen.title,
        "version": f"{frozen.number}.0.0",
        "datePublished": frozen.created_at[:10],
        "distribution": [file],
        "recordSet": [_records(kinds)],
        **_responsible(frozen, facts),
    }
    return json.dumps(whole, ensure_ascii=False, indent=1).encode()


def _records(kinds: Mapping[str, type]) -> dict:
    fields = [
        {
            "@type": "cr:Field", "@id": f"{RECORDS}/{name}", "name": name, "dataType": _TYPES[kind],
            "source": {"fileObject": {"@id": FILE}, "extract": {"column": name}},
        }
        for name, kind in kinds.items()
    ]  # fmt: skip
    return {
        "@type": "cr:RecordSet",
        "@id": RECORDS,
        "name": RECORDS,
        "key": {"@id": f"{RECORDS}/item"},
        "field": fields,
    }


def _responsible(frozen: Frozen, facts: Facts) -> dict:
    each = ", ".join(f"{count} on {items}" for count, items in sorted(facts.answers.items()))
    said = {
        "rai:dataCollectionTimeframe": [one for one in (facts.first, facts.last) if one],
        "rai:dataAnnotationPlatform": "Ilima",
        "rai:dataAnnotationProtocol": frozen.instructions,
        "rai:annotationsPerItem": f"Answers that count, by how many items have so many: {each}.",
        "rai:annotatorDemographics": f"{len(facts.workers)} people. Nothing about them was asked.",
        "rai:dataAnnotationAnalysis": ""
        if facts.agreement is None
        else f"Mean agreement of the answers on an item: {facts.agreement:.4f}. {facts.sure} of {facts.decided} decisions are sure.",
        "rai:machineAnnotationTools": f"A model's guess was shown before {facts.suggested} of {facts.answers_n} answers."
        if facts.suggested
        else "",
    }
    return {name: value for name, value in said.items() if value}
