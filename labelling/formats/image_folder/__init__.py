"""ImageFolder: in, files whose folders are their labels (`train/cat/1.jpg`), as torchvision and Hugging Face's datasets read them; out, the
metadata.jsonl that datasets reads beside the files (https://huggingface.co/docs/datasets/image_dataset)."""

from labelling.formats.format import Format
from labelling.formats.image_folder.write import label_of, write
from labelling.task_types.drawing import Tag

FORMAT = Format(
    "image-folder",
    "ImageFolder: metadata.jsonl to lay beside the files",
    "jsonl",
    "application/x-ndjson",
    write,
    frozenset({Tag}),
    folder=label_of,
    media=frozenset({"image", "audio", "video"}),
    leaves_out={
        "en": "Leaves out the files themselves: lay it beside them as metadata.jsonl. Confidence and single answers are left out, too.",
        "zu": "Ishiya amafayela uqobo: ibeke eduze kwawo njenge-metadata.jsonl. Ishiya nokuqiniseka nezimpendulo ngazinye.",
    },
)
