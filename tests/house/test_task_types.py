"""A task type is known by name in its own folder only: whoever else needs to know something of it asks it.

Left out: data (the catalogue), migrations, tests, the benchmarks and the content of the demo and of the replays, which are particular
projects and recorded data sets; consensus.core, a library that knows no task types and has words of its own.
"""

import ast
import re
from collections.abc import Collection
from pathlib import Path

import pytest

from labelling import task_types

ROOT = Path(__file__).resolve().parents[2]
TYPES, FORMATS = ROOT / "labelling" / "task_types", ROOT / "labelling" / "formats"
DECODERS = ROOT / "platform" / "intake" / "decoders"
LEFT_OUT = ("tests/", "benchmarks/", "consensus/core/", "platform/server/demo/", "platform/server/replay/")
# Words of their own right, too: a medium, a field of a review, a form to fill in, what it lists. They count where they stand beside a
# task type.
HOMONYMS = {"text", "choice", "choices", "form"}


def sources(*patterns: str) -> list[Path]:
    rooms = ("consensus", "labelling", "ml_assist", "platform", "worker_app/src")
    found = [path for room in rooms for pattern in patterns for path in (ROOT / room).rglob(pattern)]
    return [path for path in found if not is_left_out(path)]


def is_left_out(path: Path) -> bool:
    inside = path.relative_to(ROOT).as_posix()
    own = TYPES in path.parents and path.relative_to(TYPES).parts[0] in task_types.NAMES
    return own or inside.startswith(LEFT_OUT) or "/migrations/" in inside


def named_in_python(source: str, own_words: Collection[str] = HOMONYMS) -> list[str]:
    """own_words: what may stand there as something else than a type's name."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and node.value in task_types.NAMES and node.value not in own_words:
            found.append(f"line {node.lineno}: {node.value!r}")
        if isinstance(node, ast.ImportFrom | ast.Import):
            modules = [getattr(node, "module", None) or "", *(alias.name for alias in node.names)]
            own = [re.match(r"labelling\.task_types\.(\w+)", module) for module in modules]
            found += [f"line {node.lineno}: {one[0]}" for one in own if one and one[1] in task_types.NAMES]
        found += beside_a_task_type(node)
    return found


def beside_a_task_type(node: ast.AST) -> list[str]:
    """Compared with one, passed as one, or looked up by one."""
    if isinstance(node, ast.Compare) and "task_type" in ast.unparse(node):
        parts = [node.left, *node.comparators]
    elif isinstance(node, ast.keyword) and node.arg == "task_type":
        parts = [node.value]
    elif isinstance(node, ast.Call) and "task_type" in ast.unparse(node.func):
        parts = list(node.args)
    else:
        return []
    said = [one for part in parts for one in ast.walk(part) if isinstance(one, ast.Constant)]
    return [f"line {one.lineno}: {one.value!r}" for one in said if one.value in HOMONYMS & set(task_types.NAMES)]


def named_in_text(source: str) -> list[str]:
    """Of templates and TypeScript."""
    plain = "|".join(sorted(set(task_types.NAMES) - HOMONYMS))
    quoted = re.findall(rf"[\"'`](?:{plain})[\"'`]", source)
    names = "|".join(task_types.NAMES)
    beside = re.findall(rf"(?:task_type|taskType|said\.kind)\s*[!=]==?\s*[\"'](?:{names})[\"']", source)
    return quoted + beside + re.findall(rf"task_types/(?:{names})/", source)


def test_no_python_outside_its_folder_names_a_task_type():
    files = sources("*.py")
    assert len(files) > 200
    # The keys of other tools' files are the words of those tools.
    words = {path: task_types.NAMES if {FORMATS, DECODERS} & {*path.parents} else HOMONYMS for path in files}
    found = {str(path.relative_to(ROOT)): named_in_python(path.read_text(), words[path]) for path in files}
    assert {path: names for path, names in found.items() if names} == {}


def test_no_template_and_no_code_of_the_phone_outside_its_folder_names_one():
    # What is generated from the declarations of the types names them all.
    files = [path for path in sources("*.html", "*.ts", "*.tsx") if "Generated from" not in path.read_text()[:100]]
    assert len(files) > 100
    found = {str(path.relative_to(ROOT)): named_in_text(path.read_text()) for path in files}
    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize(
    "source",
    [
        '_MEDIA = {"boxes": {"image"}}',
        'if project.task_type == "choice": pass',
        'labels = [] if "text" != row.task_type else [1]',
        'create_project(task_type="text")',
        'task_types.get("choice")',
        "from labelling.task_types.boxes.agreement import agreement",
    ],
)
def test_control_a_name_is_seen(source):
    assert named_in_python(source)


@pytest.mark.parametrize("source", ['request.POST.get("choice")', 'payload["text"]', 'medium == "text"'])
def test_control_other_words_that_are_spelt_so_are_not(source):
    assert named_in_python(source) == []


def test_control_a_name_in_a_template_or_in_typescript_is_seen():
    assert named_in_text('{% if said.kind == "choice" %}')
    assert named_in_text('batch.task_type === "text"')
    assert named_in_text("import x from '@task_types/boxes/phone/tool'")
    assert named_in_text('const marks = value["boxes"];')
    assert named_in_text('<input name="choice"> media.kind === "image"') == []
