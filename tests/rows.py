"""`@pytest.mark.row("A001")`: the row of the reliability guide that a test proves.

Loaded as a plugin. A row that does not exist, or a marked test that does not check both the
state and the answer, is an error of collection: nothing runs until it is mended.
"""

import ast
import inspect
from collections.abc import Callable, Iterator
from textwrap import dedent
from types import FunctionType, ModuleType
from typing import Any

import pytest

ROWS = {f"F{n:03}" for n in range(1, 163)} | {f"A{n:03}" for n in range(1, 127)}
# The state and the answer: fewer checks than these cannot have looked at both.
CHECKS = 2


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    rows = [row for mark in metafunc.definition.iter_markers("row") for row in mark.args]
    problem = fault(metafunc.function, rows) if rows else None
    if problem:
        pytest.fail(f"{metafunc.definition.nodeid}: {problem}", pytrace=False)


def fault(test: Callable[..., Any], rows: list[str]) -> str | None:
    """What is wrong with a test that says it proves these rows."""
    unknown = sorted(set(rows) - ROWS)
    if unknown:
        return f"the guide has no row {', '.join(unknown)}"
    found = checks(test)
    if found < CHECKS:
        return f"a row needs a check of the state and one of the answer; this makes {found}"
    return None


def checks(test: Callable[..., Any]) -> int:
    """Assertions in the test and in the functions of tests/ that it calls itself."""
    test = inspect.unwrap(test)
    tree = _tree(test)
    called = {function for function in _called(tree, test) if _is_ours(function)}
    return _count(tree) + sum(_count(_tree(function)) for function in called)


def _tree(function: Callable[..., Any]) -> ast.AST:
    return ast.parse(dedent(inspect.getsource(function)))


def _count(tree: ast.AST) -> int:
    return sum(isinstance(node, ast.Assert) or _is_raises(node) for node in ast.walk(tree))


def _is_raises(node: ast.AST) -> bool:
    return isinstance(node, ast.withitem) and "pytest.raises" in ast.unparse(node.context_expr)


def _called(tree: ast.AST, test: Callable[..., Any]) -> Iterator[Any]:
    """What the names that are called stand for: `helper()` and `module.helper()`."""
    names = getattr(test, "__globals__", {})
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name)):
                yield names.get(name)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr=name)):
                if isinstance(names.get(owner), ModuleType):
                    yield getattr(names[owner], name, None)


def _is_ours(thing: Any) -> bool:
    return isinstance(thing, FunctionType) and thing.__module__.startswith("tests.")
