"""One worker and, for every screen of hers, something to show: long words, tall pictures, many labels, money in every state."""

from __future__ import annotations

import io
import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw

from anchoring.actions.close_period import close_period
from delivery import outbox
from intake.media import store
from labelling import catalogue
from labelling.batches.create_batch import create_batch
from labelling.batches.open_batch import open_batch
from labelling.batches.open_exam import open_exam
from labelling.conduct.ban_worker import ban_worker
from labelling.conduct.talk import say_as_requester, say_as_worker
from labelling.data.add_items import add_media_item, add_text_item
from labelling.data.create_dataset import create_dataset
from labelling.data.import_upload import import_upload
from labelling.data.receive_upload import receive_upload
from labelling.gold.set_gold import set_gold
from labelling.models import Batch, PayHold
from labelling.projects.create_project import create_project
from labelling.projects.spoken import record_instructions
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from payouts.actions.request_payout import request_payout
from people.models import Organisation, Person, Worker
from tests.intake.files import pdf, tone
from tests.worlds import add_parts_item, answer_to, deposit, sentiment_world

PASSWORD = "seven-goats-in-the-shade"
CROPS = ("Maize", "Sorghum", "Millet", "Cowpea", "Groundnut", "Cassava", "Sweet potato", "Pumpkin", "Spinach", "Okra",
         "Tomato", "Onion", "Cabbage", "Banana", "Sugar cane", "Cotton", "Tea", "Coffee", "Sunflower", "Bambara groundnut")  # fmt: skip
RULES = {
    "en": "## What to do\nSay which crop you see **most of**. Look at the leaves first.\n\n"
    "- Two crops side by side: the one that covers more ground.\n- Bare soil is no crop: skip the task.\n\n"
    "## Not sure?\nSkip: it costs nothing."
}
LONG = " ".join(["The river rose in the night and the road to the clinic was under water by morning."] * 60)


def labels(n: int) -> list[dict]:
    return [{"id": f"l{k}", "name": {"en": name}, "colour": "#2a6a48"} for k, name in enumerate(CROPS[:n])]


