"""axe-core (deque.com/axe) on a page as it stands: every rule that it has, and what it complains of in words."""

from __future__ import annotations

from pathlib import Path

AXE = Path(__file__).parents[1] / "worker_app" / "node_modules" / "axe-core" / "axe.min.js"
LOOK = """async () => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"], iframes: false });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, html, any, all, none }) =>
    `${id}: ${target.join(" ")}: ${html.slice(0, 140)} (${[...any, ...all, ...none].map((one) => one.message).join(" ").slice(0, 240)})`));
}"""


def axe_on(page) -> list[str]:
    """The source goes in once: it stays while no new document is opened. A frame is a page of its own."""
    if not page.evaluate("() => 'axe' in globalThis"):
        page.evaluate(AXE.read_text())
    return page.evaluate(LOOK)
