"""The phone's languages: complete, and each screen with the part of the language that it speaks."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings

APP = Path(__file__).resolve().parents[2] / "worker_app"
SOURCES = APP / "src"
TASK_TYPES = APP.parent / "labelling/task_types"
WIDGETS = sorted(TASK_TYPES.glob("*/phone/widget.tsx"))
TYPES = [path.parents[1].name for path in WIDGETS]
LANGUAGES = sorted(path.name for path in (APP / "locales").iterdir())


def parts_of(language: str) -> dict[str, dict[str, str]]:
    """The files of the language and, by the name of each task type, the words of its folder."""
    files = {path.stem: path for path in sorted((APP / "locales" / language).glob("*.json"))}
    files |= {name: TASK_TYPES / name / "phone" / f"{language}.json" for name in TYPES}
    return {part: json.loads(path.read_text()) for part, path in files.items()}


PARTS = {language: parts_of(language) for language in LANGUAGES}
MESSAGES = {
    language: {key: message for part in parts.values() for key, message in part.items()}
    for language, parts in PARTS.items()
}
ENGLISH = MESSAGES["en"]
PART_OF = {key: part for part, messages in PARTS["en"].items() for key in messages}
GROUPS = {key.split(".")[0] for key in ENGLISH}


def placeholders(message: str) -> set[str]:
    return set(re.findall(r"\{(\w+)(?=[,}])", message, re.ASCII))


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_languages_have_the_same_keys_and_placeholders_in_the_same_parts(language):
    parts = PARTS[language]
    assert {part: set(messages) for part, messages in parts.items()} == {
        part: set(messages) for part, messages in PARTS["en"].items()
    }
    other = MESSAGES[language]
    assert [key for key in ENGLISH if placeholders(other[key]) != placeholders(ENGLISH[key])] == []
    assert all(message.strip() for message in other.values())
    assert sum(len(messages) for messages in parts.values()) == len(other), "no key stands in two parts"


@pytest.mark.parametrize("language", sorted({*LANGUAGES} - {"en"}))
def test_a_language_is_translated(language):
    """A word can be the same in two languages, a sentence is not."""
    same = {key for key, message in MESSAGES[language].items() if message == ENGLISH[key]}
    assert {key for key in same if len(re.findall(r"\w{2,}", re.sub(r"\{.*?\}", "", ENGLISH[key]))) > 2} == set()
    assert len(same) < 0.05 * len(ENGLISH)
    if language == "zu":
        assert same <= {"size.kb", "size.mb"}


def test_the_server_speaks_what_the_phone_speaks():
    assert sorted(settings.PHONE_LANGUAGES) == LANGUAGES


def keys_in(text: str) -> set[str]:
    """Keys that are written out; what a key is put together from (`type.${name}`) stands for all that begin so."""
    written = {key for key in re.findall(r'"([a-z_]+(?:\.[a-z_0-9]+)+)"', text) if key.split(".")[0] in GROUPS}
    written = {key for key in written if not key.endswith((".webp", ".json"))}  # files are no words
    begun = re.findall(r"`([a-z_]+\.(?:[a-z_]+\.)*)\$\{", text)
    return written | {key for start in begun for key in ENGLISH if key.startswith(start)}


def test_every_message_that_the_code_names_exists():
    sources = [
        path for path in [*SOURCES.rglob("*.ts*"), *WIDGETS] if ".test." not in path.name and path.name != "contract.ts"
    ]
    named = {key for path in sources for key in keys_in(path.read_text())}
    assert len(named) > 100
    assert named - ENGLISH.keys() == set()


def imports_of(path: Path) -> list[Path]:
    found = []
    for name in re.findall(
        r'(?:from|import) "([@.][^"]+)"', re.sub(r"^import type .*$", "", path.read_text(), flags=re.M)
    ):
        base = SOURCES / name.removeprefix("@app/") if name.startswith("@app/") else path.parent / name
        files = [Path(f"{base}{end}") for end in (".ts", ".tsx", "/index.ts")]
        found += [file.resolve() for file in files if file.is_file()]
    return found


def reached_from(path: Path, not_through: frozenset[Path] = frozenset()) -> set[Path]:
    found: set[Path] = set()
    waiting = [path]
    while waiting:
        here = waiting.pop()
        if here not in found and here not in not_through:
            found.add(here)
            waiting += imports_of(here)
    return found


def spoken_by_screens() -> dict[Path, set[str]]:
    """App.tsx says which parts come with a screen: worded(["work"], TaskScreen), fetched(["account"], ... import("./WalletScreen") ...)."""
    app = SOURCES / "screens/App.tsx"
    screens = {path.stem: path for path in imports_of(app)}
    pairs = re.findall(r"worded\(\[([^\]]*)\], (\w+)\)", app.read_text())
    for parts, file in re.findall(
        r"fetched\(\[([^\]]*)\], async \(\) => \(await import\(\"\./([\w/]+)\"\)", app.read_text()
    ):
        screens[Path(file).name] = (app.parent / f"{file}.tsx").resolve()
        pairs.append((parts, Path(file).name))
    assert len(pairs) == len(re.findall(r"= (?:worded|fetched)\(", app.read_text()))
    return {screens[name]: {"first", *re.findall(r"\w+", parts)} for parts, name in pairs}


def unsaid(files: set[Path], parts: set[str]) -> list[tuple[str, str]]:
    """Messages that these files say and that none of these parts holds."""
    return sorted(
        (file.name, key) for file in files for key in keys_in(file.read_text()) if PART_OF.get(key, "?") not in parts
    )


#: Says its words, and shows what it is made of, when their part is there: these files wait for it themselves.
WAITS = {"FeedbackSheet.tsx": {"first", "work", "content"}}


@pytest.mark.parametrize("screen", sorted(spoken_by_screens()), ids=lambda path: path.stem)
def test_a_screen_says_only_what_comes_with_it(screen):
    parts = spoken_by_screens()[screen]
    assert unsaid(reached_from(screen), parts) == []
    assert unsaid(reached_from(screen), {"first"}), "a screen of the first part alone needs no other"


def test_the_consoles_editor_says_what_it_fetches():
    """editor.tsx says which parts, as a screen does."""
    entry = (SOURCES / "editor.tsx").resolve()
    [parts] = re.findall(r"addParts\(\[([^\]]*)\]\)", entry.read_text())
    assert unsaid(reached_from(entry), {"first", *re.findall(r"\w+", parts)}) == []


def test_what_is_always_there_says_only_the_first_part():
    worded = frozenset(spoken_by_screens())
    main = (SOURCES / "main.tsx").resolve()
    waiting = {file for file in reached_from(main, not_through=worded) if file.name in WAITS}
    always = reached_from(main, not_through=worded | waiting)
    assert len(always) > 20
    assert unsaid(always, {"first"}) == []
    for file in waiting:
        assert unsaid(reached_from(file, not_through=worded) - always, WAITS[file.name]) == []


@pytest.mark.parametrize("widget", WIDGETS, ids=TYPES)
def test_a_task_type_says_the_words_of_its_own_folder(widget):
    name = widget.parents[1].name
    assert unsaid(reached_from(widget), {"first", "work", name}) == []
    assert {key.split(".")[0] for key in PARTS["en"][name]} == {name}
    assert f"{name}.what" in PARTS["en"][name], "what it asks of her, in the list of work"


def test_what_is_shared_knows_no_task_type():
    shared = [path for path in SOURCES.rglob("*.ts*") if ".test." not in path.name]
    words = {key for name in TYPES for key in PARTS["en"][name]}
    media = {"text", "image", "audio", "video"}
    for path in shared:
        text = path.read_text()
        if text.startswith("/** Generated from"):
            continue  # of what is found in the folders
        assert not keys_in(text) & words, path
        assert not set(re.findall(r'"(\w+)"', text)) & (set(TYPES) - media), path
        assert not re.search(r"task_types/[a-z]", text), path
    styles = " ".join(path.read_text() for path in SOURCES.rglob("*.css"))
    assert not re.search(rf"[.#](?:{'|'.join(TYPES)})\b", styles)


def test_the_list_of_work_says_what_each_type_asks_with_the_first_words():
    for language in LANGUAGES:
        [chunk] = (APP / "dist/assets").glob(f"locale-{language.replace('-', '_')}-first-*.js")
        built = chunk.read_text()
        for name in TYPES:
            assert json.dumps(PARTS[language][name][f"{name}.what"], ensure_ascii=False)[1:-1] in built
