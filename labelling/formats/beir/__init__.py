"""Judgements of how well a text answers a query, as retrieval is evaluated: BEIR's corpus, queries and qrels (N. Thakur et al., 2021,
arXiv:2104.08663), and the same judgements as TREC's qrels. What was asked is the prompt, what was judged are the other texts of an item.

Query and text are called by what they say, so that the same one has one name wherever it stands: a text that was judged for several queries
stands once for each, under one name, as BEIR's loader takes it."""

from labelling.formats.beir.read import ENDINGS, among, read
from labelling.formats.beir.write import write
from labelling.formats.format import Format, Together
from labelling.task_types.drawing import Grade

FORMAT = Format(
    "beir",
    "BEIR and TREC qrels: a zip of queries, texts and how well they answer",
    "zip",
    "application/zip",
    write,
    frozenset({Grade}),
    together=Together(among, read, ENDINGS),
    media=frozenset({"parts"}),
    leaves_out={
        "en": "Leaves out items without a query and a text, whatever in them is no text, their metadata, and parts of a grade.",
        "zu": "Ishiya izinto ezingenawo umbuzo nombhalo, nanoma yini kuzo engewona umbhalo, imininingwane yazo, nezingxenye zamamaki.",
    },
)
