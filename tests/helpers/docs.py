"""The words of the project that tests read: the front page and the guide."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
GUIDE = (ROOT / "examples" / "README.md").read_text(encoding="utf-8")
PAGES = {"README.md": README, "examples/README.md": GUIDE}
