"""Django's own `makemessages`, which reads the words in the catalogue's files as well."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

from django.core.management.base import CommandParser
from django.core.management.commands import makemessages

# What people read in a provider's file; the rest are keys, values, names and addresses.
SHOWN = {"good_for", "good_to_know", "note", "reason", "reasoning", "seconds_note", "price.source"}


class BuildFile(makemessages.BuildFile):
    """A file of the catalogue becomes a list of calls that the tools for Python can read."""

    def preprocess(self) -> None:
        if not self.path.endswith(".toml"):
            super().preprocess()
            return
        texts = shown(tomllib.loads(Path(self.path).read_text()))
        Path(self.work_path).write_text("".join(f"gettext_noop({text!r})\n" for text in texts))


class Command(makemessages.Command):
    build_file_class = BuildFile
    # A new string starts empty: a guess from a similar one would only have to be found again.
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(
            all=True,
            extensions=["html", "txt", "py", "toml"],
            ignore_patterns=[".venv", "var", "var-practice", "tests"],
            # Files without lines: what only moved is no change.
            add_location="file",
            no_wrap=True,
            no_obsolete=True,
        )


def shown(table: object, place: str = "") -> Iterator[str]:
    """Every text in `table` whose name, or whose parent's and own name, is one of SHOWN."""
    if isinstance(table, dict):
        for name, value in table.items():
            yield from shown(value, f"{place.rpartition('.')[2]}.{name}")
    elif isinstance(table, list):
        for value in table:
            yield from shown(value, place)
    elif isinstance(table, str) and SHOWN & {place, place.rpartition(".")[2]}:
        yield table
