"""The built phone app: its budgets (docs/decisions/phone-app.md), and that it is what the sources build."""

import gzip
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

APP = Path(__file__).resolve().parents[2] / "worker_app"
DIST = APP / "dist"
BUDGETS = json.loads((APP / "budgets.json").read_text())
TYPES = sorted(path.parents[1] for path in (APP.parent / "labelling/task_types").glob("*/phone/widget.tsx"))
PARTS = [
    *((path.parent.name, path.stem) for path in sorted((APP / "locales").glob("*/*.json"))),
    *((path.stem, folder.name) for folder in TYPES for path in sorted((folder / "phone").glob("*.json"))),
]
LANGUAGES = sorted({language for language, _ in PARTS})


def in_file_names(language: str) -> str:
    """dev/languages.ts has the same: zh_Hant."""
    return language.replace("-", "_")


def gz_bytes(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9))


def entry() -> Path:
    return DIST / re.search(r'src="/app/(assets/[^"]+\.js)"', (DIST / "index.html").read_text())[1]


def static_imports(script: Path) -> set[Path]:
    """The script and what it cannot start without."""
    found = {script}
    for name in re.findall(r'(?:^|[;}\s])import\s*(?:[^"()]*?from)?\s*"\./([^"]+)"', script.read_text()):
        found |= static_imports(script.parent / name)
    return found


def precached() -> list[str]:
    """However the list is written: as an array, or, once it is long, as one text that is cut in pieces."""
    return sorted(set(re.findall(r"/app/(?:[\w./-]+)?", (DIST / "sw.js").read_text())))


def test_first_javascript_fits_its_budget():
    size = sum(gz_bytes(path) for path in static_imports(entry()))
    assert size <= BUDGETS["first_js"], f"first JS is {size} bytes"


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_the_first_visit_fetches_fits_its_budget(language):
    """The page, the service worker and all that it keeps for offline, in one language: nobody fetches another (test_first_visit.py). The
    files of a task type come with its first task."""
    of_types = re.compile(rf"assets/(type|of|locale-\w+)-({'|'.join(folder.name for folder in TYPES)})-")
    others = re.compile(rf"assets/locale-(?!{in_file_names(language)}-)")
    needed = [url for url in precached() if not of_types.search(url) and not others.search(url)]
    assert sum("/locale-" in url for url in needed) == len(list((APP / "locales" / language).glob("*.json"))) - 1
    files = {
        DIST / "index.html",
        DIST / "sw.js",
        *(DIST / (url.removeprefix("/app/") or "index.html") for url in needed),
    }
    size = sum(gz_bytes(path) for path in files)
    assert size <= BUDGETS["first_load"], f"first load is {size} bytes"


@pytest.mark.parametrize("name", [folder.name for folder in TYPES])
def test_each_task_type_fits_its_budget(name):
    [chunk] = (DIST / "assets").glob(f"type-{name}-*.js")
    looks = set((DIST / "assets").glob(f"type-{name}-*.css"))
    assert len(looks) == (APP.parent / "labelling/task_types" / name / "phone/style.css").exists()
    fetched = looks | static_imports(chunk) - static_imports(entry())
    assert sum(gz_bytes(path) for path in fetched) <= BUDGETS["each_task_type"]
    assert chunk not in static_imports(entry()), "a task type is fetched when it is needed"
    first = (DIST / "index.html").read_text()
    assert not [path.name for path in fetched if path.name in first]


@pytest.mark.parametrize(("language", "part"), PARTS)
def test_each_part_of_a_language_fits_its_budget_and_comes_alone(language, part):
    [chunk] = (DIST / "assets").glob(f"locale-{in_file_names(language)}-{part}-*.js")
    assert gz_bytes(chunk) <= BUDGETS["each_language"]
    assert static_imports(chunk) - {chunk} <= static_imports(entry()), "a part of a language brings nothing along"
    assert chunk not in static_imports(entry()), "and is fetched with the screens that say it"


OF_THE_CONSOLE = re.compile(r"/app/(editor\.html|assets/(locale-[\w-]+-)?editor-.*)")


def test_the_service_worker_keeps_every_file_the_app_can_ask_for():
    built = {f"/app/{path.relative_to(DIST).as_posix()}" for path in (DIST / "assets").iterdir()}
    assert {url for url in built if not OF_THE_CONSOLE.fullmatch(url)} <= set(precached())
    assert not [url for url in precached() if OF_THE_CONSOLE.fullmatch(url)], (
        "the console's editor is no phone's to keep"
    )
    assert "/app/" in precached()
    assert not any("/api/" in url or "_allauth" in url for url in precached())


def test_what_the_consoles_editor_begins_with_fits_its_budget():
    page = (DIST / "editor.html").read_text()
    files = {DIST / url for url in re.findall(r'(?:src|href)="/app/([^"]+)"', page)} | {DIST / "editor.html"}
    size = sum(gz_bytes(path) for path in files | static_imports(next(path for path in files if path.suffix == ".js")))
    assert size <= BUDGETS["editor"], f"the editor begins with {size} bytes"


@pytest.mark.parametrize("name", ["index.html", "editor.html"])
def test_the_page_needs_nothing_that_the_content_security_policy_forbids(name):
    page = (DIST / name).read_text()
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:", page)
    assert not re.search(r'(?:src|href)="(?!/app/)', page)


needs_node = pytest.mark.skipif(
    not (shutil.which("node") and (APP / "node_modules").is_dir()),
    reason="needs Node and `npm ci` in worker_app; running the app does not",
)


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


@needs_node
@pytest.mark.slow
def test_a_rebuild_gives_the_same_files(tmp_path):
    command = ["node", "node_modules/vite/bin/vite.js", "build", "--outDir", str(tmp_path / "dist"), "--emptyOutDir"]
    subprocess.run(command, cwd=APP, check=True, capture_output=True, timeout=300)
    fresh, kept = files_of(tmp_path / "dist"), files_of(DIST)
    assert sorted(fresh) == sorted(kept), "run `npm run build` in worker_app and commit dist/"
    assert [name for name in fresh if fresh[name] != kept[name]] == []


@needs_node
@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        ["node", "node_modules/vitest/vitest.mjs", "run"],
        ["node", "node_modules/typescript/bin/tsc", "--noEmit"],
        ["node", "node_modules/typescript/bin/tsc", "--noEmit", "-p", "tsconfig.sw.json"],
    ],
    ids=["vitest", "types", "types of the service worker"],
)
def test_the_apps_own_checks(command):
    done = subprocess.run(command, cwd=APP, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
