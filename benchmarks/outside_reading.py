"""What outside libraries read of the files that we wrote: run by `outside_readers` with the Python in which these libraries are installed.

python outside_reading.py FOLDER READER     prints {"version": ..., "checks": {"release/format": [what it read, what it should read]}}
"""

from __future__ import annotations

import json
import sys
from importlib import metadata
from pathlib import Path

FOLDER = Path(sys.argv[1])


def at(release: str, name: str) -> Path:
    return FOLDER / release / name


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def pycocotools() -> dict:
    from pycocotools.coco import COCO

    def opened(release: str, name: str = "coco") -> COCO:
        return COCO(str(at(release, name) / "written.json"))

    boxes, rings, figures, masks = (opened(one) for one in ("boxes", "polygons", "keypoints", "mask"))
    words = opened("caption", "coco-captions")
    names = {one["id"]: one["name"] for one in boxes.loadCats(boxes.getCatIds())}
    found = sorted([names[one["category_id"]], *one["bbox"]] for one in boxes.loadAnns(boxes.getAnnIds()))
    [ring], [figure], [mask], [caption] = (one.loadAnns(one.getAnnIds()) for one in (rings, figures, masks, words))
    return {
        "boxes/coco": [found, [["Negative", 0, 0, 5, 6], ["Positive", 10, 20, 30, 20]]],
        "polygons/coco": [[int(rings.annToMask(ring).sum()), ring["area"]], [400, 400]],
        "keypoints/coco": [figure["keypoints"], [20, 20, 2, 28, 16, 1, 12, 16, 2]],
        "mask/coco": [int(masks.annToMask(mask).sum()), 90],
        "caption/coco-captions": [caption["caption"], 'A "cat"\nin the sun'],
    }


def datumaro() -> dict:
    import datumaro as dm

    def read(release: str, name: str, kind: str, shape: str) -> list:
        found = dm.Dataset.import_from(str(at(release, name)), kind)
        names = [one.name for one in found.categories()[dm.AnnotationType.label]]
        shapes = [(item.id.rpartition("/")[2], one) for item in found for one in item.annotations]
        drawn = [(name, one) for name, one in shapes if type(one).__name__.endswith(shape)]
        told = ([name, names[one.label], *map(round, one.get_bbox())] for name, one in drawn)
        return sorted(one for one in told if one[1] != "background")

    # Where it looks for them: COCO's files are annotations/<kind>_<subset>.json, and YOLO's pictures lie beside their texts.
    for release, name, kind in (
        ("boxes", "coco", "instances"),
        ("mask", "coco", "instances"),
        ("mask", "coco-panoptic", "panoptic"),
    ):
        folder = at(release, name) / "annotations"
        folder.mkdir()
        written = next(at(release, name).glob("*.json"))
        written.rename(folder / f"{kind}_default.json")
    (at("mask", "coco-panoptic") / "panoptic").rename(at("mask", "coco-panoptic") / "annotations" / "panoptic_default")
    boxes = [["1", "Negative", 0, 0, 5, 6], ["1", "Positive", 10, 20, 30, 20]]
    area = [["1", "Positive", 5, 3, 15, 6]]
    return {
        "boxes/coco": [read("boxes", "coco", "coco_instances", "Bbox"), boxes],
        "boxes/voc": [read("boxes", "voc", "voc_detection", "Bbox"), boxes],
        "boxes/yolo": [read("boxes", "yolo", "yolo", "Bbox"), boxes],
        "boxes/cvat-images": [read("boxes", "cvat-images", "cvat", "Bbox"), boxes],
        "mask/coco-panoptic": [read("mask", "coco-panoptic", "coco_panoptic", "Mask"), area],
        "mask/png-masks": [read("mask", "png-masks", "voc_segmentation", "Mask"), area],
        "tracks/mot": [read("tracks", "mot/1", "mot_seq", "Bbox")[0][1:], ["Positive", 10, 10, 8, 8]],
    }


