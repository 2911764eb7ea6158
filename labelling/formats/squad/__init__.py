"""SQuAD v2: paragraphs, each with its questions, and the words of it that answer (P. Rajpurkar, R. Jia, P. Liang, ACL 2018,
doi:10.18653/v1/P18-2124). A text is the question, a blank line and the paragraph; without a blank line it is a paragraph that is asked
nothing. Its one kind of mark is an answer: labels are not written."""

from labelling.formats.format import Format
from labelling.formats.squad.read import is_table, read
from labelling.formats.squad.write import write
from labelling.task_types.drawing import Span

FORMAT = Format(
    "squad",
    "SQuAD v2: questions and the words that answer them",
    "json",
    "application/json",
    write,
    frozenset({Span}),
    endings=frozenset({"json"}),
    is_table=is_table,
    read=read,
    media=frozenset({"text"}),
    leaves_out={
        "en": "Leaves out which label a mark has, and marks in the question itself.",
        "zu": "Ishiya ukuthi uphawu lunayiphi ilebula, nezimpawu ezisembuzweni uqobo.",
    },
)
