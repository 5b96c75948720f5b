"""From queued to on its way: wait in line, take a seat, write the attempt, send the job."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from studio.accounts.models import Studio
from studio.generations import cancel, endings
from studio.generations.leases import Lease, life
from studio.generations.line import first_in_line, wake_next
from studio.generations.models import Attempt, AttemptState, Generation
from studio.generations.send import send
from studio.generations.states import State
from studio.generations.transitions import move
from studio.lib import clock, failpoints
from studio.providers.registry import traits
from studio.scheduling import seats
from studio.scheduling.models import ProviderAccount
from studio.storage import space

# How soon a row that found no seat looks again: whose turn it is, and the others, who are woken
# when it becomes theirs.
WAIT, LONG_WAIT = timedelta(seconds=2), timedelta(minutes=10)
SPACE_WAIT = timedelta(seconds=20)
# What no account would take for so long gives its money back.
LONGEST_WAIT, LONGEST_OFF_PEAK_WAIT = timedelta(hours=24), timedelta(hours=48)
# After a restore, until an admin confirms.
RESTORED_WAIT = timedelta(seconds=30)


def submit(lease: Lease) -> None:
    """Start the generation if a seat is free and it is first in line; else wait."""
    failpoints.reach("submit.before_cas")
    generation = lease.generation
    if not generation.person.is_active:
        cancel.withdraw(generation, gettext_noop("The person was switched off."))
    elif _has_waited_in_vain(generation):
        endings.give_up(lease, "no_account", _give_up_words())
    else:
        _start_or_wait(lease)


def _start_or_wait(lease: Lease) -> None:
    generation = lease.generation
    is_free = traits(generation.provider).free
    if not is_free and space.is_full():
        lease.drop(clock.now() + SPACE_WAIT)
        return
    if not (Studio.get().is_spending or traits(generation.provider).free):
        lease.drop(clock.now() + RESTORED_WAIT)
        return
    with transaction.atomic():
        account = _free_account(generation)
        attempt = _claim(lease, account) if account else None
    failpoints.reach("submit.after_claim")
    if attempt is None:
        lease.drop(_look_again(generation))
        return
    wake_next(generation)
    if not is_free:
        send(lease, attempt)


def _look_again(generation: Generation) -> datetime:
    now = clock.now()
    turn = first_in_line(generation.provider, off_peak=generation.is_off_peak)
    wait = WAIT if turn == generation.pk else LONG_WAIT
    return max(now + wait, generation.waits_until or now)


def _has_waited_in_vain(generation: Generation) -> bool:
    """So long without an account that would take it; those merely in line wait on."""
    longest = LONGEST_OFF_PEAK_WAIT if generation.is_off_peak else LONGEST_WAIT
    there = ProviderAccount.objects.connected().filter(provider=generation.provider)
    pauses = list(there.values_list("paused_at", flat=True))
    if None in pauses:
        return False
    since = max([generation.created_at, *(paused for paused in pauses if paused)])
    return clock.now() - since >= longest


def _give_up_words() -> str:
    return _("No account took it for a day. Nothing was sent, nothing was charged.")


def _free_account(generation: Generation) -> ProviderAccount | None:
    """The account whose seat this generation may take now; all are locked until the commit."""
    accounts = seats.lock_accounts(generation.provider)
    if generation.waits_until and generation.waits_until > clock.now():
        return None
    lane = generation.is_off_peak
    free = {account: _free_seats(account, off_peak=lane) for account in accounts}
    best = max(free, key=lambda account: (free[account], -account.pk), default=None)
    if best is None or free[best] < 1:
        return None
    turn = first_in_line(generation.provider, off_peak=lane)
    return best if turn == generation.pk else None


def _free_seats(account: ProviderAccount, *, off_peak: bool) -> int:
    taken = Attempt.objects.in_seat(account).filter(is_off_peak=off_peak).count()
    return seats.limit(account, off_peak=off_peak) - taken


def _claim(lease: Lease, account: ProviderAccount) -> Attempt | None:
    """Take the seat. A free job needs no wire: it is accepted in the same transaction."""
    generation = lease.generation
    is_free = traits(generation.provider).free
    deadline = clock.now() + life()
    on_our_way: dict[str, Any] = {} if is_free else {"lease_token": lease.token, "due_at": deadline}
    if not move(generation, State.QUEUED, State.SUBMITTING, lease=lease.token, **on_our_way):
        return None
    attempt = Attempt.objects.create(
        generation=generation,
        account=account,
        key=account.keys.filter(retired_at=None).first(),
        number=generation.attempts.count() + 1,
        state=AttemptState.ACCEPTED if is_free else AttemptState.CLAIMED,
        is_off_peak=generation.is_off_peak,
        token=lease.token,
        deadline_at=deadline,
    )
    if is_free:
        detail = {"attempt": attempt.uid, "account": account.name}
        now = clock.now()
        move(generation, State.SUBMITTING, State.RUNNING, detail=detail, started_at=now)
    return attempt