def spacy() -> dict:
    import spacy
    from spacy.tokens import DocBin

    def docs(release: str) -> list:
        [path] = at(release, "spacy").glob("*.spacy")
        return list(DocBin().from_disk(path).get_docs(spacy.blank("xx").vocab))

    first, second = docs("spans")
    text = "  Thandi 🙂 moved to eThekwini.\nIn 東京 she sings."
    marks = [[one.label_, one.text] for one in first.spans["sc"]]
    return {
        "spans/spacy text": [[first.text, len(second.ents)], [text, 0]],
        "spans/spacy entities": [
            [[one.label_, one.text] for one in first.ents],
            [["Positive", "Thandi"], ["Negative", "to eThekwini"], ["Negative", "東京"]],
        ],
        "spans/spacy all marks": [
            marks,
            [["Positive", "Thandi"], ["Negative", "to eThekwini"], ["Positive", "eThekwini"], ["Negative", "東京"]],
        ],
        "choice/spacy": [
            [max(one.cats, key=one.cats.get) for one in docs("choice")],
            ["Positive", "Negative", "Positive"],
        ],
    }


def datasets() -> dict:
    """Tables, and rows for trainers; ImageFolder's metadata where it is to be laid."""
    pictures = at("pictures", "image-folder")
    (pictures / "written.jsonl").rename(pictures / "images" / "metadata.jsonl")
    labels = ["Positive", "Negative", "Positive"]
    tables = {
        "hugging-face": _rows(str(at("choice", "hugging-face"))),
        "parquet": _rows("parquet", data_files=str(at("choice", "parquet") / "written.parquet")),
        "csv-raw": _rows("csv", data_files=str(at("choice", "csv-raw") / "written.csv")),
    }
    laid = _rows("imagefolder", data_dir=str(pictures / "images"))
    return {
        **{f"choice/{name}": [[one["decision"] for one in rows], labels] for name, rows in tables.items()},
        "pictures/image-folder": [[one["label"] for one in laid], labels[:2]],
        **_for_trainers(),
    }


def _rows(*given: str, **more) -> list[dict]:
    from datasets import load_dataset

    return load_dataset(*given, split="train", cache_dir=str(FOLDER / "cache"), **more).to_list()


def _for_trainers() -> dict:
    def of_json(release: str, name: str) -> list[dict]:
        return _rows("json", data_files=str(at(release, name) / "written.jsonl"))

    chat = [{"content": "Be brief.", "role": "system"}, {"content": "What colour is the sky?", "role": "user"}]
    [pair], [steps] = of_json("pairwise", "trl-preference"), of_json("steps", "trl-stepwise")
    [written] = of_json("completion", "trl-prompt-completion")
    green, blue = ([{"content": f"{word}.", "role": "assistant"}] for word in ("Green", "Blue"))
    return {
        "pairwise/trl-preference": [[_plain(pair["prompt"]), _plain(pair["chosen"])], [chat, green]],
        "pairwise/trl-unpaired": [[one["label"] for one in of_json("pairwise", "trl-unpaired")], [False, True]],
        "completion/trl-prompt-completion": [_plain(written["completion"]), blue],
        "steps/trl-stepwise": [steps["labels"], [True, False]],
        "spans/doccano": [len(of_json("spans", "doccano")), 2],
    }


def _plain(messages: list[dict]) -> list[dict]:
    return [dict(sorted(one.items())) for one in messages]


def mlcroissant() -> dict:
    import mlcroissant

    folder = at("choice", "hugging-face")
    read = mlcroissant.Dataset(jsonld=str(folder / "croissant.json"))
    records = list(read.records("items"))
    found = [next(value for name, value in one.items() if name.endswith("decision")) for one in records]
    return {"choice/hugging-face": [[one.decode() for one in found], ["Positive", "Negative", "Positive"]]}


def seqeval() -> dict:
    from seqeval.metrics.sequence_labeling import get_entities
    from seqeval.scheme import BILOU, IOB1, IOB2, IOBES, Entities

    def tags(name: str) -> list[list[str]]:
        texts = (at("spans", name) / "written.conll").read_text(encoding="utf-8").split("-DOCSTART- -X- -X- O\n")[1:]
        return [[line.split(" ")[3] for line in one.splitlines() if line] for one in texts]

    def found(name: str, scheme) -> list:
        return [[one.tag, one.start, one.end] for one in Entities(tags(name), scheme).entities[0]]

    right = [["Positive", 0, 1], ["Negative", 3, 5], ["Negative", 7, 9]]
    schemes = {"conll": IOB2, "conll-iob1": IOB1, "conll-iobes": IOBES, "conll-bilou": BILOU}
    loose = [list(one) for one in get_entities(tags("conll")[0])]
    return {f"spans/{name}": [found(name, scheme), right] for name, scheme in schemes.items()} | {
        "spans/conll as it is usually read": [loose, [[name, start, end - 1] for name, start, end in right]]
    }


