"""The project whose things everybody tries to get at, and how somebody tries."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from http.cookies import SimpleCookie
from typing import Any

from django.contrib.auth.tokens import default_token_generator
from django.db import connection
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from studio.accounts import invites
from studio.accounts.models import Invite, StudioRole
from studio.generations import marks
from studio.generations.palette import SavedPrompt, StudioStyle
from studio.generations.states import State
from studio.lib import uid
from studio.scheduling.models import ProviderAccount, TopUp
from studio.storage import store
from tests import clips, people
from tests.access.table import Line, Who
from tests.scheduling.accounts import connected


class How(StrEnum):
    GET = "GET"
    HEAD = "HEAD"
    RANGE = "GET with Range"
    HTMX = "GET by htmx"
    POST = "POST"
    HTMX_POST = "POST by htmx"

    @property
    def posts(self) -> bool:
        return self in (How.POST, How.HTMX_POST)

    @property
    def by_htmx(self) -> bool:
        return self in (How.HTMX, How.HTMX_POST)

    @property
    def method(self) -> str:
        return self.split()[0]

    @property
    def headers(self) -> dict[str, str]:
        if self is How.RANGE:
            return {"Range": "bytes=0-0"}
        return {"HX-Request": "true"} if self.by_htmx else {}


@dataclass(frozen=True)
class Stage:
    cast: people.Cast
    things: Mapping[str, str]

    def without(self, *names: str) -> "Stage":
        """The same, but the things of these names are not there."""
        return Stage(self.cast, {**self.things, **{name: uid.new() for name in names}})


def persons() -> people.Cast:
    cast = people.cast()
    for who in set(Who) - {Who.ANONYMOUS}:
        person = getattr(cast, who)
        person.set_password(people.PASSWORD)
        person.save()
    return cast


def woodcut() -> StudioStyle:
    """A style of the studio, which is nobody's project's: everybody sees it."""
    picture = store.put_bytes(clips.png(colour=(90, 60, 30)), "image/png")
    return StudioStyle.objects.get_or_create(
        name="Woodcut", defaults={"words_en": "Woodcut print.", "picture": picture}
    )[0]


def seller(cast: people.Cast) -> ProviderAccount:
    """An account at a provider, which is nobody's project's: everybody orders through it."""
    return ProviderAccount.objects.filter(provider="zai").first() or connected(cast.admin)


def build(cast: people.Cast) -> Stage:
    """One of each thing, all of `cast.project`."""
    somebody = people.member(project=cast.project, name="Some Body")
    asset = clips.asset(project=cast.project, person=cast.member)
    asset.name = "quokka.png"
    asset.save()
    generation = clips.generation(
        project=cast.project,
        person=cast.member,
        state=State.SUCCEEDED,
        pictures=(asset,),
        prompt="Quokkas",
    )
    clips.generation(project=cast.project, person=cast.member, state=State.RUNNING)
    marks.tag(generation, "quokka", cast.member)
    link = invites.invite(cast.admin, "new@studio.example", role=StudioRole.MEMBER)
    style = woodcut()
    kept = SavedPrompt.objects.create(
        project=cast.project, person=cast.member, name="Quokka", text="Quokkas"
    )
    account = seller(cast)
    paid = TopUp.objects.create(
        account=account, amount=Decimal(5), currency="USD", actor=cast.admin
    )
    things = {
        "project": cast.project.uid,
        "person": somebody.uid,
        "reset token": default_token_generator.make_token(somebody),
        "invite": Invite.objects.get().uid,
        "invite token": link.rstrip("/").rpartition("/")[2],
        "asset": asset.uid,
        "asset name": asset.name,
        "thumb": "thumb",
        "generation": generation.uid,
        "generation as seen": f"{generation.uid}.9",
        "order": generation.order.uid,
        "member": cast.member.uid,
        "prompt": generation.prompt,
        "tag": "quokka",
        "style": style.uid,
        "saved prompt": kept.uid,
        "provider": "zai",
        "account": account.uid,
        "top-up": paid.uid,
        "seller": "zai",
        "sold model": "vidu2-image",
    }
    return Stage(cast, things)


@dataclass
class Visitor:
    """One of the cast in their browser, who forgets each answer before the next request."""

    who: Who
    client: Client
    cookies: str = field(init=False)

    def __post_init__(self) -> None:
        self.cookies = self.client.cookies.output(header="", sep=";")

    def asks(self, how: How, address: str, sent: Mapping[str, str] | None = None) -> "Said":
        """Ask with the fields `sent`: in the body of a POST, in the query of a GET."""
        self.client.cookies = SimpleCookie(self.cookies)
        token = {"csrfmiddlewaretoken": "as every form"} if how.posts else {}
        verb = getattr(self.client, how.method.lower())
        response = verb(address, {**token, **(sent or {})}, headers=how.headers)
        return Said.from_response(response, [address, *(sent or {}).values()])


def visitor(stage: Stage, who: Who) -> Visitor:
    client = Client(raise_request_exception=False)
    if who is not Who.ANONYMOUS:
        client.force_login(getattr(stage.cast, who))
    return Visitor(who, client)


# Another one in each answer: the masked token of a form, the key of an order to be.
FRESH = re.compile(r"[0-9A-Za-z]{64}|(?<=form-key\" value=\")[0-9a-f]{32}")
VARYING = {"X-Request-Id", "Content-Length", "Expires"}


@dataclass(frozen=True)
class Said:
    """An answer without what differs from one request to the next."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: str

    @classmethod
    def from_response(cls, response: HttpResponseBase, asked: list[str]) -> "Said":
        """Wherever the answer repeats what was `asked`, it says ASKED."""
        body = FRESH.sub("FRESH", _body(response))
        headers = {name: value for name, value in response.items() if name not in VARYING}
        told = tuple((name, _without(asked, value)) for name, value in sorted(headers.items()))
        return cls(response.status_code, told, _without(asked, body))

    def header(self, name: str) -> str:
        return dict(self.headers).get(name, "")


def _body(response: Any) -> str:
    if isinstance(response, StreamingHttpResponse):
        content = b"".join(response)
    else:
        content = response.content
    return str(content.decode("utf-8", "replace"))


def _without(asked: list[str], text: str) -> str:
    for each in asked:
        text = text.replace(each, "ASKED")
    return text


NOWHERE = "/there/is/nothing/here/"


def address_of(line: Line, stage: Stage) -> str:
    return reverse(line.address, args=[stage.things[name] for name in line.at])


def sent_with(line: Line, stage: Stage) -> dict[str, str]:
    return {name: stage.things.get(value, value) for name, value in line.sent.items()}


def addresses(patterns: Any = None) -> Iterator[str]:
    """The name of every address that the studio answers at."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(entry, URLResolver):
            yield from addresses(entry.url_patterns)
        elif isinstance(entry, URLPattern):
            yield entry.name or f"(nameless) {entry.pattern}"


@contextmanager
def nothing_written() -> Iterator[None]:
    """Not a row, in the block; but a session may note the visit."""
    written: list[str] = []

    def watch(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE", "DELETE")) and "studio_session" not in sql:
            written.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(watch):
        yield
    assert written == []
