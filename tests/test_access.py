"""Every address × everybody × every way of asking: each is answered as the table says."""

from collections import Counter

import pytest
from django.urls import reverse
from pytest_django import Settings

from tests.access.stage import (
    NOWHERE,
    How,
    Said,
    Stage,
    Visitor,
    address_of,
    addresses,
    build,
    nothing_written,
    persons,
    seller,
    sent_with,
    visitor,
    woodcut,
)
from tests.access.table import FILE, TABLE, Line, Who
from tests.undone import undone

# Of lists: a filter that names what is not yours, and what may be shown only to those who see it.
FILTERS = (
    ("gallery", {"project": "project"}, "generation"),
    ("gallery", {"person": "member"}, "generation"),
    ("gallery", {"tag": "tag"}, "generation"),
    ("gallery", {"q": "prompt"}, "generation"),
    ("assets", {"project": "project"}, "asset"),
    ("assets", {"q": "asset name"}, "asset"),
    ("assets_more", {"project": "project"}, "asset"),
    ("create", {"made": "order"}, "generation"),
    ("create", {"from": "generation"}, "asset"),
    ("create", {"asset": "asset"}, "asset"),
    ("live", {"take": "generation as seen"}, "generation"),
    ("live", {"card": "generation as seen"}, "generation"),
    ("live", {"one": "generation as seen"}, "generation"),
)
FILES = [line for line in TABLE if line.reads and FILE in line.reads.values()]
LISTS = [line for line in TABLE if line.reads and Who.OUTSIDER in line.reads and not line.at]

TO_LOGIN = 302
UNAUTHORISED = 401
FORBIDDEN = 403
NOT_THERE = 404
WRONG_METHOD = 405


pytestmark = pytest.mark.django_db


@pytest.fixture
def stage() -> Stage:
    return build(persons())


def test_every_address_has_its_line_and_every_line_its_address() -> None:
    assert Counter(line.address for line in TABLE) == Counter(addresses())


@pytest.mark.row("A039", "A040")
@pytest.mark.parametrize("line", TABLE, ids=lambda line: line.address)
def test_everybody_gets_what_the_table_says_and_no_more(stage: Stage, line: Line) -> None:
    for who in Who:
        with undone():
            somebody = visitor(stage, who)
            said = {how: _visit(stage, somebody, line, how) for how in How}
            assert (who, _statuses(said)) == (who, _expected_of(line, who))
            # Not yours is not there: to the letter what is said of a thing that never was.
            for how in How:
                if _is_refused(line, who, how):
                    assert said[how] == _visit_nothing(stage, somebody, line, how, said[how])


def _statuses(said: dict[How, Said]) -> dict[str, int]:
    return {str(how): said[how].status for how in How}


def _expected_of(line: Line, who: Who) -> dict[str, int]:
    return {str(how): _expected(line, who, how) for how in How}


def _visit(stage: Stage, somebody: Visitor, line: Line, how: How) -> Said:
    address, sent = address_of(line, stage), sent_with(line, stage)
    if _is_refused(line, somebody.who, how):
        with nothing_written():
            return somebody.asks(how, address, sent)
    with undone():
        return somebody.asks(how, address, sent)


def _visit_nothing(stage: Stage, somebody: Visitor, line: Line, how: How, instead: Said) -> Said:
    """Ask the same about a thing that is not there; what was said `instead`, if there is none."""
    things = [*line.at[:1], *(value for value in line.sent.values() if value in stage.things)]
    if things:
        return _visit(stage.without(*things), somebody, line, how)
    return somebody.asks(how, NOWHERE) if instead.status == NOT_THERE else instead


def _expected(line: Line, who: Who, how: How) -> int:
    opens = line.posts if how.posts else line.reads
    if who is Who.ANONYMOUS and not line.is_public:
        return UNAUTHORISED if how.by_htmx else TO_LOGIN
    if opens is None:
        return WRONG_METHOD
    if who not in opens:
        return NOT_THERE
    status, ranged, htmx = opens[who]
    if how is How.RANGE:
        return ranged or status
    return htmx or status if how.by_htmx else status


def _is_refused(line: Line, who: Who, how: How) -> bool:
    opens = line.posts if how.posts else line.reads
    return who not in (opens or {})


@pytest.mark.row("A041")
@pytest.mark.parametrize(("address", "asked", "thing"), FILTERS)
def test_a_filter_that_names_what_is_not_yours_finds_what_one_that_names_nothing_finds(
    stage: Stage, address: str, asked: dict[str, str], thing: str
) -> None:
    line = Line(address, None, None, sent=asked)
    hero, nobody = sent_with(line, stage), sent_with(line, stage.without(*asked.values()))
    for how in (How.GET, How.HTMX):
        shown = visitor(stage, Who.MEMBER).asks(how, reverse(address), hero)
        assert stage.things[thing] in shown.body or "ASKED" in shown.body
        for who in (Who.STRANGER, Who.OUTSIDER):
            said = visitor(stage, who).asks(how, reverse(address), hero)
            assert said == visitor(stage, who).asks(how, reverse(address), nobody)
            assert stage.things[thing] not in said.body


@pytest.mark.row("A041")
@pytest.mark.parametrize("line", LISTS, ids=lambda line: line.address)
@pytest.mark.parametrize("who", [Who.STRANGER, Who.OUTSIDER])
def test_whatever_others_make_a_list_and_its_counts_stay_as_they_were(line: Line, who: Who) -> None:
    cast = persons()
    somebody = visitor(Stage(cast, {}), who)
    somebody.asks(How.GET, reverse("settings"))  # the first visit of a day is noted there
    woodcut()  # what belongs to the whole studio is everybody's to see
    seller(cast)
    before = [somebody.asks(how, reverse(line.address)) for how in (How.GET, How.HTMX)]
    theirs = build(cast).things
    after = [somebody.asks(how, reverse(line.address)) for how in (How.GET, How.HTMX)]
    assert after == before
    for thing in ("project", "person", "member", "asset", "generation", "order"):
        assert not any(theirs[thing] in said.body for said in after)


@pytest.mark.row("A052")
@pytest.mark.parametrize("line", FILES, ids=lambda line: line.address)
@pytest.mark.parametrize("handed_over", ["", "/protected/"])
def test_a_copied_media_address_is_worth_nothing_without_the_session(
    stage: Stage, settings: Settings, line: Line, handed_over: str
) -> None:
    settings.ACCEL_REDIRECT = handed_over
    address = address_of(line, stage)
    mine = visitor(stage, Who.MEMBER).asks(How.GET, address)
    assert bool(mine.body) != bool(handed_over)
    for how in (How.GET, How.HEAD, How.RANGE):
        said = visitor(stage, Who.ANONYMOUS).asks(how, address)
        assert said.status == TO_LOGIN
        assert said.header("Location") == f"{reverse('account_login')}?next=ASKED"
        assert (said.body, said.header("X-Accel-Redirect")) == ("", "")
    # The way that only the server in front may go is not there for anybody else.
    behind = mine.header("X-Accel-Redirect") or "/protected/"
    for who in (Who.ANONYMOUS, Who.MEMBER, Who.ADMIN):
        assert visitor(stage, who).asks(How.GET, behind).status == NOT_THERE
