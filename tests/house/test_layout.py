"""The house's own rules, as facts."""

import platform
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_standard_library_keeps_its_platform_module():
    assert not Path(platform.__file__).is_relative_to(ROOT)
    assert not (ROOT / "platform" / "__init__.py").exists()
    assert not (ROOT / "tests" / "platform").exists()
