"""A provider calls us about a job: only a hint to ask at once, since the body is not signed."""

from contextlib import suppress
from datetime import timedelta

from django.db import IntegrityError, transaction

from studio.generations import wire
from studio.generations.models import Attempt, Generation, Hint
from studio.generations.states import State
from studio.generations.wake import wake_soon
from studio.lib import clock
from studio.providers.callbacks import BadSignature, Call, read
from studio.providers.callbacks import Hint as Told
from studio.scheduling.models import ProviderAccount, ProviderKey

# A call about a job whose id we have not stored yet waits for it so long; a nonce is refused
# for longer, beyond the window in which its date would still be taken.
KEPT = timedelta(minutes=10)


def told(account: ProviderAccount, call: Call) -> None:
    """Take the call. Raises `callbacks.Rejected`: no key of the account signed it, or not now."""
    hint = _verified(account, call)
    try:
        with transaction.atomic():
            Hint.objects.create(account=account, nonce=hint.nonce, remote_id=hint.remote_id)
    except IntegrityError:
        # The same call once more.
        return
    _look_soon(account, hint.remote_id)


def tidy() -> int:
    """Forget what is older than it matters. Returns how many."""
    return Hint.objects.filter(at__lt=clock.now() - KEPT).delete()[0]


def _verified(account: ProviderAccount, call: Call) -> Told:
    """By the key in use or an earlier one: jobs sent with it are still under way."""
    rows: list[ProviderKey | None] = list(account.keys.exclude(sealed="").order_by("-pk"))
    for row in rows or [None]:
        # One that cannot be opened any more signs nothing.
        with suppress(BadSignature, wire.NoAccess):
            return read(call, wire.access(account, row).key, clock.now())
    raise BadSignature("not signed with any key of the account")


def _look_soon(account: ProviderAccount, remote_id: str) -> None:
    attempt = Attempt.objects.filter(account=account, remote_id=remote_id).first()
    if attempt is None:
        return
    waiting = Generation.objects.filter(
        pk=attempt.generation_id, state__in=(State.RUNNING, State.UNKNOWN), lease_token=""
    )
    if waiting.update(due_at=clock.now()):
        wake_soon(Generation.objects.get(pk=attempt.generation_id))
