"""Mozilla Common Voice: a TSV with a sentence for each clip. Votes are those of the people who wrote the same and of those who did not; who
speaks was not asked, so that `client_id`, `age` and `gender` are empty."""

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
    media=frozenset({"audio"}),
)
