"""How the engine reaches a provider: its adapter, the way in, and the rules of the door."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.urls import reverse

from studio.catalogue.load import model
from studio.catalogue.specs import Mode
from studio.generations.models import Attempt, Generation
from studio.lib.cipher import WrongKey
from studio.providers.base import Access, Adapter, Job, Picture
from studio.providers.door.policy import Policy
from studio.providers.door.redaction import redact
from studio.providers.errors import ProviderError
from studio.providers.registry import traits
from studio.providers.wires import adapter
from studio.scheduling import keys
from studio.scheduling.keys import NoEntry
from studio.scheduling.models import ProviderAccount, ProviderKey
from studio.storage import store


class NoAccess(Exception):
    """No key that could be read, or no address: nobody can be asked."""


def policy() -> Policy:
    return Policy(
        trusted=frozenset(settings.TRUSTED_HOSTS),
        proxy=settings.OUTBOUND_PROXY,
        practice=settings.PRACTICE,
    )


def speaks_to(generation: Generation) -> Adapter:
    return adapter(generation.provider)


def access(account: ProviderAccount, key: ProviderKey | None = None) -> Access:
    """Raises `NoAccess`."""
    try:
        entry = keys.access(account, key)
    except (NoEntry, WrongKey) as error:
        raise NoAccess(str(error)) from error
    return Access(entry.base_url, entry.key, entry.options)


def access_of(attempt: Attempt) -> Access:
    """With the key that sent the attempt, though the account may have another one by now."""
    return access(attempt.account, attempt.key)


@contextmanager
def heard(account: ProviderAccount) -> Iterator[None]:
    """What a provider says may quote our key: it leaves this block without it."""
    try:
        yield
    except ProviderError as error:
        error.message = hidden(account, error.message)
        error.args = (f"{error.code} {error.message}".strip() or str(error.kind),)
        raise


def hidden(account: ProviderAccount, text: str) -> str:
    return redact(keys.hide(account, text))


def job(attempt: Attempt) -> Job:
    """What the attempt asks for, complete."""
    generation = attempt.generation
    inputs = generation.inputs.select_related("asset__master")
    return Job(
        uid=attempt.uid,
        spec=model(generation.model),
        mode=Mode(generation.mode),
        prompt=generation.sent_prompt,
        parameters=generation.parameters,
        pictures=tuple(Picture(i.role, store.path(i.asset.master)) for i in inputs),
        person=generation.person.uid,
        callback_url=_callback_url(attempt),
    )


def _callback_url(attempt: Attempt) -> str:
    if not settings.PUBLIC_URL or not traits(attempt.generation.provider).calls_back:
        return ""
    return settings.PUBLIC_URL + reverse("hook", args=[attempt.account.uid])
