"""A data set as Hugging Face's hub and `datasets` take it: README.md (the card), data/train.parquet, and croissant.json, which says
the same to programs: Croissant 1.0 (Akhtar et al. 2024, doi:10.1145/3650203.3663326) with its part on responsible AI (Jain et al. 2024,
arXiv 2407.16883). What they say of people and answers is counted from the release, and nothing is said that was not asked."""

from labelling.formats.format import Format
from labelling.formats.hugging_face.write import write

FORMAT = Format(
    "hugging-face",
    "Hugging Face: a zip of Parquet, data set card and Croissant",
    "zip",
    "application/zip",
    write,
)
