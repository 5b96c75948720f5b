"""A month of the books, as the address says it: 2026-11."""

import re
from dataclasses import dataclass
from datetime import date

from studio.accounts.models import Studio
from studio.lib import clock

SPELLED = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
# The chooser goes back three years; older months are still there by their address.
MOST_LISTED = 36


@dataclass(frozen=True, order=True)
class Month:
    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.year, day.month)

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def after(self) -> date:
        """The first day that is no longer in it."""
        return self.later.first

    @property
    def earlier(self) -> "Month":
        return Month(self.year - 1, 12) if self.number == 1 else Month(self.year, self.number - 1)

    @property
    def later(self) -> "Month":
        return Month(self.year + 1, 1) if self.number == 12 else Month(self.year, self.number + 1)


def this_month(studio: Studio) -> Month:
    return Month.of(clock.now().astimezone(studio.zone).date())


def read(text: str, studio: Studio) -> Month:
    """What means no month, or one that the calendar does not reach, is the present one."""
    found = SPELLED.fullmatch(text)
    if found is None or not 2000 <= int(found[1]) <= 2999:
        return this_month(studio)
    return Month(int(found[1]), int(found[2]))


def listed(studio: Studio, shown: Month) -> list[Month]:
    """From now back to the month in which the books were opened, and the one that is shown."""
    last = this_month(studio)
    opened = studio.books_opened_at
    first = Month.of(opened.astimezone(studio.zone).date()) if opened else last
    months = [last]
    while months[-1] > first and len(months) < MOST_LISTED:
        months.append(months[-1].earlier)
    return sorted({*months, shown}, reverse=True)
