"""The pages for people lead somewhere: each link has its file, each page and decision is listed in docs/README.md."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *DOCS.rglob("*.md")]


def links_of(page: Path) -> list[str]:
    return [link for link in re.findall(r"\]\(([^)#]+)", page.read_text()) if "://" not in link]


def test_every_link_of_a_page_leads_to_a_file():
    broken = [(page.name, link) for page in PAGES for link in links_of(page) if not (page.parent / link).exists()]
    assert broken == []


def test_every_page_and_decision_is_listed():
    index = DOCS / "README.md"
    listed = {(DOCS / link).resolve() for link in links_of(index)}
    there = {path for path in DOCS.rglob("*") if path.suffix in (".md", ".csv")} - {index}
    assert sorted(path.name for path in there - listed) == []