def picture(width: int, height: int, seed: int = 0) -> io.BytesIO:
    """Corners of their own colours, so that a cut edge is seen."""
    image = Image.new("RGB", (width, height), "#d8c8a8")
    draw = ImageDraw.Draw(image)
    for k, colour in enumerate(("#b03030", "#30b030", "#3030b0", "#b0a030")):
        x, y = (k % 2) * (width - 80), (k // 2) * (height - 80)
        draw.rectangle((x, y, x + 79, y + 79), fill=colour)
    draw.ellipse((width // 3, height // 3, width // 2, height // 2), fill=(64, 32 + seed, 16))
    file = io.BytesIO()
    image.save(file, "PNG")
    file.seek(0)
    return file


@dataclass
class Shown:
    worker: Worker
    batches: dict[str, Batch]
    organisation: Organisation
    requester: Person


def _project(shown: Shown, name: str, title: str, task_type: str, medium: str, config: dict, **more) -> Batch:
    fields = {
        "min_answers": 1,
        "max_answers": 1,
        "target_ppm": 900_000,
        "gold_share_bps": 0,
        "estimated_task_s": 8,
        "warnings": [],
    }
    project = create_project(
        shown.requester, shown.organisation, title=title, task_type=task_type, medium=medium, config=config,
        instructions=RULES, **{**fields, **{k: v for k, v in more.items() if k in fields or k == "catalogue_entry"}},
    )  # fmt: skip
    dataset = create_dataset(shown.requester, project, "one")
    for k, content in enumerate(more["items"]):
        if isinstance(content, str):
            add_text_item(dataset, content)
        elif isinstance(content, bytes):
            [upload] = receive_upload(shown.requester, dataset, files=[SimpleUploadedFile(f"{k}.pdf", content)])
            import_upload(upload.pk)
        elif medium == "parts":
            add_parts_item(dataset, content)
        else:
            suffix = "wav" if medium == "audio" else "png"
            add_media_item(dataset, store(shown.organisation.pk, content, f"{name}-{k}.{suffix}"))
    for text in more.get("golds", ()):
        set_gold(shown.requester, add_text_item(dataset, text), {"label": "l1"}, "It says so in the second word.")
    price = more.get("base_micro", 45_000)
    batch = create_batch(shown.requester, project, name=name, base_micro=price, bonus_micro=12_500)
    open_batch(shown.requester, batch)
    shown.batches[name] = batch
    return batch


def shown_world() -> Shown:
    world = sentiment_world(items=1, workers=1)
    worker = world.workers[0]
    worker.person.display_name = "Nomathemba Khumalo"
    worker.person.set_password(PASSWORD)
    worker.person.save()
    worker.country = "ZA"  # its help lines come first
    worker.save(update_fields=["country"])
    shown = Shown(worker, {}, world.organisation, world.requester)
    deposit(shown.organisation, 900_000_000)
    _offers(shown)
    _past(shown)
    _ban(shown)
    _exam(shown)
    _voices(shown)
    return shown


def _offers(shown: Shown) -> None:
    photo = lambda n, w, h: [picture(w, h, k) for k in range(n)]  # noqa: E731
    _project(shown, "tall", "Which crop covers most of this field, seen from the path?", "choice", "image",
             {"labels": labels(8)}, items=photo(3, 720, 1280), catalogue_entry="crop-health")  # fmt: skip
    _project(shown, "many", "Which crop is it?", "choice", "image", {"labels": labels(20)}, items=photo(3, 960, 720))
    _project(shown, "boxes", "Box every hut", "boxes", "image", catalogue.entry("object-detection")["config"], items=photo(3, 800, 600),
             catalogue_entry="object-detection")  # fmt: skip
    _project(
        shown,
        "grid",
        "Which of these fields are ripe?",
        "choice",
        "image",
        {"labels": labels(2), "look": "grid"},
        items=photo(9, 811, 600),
    )
    _project(shown, "boxes20", "Box every crop", "boxes", "image", {"labels": labels(20)}, items=photo(3, 801, 600))
    _project(shown, "sound", "Write what is said", "text", "audio", {"language": "en", "kind": "transcription"},
             items=[io.BytesIO(tone(2, 16_000 + k)) for k in (0, 50, 100)])  # fmt: skip
    _project(shown, "long", "Translate into isiZulu", "text", "text", {"language": "zu", "kind": "translation"},
             items=[f"{k}. {LONG}" for k in range(3)])  # fmt: skip
    _project(shown, "page", "Write the first line of the page", "text", "image", {"language": "en", "kind": "caption"},
             items=photo(3, 600, 1100))  # fmt: skip
    _project(shown, "names", "Mark every place and every person", "spans", "text", {"labels": labels(3)},
             items=[f"{k}. {LONG[:400]}" for k in range(3)])  # fmt: skip
    _project(shown, "voices", "Mark who speaks", "segments", "audio", {"labels": labels(3)},
             items=[io.BytesIO(tone(6, 16_000 + k)) for k in (1, 51, 101)])  # fmt: skip
    _project(
        shown, "outlines", "Outline every hut", "polygons", "image", {"labels": labels(3)}, items=photo(3, 802, 600)
    )
    _project(shown, "pose", "Mark every joint", "keypoints", "image", catalogue.entry("body-pose")["config"], items=photo(3, 803, 600),
             catalogue_entry="body-pose")  # fmt: skip
    entry = catalogue.entry("visual-attributes")
    _project(shown, "several", "What does the garment look like?", entry["task_type"], "image", entry["config"], items=photo(3, 804, 600),
             catalogue_entry=entry["id"])  # fmt: skip
    _project(shown, "better", "Make the sentence better", "text", "text", {"language": "en", "kind": "rewrite"},
             items=[f"{k}. The river rise in the night and the road was under the water." for k in range(3)])  # fmt: skip
    chat = [("system", "You are a nurse."), ("user", LONG[:300]), ("assistant", LONG[:400]), ("user", "And the rash?"),
            ("tool_result", '{"hits": 3}'), ("assistant", "Go to the clinic today.")]  # fmt: skip
    answers = [("prompt", LONG[:200]), ("candidate", LONG[:300]), ("candidate", "It rained."), ("candidate", LONG[:80])]
    lease = [pdf(f"Lease no. {k}, page 1 of 2", "Signed in Durban, page 2 of 2", size=(595, 842)) for k in range(3)]
    call = '{"name": "tide_table", "arguments": {"place": "Dublin", "day": "tomorrow"}}'
    trace = [
        ("user", "When is low tide in Durban?"),
        ("thought", LONG),
        ("tool_call", call),
        ("assistant", "At 05:48."),
    ]
    ready_mades = (
        ("document", "document-pages", lease),
        ("trace", "first-wrong-step", [trace]),
        ("lines", "receipt-lines", photo(1, 809, 600)),
        ("place", "photo-place", photo(1, 810, 600)),
        ("chat", "chat-turns", [chat]),
        ("two", "better-answer", [answers[:3]]),
        ("order", "rank-answers", [answers]),
        ("tree", "product-category", photo(1, 808, 600)),
        ("tags", "tagging", photo(3, 806, 600)),
        ("stars", "aesthetics-rating", photo(3, 807, 600)),
        ("scale", "quality-scale", [f"{k}. {LONG[:400]}" for k in range(3)]),
    )
    for name, ready_made, items in ready_mades:
        ready = catalogue.entry(ready_made)
        _project(
            shown,
            name,
            ready["title"]["en"],
            ready["task_type"],
            ready["medium"],
            ready["config"],
            items=items,
            catalogue_entry=ready_made,
        )
    _project(shown, "known", "Good or bad?", "choice", "text", {"labels": labels(2)}, gold_share_bps=5000,
             items=[f"It was a long day {k}" for k in range(8)], golds=[f"A bad day {k}" for k in range(4)])  # fmt: skip
    _project(shown, "warned", "Is somebody hurt in this picture?", "choice", "image", {"labels": labels(2), "look": "grid"},
             items=photo(3, 812, 600), warnings=["violence", "injury", "self_harm"])  # fmt: skip


def _past(shown: Shown) -> None:
    """Answers given, one payout asked, money held, a day sealed."""
    batch = _project(shown, "past", "Old work", "choice", "text", {"labels": labels(2)}, gold_share_bps=5000,
                     items=[f"yesterday {k}" for k in range(6)], golds=["a", "b"], base_micro=1_500_000)  # fmt: skip
    lent = draw_work(shown.worker, batch, 6)
    accept_answers(shown.worker, [answer_to(one, {"label": "l0"}) for one in lent])
    while outbox.drain():
        continue
    request_payout(shown.worker, uuid.uuid4(), 2_000_000, "+27821234509")
    now = timezone.now()
    held = shown.batches["known"].project
    PayHold.objects.create(worker=shown.worker, project=held, kind="random", since=now, until=now + timedelta(days=2))
    close_period()


def earn(shown: Shown, n: int) -> None:
    """n tasks done and settled, on another phone of hers."""
    lent = draw_work(shown.worker, shown.batches["known"], n)
    accept_answers(shown.worker, [answer_to(one, {"label": "l1"}) for one in lent])
    while outbox.drain():
        continue


def _voices(shown: Shown) -> None:
    """The instructions of a project as a sound, and a word of hers and one of the requester's in its thread."""
    project = shown.batches["tall"].project
    record_instructions(shown.requester, project, "en", io.BytesIO(tone(1)), "said.wav")
    draw_work(shown.worker, shown.batches["tall"], 1)
    say_as_worker(shown.worker, project, "What of a field with two crops, half and half?")
    say_as_requester(shown.requester, project, "Say the one that stands higher: it is the one that was sown first.")


def _exam(shown: Shown) -> None:
    """A project that asks for its exam, which she has sat once and not passed."""
    batch = _project(
        shown, "examined", "Which crop does the buyer mean?", "choice", "text", {"labels": labels(3)}, items=["maize"]
    )
    dataset = create_dataset(shown.requester, batch.project, "known")
    for k in range(16):
        item = add_text_item(dataset, f"Buyer {k} asks for a crop that grows in rows and is taller than a man.")
        set_gold(shown.requester, item, {"label": f"l{k % 3}"}, "The buyer says so in the second line of the letter.")
    exam = shown.batches["exam"] = open_exam(shown.requester, batch.project, seats=5)
    lent = draw_work(shown.worker, exam, 20)
    accept_answers(shown.worker, [answer_to(one, {"label": "l0"}) for one in lent])
    while outbox.drain():
        continue


def _ban(shown: Shown) -> None:
    batch = _project(shown, "banned", "Count the goats", "choice", "text", {"labels": labels(2)}, items=["goats"])
    maker = Person.objects.create_user(email=f"maker-{shown.organisation.pk}@example.org", is_staff=True)
    evidence = [
        {
            "kind": "gold",
            "project": batch.project_id,
            "title": "Count the goats",
            "numbers": {"gold_seen": 9, "gold_right": 2},
        }
    ]
    ban_worker(maker, shown.worker, batch.project, reason="unread", sentence="Forty answers in a row came without a look.",
               until=timezone.now() + timedelta(days=7), evidence=evidence)  # fmt: skip
