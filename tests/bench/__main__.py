"""`python -m tests.bench [name ...]`: show what the benches found, fail where a goal is missed."""

import argparse
import importlib
import sys
from datetime import date

import django

from tests import environment
from tests.bench import table

BENCHES = ("thumbs", "animatic", "lag", "polls")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("name", nargs="*", help=f"which of them: {', '.join(BENCHES)}")
    names = parser.parse_args().name or BENCHES
    if unknown := sorted(set(names) - set(BENCHES)):
        parser.error(f"no such bench: {', '.join(unknown)}")
    # On a data dir of its own, gone in the end.
    assert environment.DATA_DIR
    django.setup()
    rows = [row for name in names for row in importlib.import_module(f"tests.bench.{name}").rows()]
    shown = (f"{date.today()}, {table.machine()}", "", *table.lines(rows))
    sys.stdout.write("\n".join(shown) + "\n")
    return 0 if all(row.met for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
