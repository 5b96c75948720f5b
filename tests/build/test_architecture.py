"""Rules of the house that no linter knows. Each says what to do instead."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.template.loader import get_template
from django.urls import URLPattern, URLResolver, get_resolver

from tests.build.sources import ROOT, Module, committed_texts, modules, templates

# Imports inside functions that must be, and why.
LATE_IMPORTS = {
    "studio/apps.py": "the registry must be ready before models and tasks are imported",
}
# Readers of the environment beside the settings: they run before, or without, Django.
READS_ENVIRONMENT = {
    "studio/env.py",
    "studio/settings.py",
    "studio/celery.py",
    "studio/wsgi.py",
    "studio/lib/failpoints.py",
    "studio/serve/child.py",
    "studio/serve/lifeline.py",
    "studio/serve/web.py",
}
VAGUE = re.compile(r"(^|_)(utils?|helpers?|common|misc)(_|$)")
HANDLER = re.compile(r"<[^>]*\s(on[a-z]+|hx-on[:a-z-]*)\s*=", re.IGNORECASE)
INLINE = re.compile(r"<style|\sstyle\s*=|javascript:", re.IGNORECASE)
SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>", re.IGNORECASE)
# Put together here, so that this file holds none itself.
REGISTRIES = [".".join(parts) for parts in (("pypi", "org"), (f"python{'hosted'}", "org"))] + [
    ".".join(parts) for parts in (("npmjs", "org"), ("yarnpkg", "com"), ("proxy", "golang", "org"))
]


def functions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def calls(module: Module, method: str) -> Iterator[ast.Call]:
    for node in ast.walk(module.tree):
        match node:
            case ast.Call(func=ast.Attribute(attr=name)) if name == method:
                yield node


def writes_of_state(module: Module) -> Iterator[str]:
    """`update(state=…)` on any queryset, and `something.state = …`."""
    for call in calls(module, "update"):
        if any(keyword.arg == "state" for keyword in call.keywords):
            yield f"{module.name}:{call.lineno}"
    for node in ast.walk(module.tree):
        match node:
            case ast.Assign(targets=[ast.Attribute(attr="state")]):
                yield f"{module.name}:{node.lineno}"


def late_imports(module: Module) -> Iterator[str]:
    for function in functions(module):
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom):
                yield f"{module.name}:{node.lineno}"


def test_only_transitions_writes_the_state_of_a_generation() -> None:
    rooms = [m for m in modules() if not m.name.startswith("studio/generations/transitions")]
    found = [place for m in rooms for place in writes_of_state(m)]
    attempts = {place for place in found if _is_about_attempts(place)}
    assert sorted(set(found) - attempts) == []


def _is_about_attempts(place: str) -> bool:
    """An attempt has a state of its own, written where the protocol is (generations.submit)."""
    name, _, line = place.partition(":")
    return "ttempt" in (ROOT / name).read_text().splitlines()[int(line) - 1]


def test_nothing_is_imported_inside_a_function() -> None:
    found = [p for m in modules() if m.name not in LATE_IMPORTS for p in late_imports(m)]
    assert found == []


def test_no_module_has_a_vague_name() -> None:
    everything = [*modules("studio"), *modules("tests")]
    vague = [m.name for m in everything if any(VAGUE.search(p) for p in _words(m.path))]
    assert vague == []


def _words(path: Path) -> list[str]:
    return [part.removesuffix(".py") for part in path.relative_to(ROOT).parts]


def test_the_environment_is_read_in_the_settings_only() -> None:
    readers = [m.name for m in modules() if re.search(r"os\.(environ|getenv)", m.path.read_text())]
    assert sorted(set(readers) - READS_ENVIRONMENT) == []


def test_tasks_have_no_timer_and_no_retry_of_their_own() -> None:
    words = {"countdown", "eta", "autoretry_for", "retry_backoff", "apply_async_on_commit"}
    found = [
        f"{m.name}:{node.value.lineno}"
        for m in modules()
        for node in ast.walk(m.tree)
        if isinstance(node, ast.keyword) and node.arg in words
    ]
    assert found == []


@pytest.mark.parametrize("path", templates(), ids=lambda p: str(p.relative_to(ROOT)))
def test_a_template_parses_and_has_nothing_inline(path: Path) -> None:
    get_template(str(path.relative_to(ROOT / "templates")))
    text = path.read_text()
    scripts = [found["attributes"] for found in SCRIPT.finditer(text) if "src=" not in found[0]]
    assert [s for s in scripts if "application/json" not in s] == []
    assert HANDLER.findall(text) == []
    assert INLINE.findall(text) == []


def addresses(resolver: URLResolver) -> Iterator[URLPattern]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from addresses(entry)
        else:
            yield entry


def test_every_address_has_a_name_of_its_own() -> None:
    names = Counter(str(address.name) for address in addresses(get_resolver()))
    assert [name for name, count in names.items() if count > 1 or name == "None"] == []


def test_no_file_names_a_package_registry() -> None:
    found = [
        (name, host)
        for name, text in committed_texts()
        for host in REGISTRIES
        if re.search(rf"\b{re.escape(host)}\b", text)
    ]
    assert found == []
