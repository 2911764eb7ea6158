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
PARTS = sorted((APP / "locales").glob("*/*.json"))


def gz_bytes(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9))


def entry() -> Path:
    return DIST / re.search(r'src="/app/(assets/[^"]+\.js)"', (DIST / "index.html").read_text())[1]


def static_imports(script: Path) -> set[Path]:
    """The script and what it cannot start without."""
    found = {script}
    for name in re.findall(r'(?:^|[;}])import\s*(?:[^"()]*?from)?\s*"\./([^"]+)"', script.read_text()):
        found |= static_imports(script.parent / name)
    return found


def precached() -> list[str]:
    return json.loads(re.search(r'\[(?:"|`)/app/.*?\]', (DIST / "sw.js").read_text())[0].replace("`", '"'))


def test_first_javascript_fits_its_budget():
    size = sum(gz_bytes(path) for path in static_imports(entry()))
    assert size <= BUDGETS["first_js"], f"first JS is {size} bytes"


def test_everything_the_first_visit_fetches_fits_its_budget():
    """The strictest reading: the page, the service worker and all that it keeps for offline, every language and task type."""
    files = {
        DIST / "index.html",
        DIST / "sw.js",
        *(DIST / (url.removeprefix("/app/") or "index.html") for url in precached()),
    }
    size = sum(gz_bytes(path) for path in files)
    assert size <= BUDGETS["first_load"], f"first load is {size} bytes"


@pytest.mark.parametrize("name", ["boxes", "choice", "text"])
def test_each_task_type_fits_its_budget(name):
    [chunk] = (DIST / "assets").glob(f"type-{name}-*.js")
    shared = static_imports(chunk) - static_imports(entry())
    assert sum(gz_bytes(path) for path in shared) <= BUDGETS["each_task_type"]
    assert chunk not in static_imports(entry()), "a task type is fetched when it is needed"


@pytest.mark.parametrize("part", PARTS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_each_part_of_a_language_fits_its_budget_and_comes_alone(part):
    [chunk] = (DIST / "assets").glob(f"locale-{part.parent.name}-{part.stem}-*.js")
    assert gz_bytes(chunk) <= BUDGETS["each_language"]
    assert static_imports(chunk) == {chunk}, "a part of a language brings nothing along"
    assert chunk not in static_imports(entry()), "and is fetched with the screens that say it"


def test_the_service_worker_keeps_every_file_the_app_can_ask_for():
    built = {f"/app/{path.relative_to(DIST).as_posix()}" for path in (DIST / "assets").iterdir()}
    assert built <= set(precached())
    assert "/app/" in precached()
    assert not any("/api/" in url or "_allauth" in url for url in precached())


def test_the_page_needs_nothing_that_the_content_security_policy_forbids():
    page = (DIST / "index.html").read_text()
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
