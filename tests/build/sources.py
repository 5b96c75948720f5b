"""The project's own files, read once, for the tests that look at how they are written."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Module:
    path: Path
    tree: ast.Module

    @property
    def name(self) -> str:
        return str(self.path.relative_to(ROOT))


@cache
def modules(folder: str = "studio") -> tuple[Module, ...]:
    paths = [path for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts]
    return tuple(Module(path, ast.parse(path.read_text())) for path in sorted(paths))


@cache
def templates() -> tuple[Path, ...]:
    return tuple(sorted((ROOT / "templates").rglob("*.html")))


def committed_texts() -> Iterator[tuple[str, str]]:
    """Name and text of what a fresh clone holds; it has no git, so what is built is left out."""
    skipped = {".git", ".venv", "var", "var-practice", "__pycache__", "test-results"}
    for path in sorted(ROOT.rglob("*")):
        name = path.relative_to(ROOT)
        if skipped & set(name.parts) or any(part.endswith("_cache") for part in name.parts):
            continue
        if path.is_file() and path.suffix not in {".mo", ".png", ".jpg", ".webp", ".mp4"}:
            yield str(name), path.read_text(errors="replace")
