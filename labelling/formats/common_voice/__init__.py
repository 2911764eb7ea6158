"""Mozilla Common Voice: a TSV with a sentence for each clip (R. Ardila et al., LREC 2020, arXiv:1912.06670). Votes are those of the people
who wrote the same and of those who did not; who speaks was not asked, so that `client_id`, `age` and `gender` are empty. In, a sentence
is stated where more people were for it than against it; any other is one to start from."""

from labelling.formats.common_voice.read import is_table, read
from labelling.formats.common_voice.write import write
from labelling.formats.format import Format
from labelling.task_types.drawing import Words

FORMAT = Format(
    "common-voice",
    "Common Voice: a TSV with a sentence for each clip",
    "tsv",
    "text/tab-separated-values; charset=utf-8",
    write,
    frozenset({Words}),
    endings=frozenset({"tsv"}),
    is_table=is_table,
    read=read,
    media=frozenset({"audio"}),
    leaves_out={
        "en": "Leaves out line breaks and tabs in what was written, and confidence: of single answers it only counts who agreed.",
        "zu": "Ishiya ukuhlukaniswa kwemigqa namathebhu kokubhaliwe, nokuqiniseka: ezimpendulweni ngazinye ibala kuphela abavumelanayo.",
    },
)
