"""The clips of a month as CSV, for other people's books.

A text that a spreadsheet would take for a formula begins with an apostrophe; `restored` takes
it off again, so that nothing is lost on the way back.
"""

import csv
from collections.abc import Iterator, Mapping
from typing import Any

from studio.accounts.models import User
from studio.generations.receipts import plain
from studio.lib.writing import neutral
from studio.reports.clips import Line, batches, jobs
from studio.reports.months import Month
from studio.reports.sums import Spent

# For machines: the same in every language.
COLUMNS = (
    *("ordered_at", "person", "project", "model", "prompt", "clip", "job_ids", "state", "charge"),
    *("currency", "held", "charged", "given_back", "unclear"),
    *("studio_currency", "rate", "studio_held", "studio_charged", "studio_given_back"),
    *("studio_unclear", "price_version", "notes"),
)


class _Echo:
    """What the writer writes to is what it returns."""

    def write(self, line: str) -> str:
        return line


def as_csv(month: Month, person: User | None) -> Iterator[str]:
    """A line of heads and one for each clip; of everybody where no person is named."""
    writer = csv.writer(_Echo())
    # Tells spreadsheets that it is UTF-8; without it Chinese names are noise there.
    yield "\ufeff"
    yield writer.writerow(COLUMNS)
    for batch in batches(month, person):
        remote = jobs(batch)
        for line in batch:
            yield writer.writerow(_cells(line, remote))


def _cells(line: Line, remote: Mapping[int, list[str]]) -> list[Any]:
    hold, made = line.hold, line.generation
    sums = (line.held, line.charged, line.given_back, line.unclear)
    words = [line.person.email, str(line.project), hold.model, made.prompt if made else ""]
    said = [
        *(hold.generation_uid, " ".join(remote.get(made.pk, ())) if made else ""),
        *((made.state, made.charge) if made else ("", "")),
    ]
    return [
        hold.at.isoformat(),
        *map(neutral, [*words, *said]),
        hold.currency,
        *map(_own, sums),
        hold.studio_currency,
        plain(hold.rate),
        *(plain(each.studio) for each in sums),
        *map(neutral, [hold.price_version, "; ".join(line.notes)]),
    ]


def _own(each: Spent) -> str:
    """In the seller's currency: a clip has one."""
    return plain(sum((money.amount for money in each.originals), start=each.studio * 0))