def cleanlab() -> dict:
    import numpy as np
    from cleanlab.multiannotator import get_label_quality_multiannotator

    said = lines(at("choice", "soft-labels") / "written.jsonl")
    names = ["Negative", "Positive"]
    shares = np.array([[one["shares"][name] for name in names] for one in said])
    votes = np.array([[1, 1, 0], [0, 0, 0], [1, 1, 0]])
    scored = get_label_quality_multiannotator(votes, shares * 0.9 + 0.05, verbose=False)["label_quality"]
    return {
        "choice/soft-labels": [
            [names[one] for one in scored["consensus_label"]] + [shares.sum(axis=1).round(6).tolist()],
            ["Positive", "Negative", "Positive", [1.0, 1.0, 1.0]],
        ]
    }


def webvtt() -> dict:
    import webvtt

    [path] = at("segments", "webvtt").rglob("*.vtt")
    return {"segments/webvtt": [[[one.start, one.end, one.text] for one in webvtt.read(str(path))],
                                [["00:00:00.500", "00:00:01.250", "Positive"], ["00:00:01.500", "00:00:02.000", "Negative"]]]}  # fmt: skip


def srt() -> dict:
    import srt

    [path] = at("segments", "srt").rglob("*.srt")
    found = [[one.start.total_seconds(), one.end.total_seconds(), one.content] for one in srt.parse(path.read_text())]
    return {"segments/srt": [found, [[0.5, 1.25, "Positive"], [1.5, 2.0, "Negative"]]]}


def textgrid() -> dict:
    from textgrid import TextGrid

    [path] = at("segments", "textgrid").rglob("*.TextGrid")
    tiers = TextGrid.fromFile(str(path))
    found = [[one.minTime, one.maxTime, one.mark] for tier in tiers for one in tier if one.mark]
    return {"segments/textgrid": [sorted(found), [[0.5, 1.25, "Positive"], [1.5, 2.0, "Negative"]]]}


def motmetrics() -> dict:
    import motmetrics

    [path] = at("tracks", "mot").rglob("gt.txt")
    found = motmetrics.io.loadtxt(str(path), fmt="mot15-2D")
    first = found.iloc[0]
    # It takes one off each place: the challenge counts pixels from 1, and who writes such files seldom does (Datumaro reads 10).
    return {"tracks/mot": [[first["X"], first["Y"], first["Width"], first["Height"]], [9, 9, 8, 8]]}


def trl() -> dict:
    from datasets import Dataset
    from trl.data_utils import is_conversational, unpair_preference_dataset

    [pair] = lines(at("pairwise", "trl-preference") / "written.jsonl")
    apart = unpair_preference_dataset(Dataset.from_list([pair])).to_list()
    ours = lines(at("pairwise", "trl-unpaired") / "written.jsonl")
    told = [sorted((one["completion"][0]["content"], one["label"]) for one in rows) for rows in (apart, ours)]
    right = [("Blue.", False), ("Green.", True)]
    [written] = lines(at("completion", "trl-prompt-completion") / "written.jsonl")
    return {
        "pairwise/trl-preference": [[is_conversational(pair), told[0]], [True, right]],
        "pairwise/trl-unpaired": [told[1], right],
        "completion/trl-prompt-completion": [is_conversational(written), True],
    }


def beir() -> dict:
    from beir.datasets.data_loader import GenericDataLoader

    corpus, queries, judged = GenericDataLoader(str(at("judged", "beir"))).load(split="test")
    [(query, scores)] = judged.items()
    [(text, score)] = scores.items()
    return {"judged/beir": [[queries[query], corpus[text]["text"], score], ["Sky?", "Blue.", 3]]}


PACKAGES = {"webvtt": "webvtt-py"}

if __name__ == "__main__":
    reader = sys.argv[2]
    checks = globals()[reader]()
    checks = json.loads(json.dumps(checks, default=float))  # numbers of NumPy's, and pairs
    print("\n" + json.dumps({"version": metadata.version(PACKAGES.get(reader, reader)), "checks": checks}))
