"""Ask every invariant of the live data."""

from studio.upkeep.invariants import CHECKS, Finding


def look() -> list[Finding]:
    """What is wrong, by number. Reads only.

    A rule that seems broken is asked twice: what was being written at one look is in order at
    the other.
    """
    findings: set[Finding] = set()
    for check in CHECKS:
        first = set(check())
        if first:
            findings |= first & set(check())
    return sorted(findings)
