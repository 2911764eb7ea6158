"""VQA v2: questions about pictures in one JSON, and what people answered in another (Y. Goyal et al., CVPR 2017,
doi:10.1109/CVPR.2017.670; GT-Vision-Lab/VQA, vqaTools/vqa.py). An item is a picture and the texts that ask about it; the decision is the
`multiple_choice_answer`, and every answer that was counted is one of `answers`. How sure anybody was is not asked: `answer_confidence` is
empty. A picture's number is the one in its name where that is of COCO's form, else its item's; `file_name` says it, too."""

from labelling.formats.format import Format, Together
from labelling.formats.vqa.read import among, read
from labelling.formats.vqa.write import write
from labelling.task_types.drawing import Words

FORMAT = Format(
    "vqa",
    "VQA v2: a zip of questions about pictures and their answers",
    "zip",
    "application/zip",
    write,
    frozenset({Words}),
    together=Together(among, read, frozenset({"json"})),
    media=frozenset({"parts"}),
    leaves_out={
        "en": "Leaves out items without one picture and a question, what is no text in them, and how sure people were.",
        "zu": "Ishiya izinto ezingenaso isithombe esisodwa nombuzo, okungewona umbhalo kuzo, nokuthi abantu babeqiniseka kangakanani.",
    },
)
