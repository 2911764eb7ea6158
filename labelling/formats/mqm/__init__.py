"""MQM as WMT publishes it: a TSV with a line an error, `<v>` around its words, its category and severity (M. Freitag et al., TACL 2021,
doi:10.1162/tacl_a_00437; google/wmt-mqm-human-evaluation). A text is the source, a blank line and the translation; a label is called
`category (severity)`, as `Accuracy/Mistranslation (Major)`. The rater is Ilima: what was decided."""

from labelling.formats.format import Format
from labelling.formats.mqm.read import is_table, read
from labelling.formats.mqm.write import write
from labelling.task_types.drawing import Span

FORMAT = Format(
    "mqm",
    "MQM: a TSV with a line for each error of a translation",
    "tsv",
    "text/tab-separated-values; charset=utf-8",
    write,
    frozenset({Span}),
    endings=frozenset({"tsv", "txt"}),
    is_table=is_table,
    read=read,
    media=frozenset({"text"}),
    leaves_out={
        "en": "Leaves out line breaks and tabs in texts, and the severity of a label that names none.",
        "zu": "Ishiya ukuhlukaniswa kwemigqa namathebhu emibhalweni, nobunzima belebula engabushongo.",
    },
)
