"""The one paid POST of an attempt, and what its answer means.

The order is the protection: the attempt is committed as claimed, the connection is opened,
`sending` is committed by the gate, one POST goes out, the raw answer is stored, then it is
read. Whoever dies in between leaves a row that says exactly how far it came; `recover` reads it.
"""

import logging
import time
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from studio.generations import complaints, endings, unstored, wire
from studio.generations.leases import Lease, life
from studio.generations.models import Attempt, AttemptState, Generation
from studio.generations.states import State
from studio.lib import clock, failpoints
from studio.providers.base import Kind, Reply, Request
from studio.providers.door.faults import NoAnswer, NotSent, Why
from studio.providers.door.post import post
from studio.providers.errors import AccountTrouble, Busy, ProviderError, Refused
from studio.scheduling import accounts, seats

log = logging.getLogger(__name__)

# Between the commit of `sending` and the first byte, as a share of a lease's life: whoever was
# frozen there for longer is late.
FRESH = 0.8
# A provider that could not be reached for so long is given up.
UNREACHABLE = timedelta(minutes=30)
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=5)
# Attempts that died before a byte left: after so many it is not bad luck.
FEWEST_FAILURES, MOST_FAILURES = 2, 50


class Gate:
    """Called when the connection is open, before the first byte: commits `sending`, once."""

    def __init__(self, lease: Lease, attempt: Attempt) -> None:
        self.lease = lease
        self.attempt = attempt
        self.was_opened = False

    def __call__(self) -> bool:
        failpoints.reach("submit.connecting")
        began = time.monotonic()
        self.was_opened = self._commit()
        failpoints.reach("submit.after_sending")
        # Frozen since: somebody else may have judged this attempt by now.
        return self.was_opened and time.monotonic() - began < FRESH * settings.LEASE_SECONDS

    def _commit(self) -> bool:
        with transaction.atomic():
            ours = Generation.objects.filter(
                pk=self.lease.generation.pk,
                state=State.SUBMITTING,
                lease_token=self.lease.token,
                cancel_wished_at=None,
            )
            claimed = Attempt.objects.filter(
                pk=self.attempt.pk, state=AttemptState.CLAIMED, token=self.lease.token
            )
            now = clock.now()
            return bool(
                ours.update(due_at=now + life())
                and claimed.update(state=AttemptState.SENDING, sending_at=now)
            )


def send(lease: Lease, attempt: Attempt) -> None:
    """Send the claimed attempt and act on what comes back."""
    try:
        access = wire.access_of(attempt)
        request = wire.speaks_to(lease.generation).submit(wire.job(attempt), access)
    except Refused as error:
        # Our own adapter: the pictures cannot be made to fit.
        endings.refused(attempt, error)
    except wire.NoAccess as error:
        _no_access(attempt, error)
    except OSError as error:
        _no_picture(attempt, error)
    else:
        _post(lease, attempt, request, access.key)


def _post(lease: Lease, attempt: Attempt, request: Request, key: str) -> None:
    gate = Gate(lease, attempt)
    try:
        reply = post(request, wire.policy(), before_sending=gate, deadline=settings.POST_SECONDS)
    except NotSent as error:
        _not_sent(lease, attempt, gate, error)
    except (NoAnswer, OSError) as error:
        endings.unknown(attempt, "no_answer", str(error))
    else:
        failpoints.reach("submit.before_id")
        if unstored.keep(attempt, reply, key):
            read(attempt, reply)


def read(attempt: Attempt, reply: Reply) -> None:
    """Act on a stored answer. May be repeated: the moves refuse a second time."""
    try:
        with wire.heard(attempt.account):
            ticket = wire.speaks_to(attempt.generation).read_submit(reply)
    except Refused as error:
        endings.refused(attempt, error)
    except Busy as error:
        _busy(attempt, error)
    except AccountTrouble as error:
        _account_trouble(attempt, error)
    except ProviderError as error:
        endings.unknown(attempt, error.code or "unclear", str(error))
    else:
        endings.accepted(attempt, ticket)
        accounts.note_proved(attempt.account)
        failpoints.reach("submit.after_id")


def recover(lease: Lease) -> None:
    """Whoever held the lease is dead, or frozen and locked out: read how far it came."""
    attempt = lease.generation.attempts.latest("number")
    if attempt.replied_at:
        read(attempt, answer(attempt))
    elif attempt.state in (AttemptState.PREPARED, AttemptState.CLAIMED):
        _unsent(attempt, FIRST_WAIT * 0, _("The worker died before it sent anything."))
    else:
        endings.unknown(attempt, "died_sending", "the worker died while it was sending")


def answer(attempt: Attempt) -> Reply:
    """The stored answer."""
    assert attempt.reply_status is not None, "stored with replied_at"
    return Reply(attempt.reply_status, attempt.reply_headers, attempt.reply_body.encode())


# ── Not accepted ──────────────────────────────────────────────────────────────────────────────


def _not_sent(lease: Lease, attempt: Attempt, gate: Gate, error: NotSent) -> None:
    generation = attempt.generation
    generation.refresh_from_db()
    if gate.was_opened:
        # Committed as sending, then found to be late: by then it may be judged already.
        endings.unknown(attempt, "late", "frozen before the first byte")
    elif generation.lease_token != lease.token or generation.state != State.SUBMITTING:
        log.warning("Attempt %s was taken over; nothing was sent", attempt.uid)
    elif generation.cancel_wished_at:
        endings.unsent_and_over(attempt, State.CANCELLED, "", "")
    else:
        _cannot_reach(attempt, error)


def _no_access(attempt: Attempt, error: wire.NoAccess) -> None:
    reason = complaints.no_key(attempt.account.provider)
    accounts.pause_for(attempt.account, Kind.KEY, f"{reason} {error}")
    endings.sent_back(attempt, timedelta(0), reason, "no_access")


def _no_picture(attempt: Attempt, error: OSError) -> None:
    log.error("Attempt %s: a picture cannot be read: %s", attempt.uid, error)
    message = f"{complaints.picture_missing()} {complaints.nothing_charged()}"
    endings.unsent_and_over(attempt, State.FAILED, "picture_missing", message)


def _cannot_reach(attempt: Attempt, error: NotSent) -> None:
    provider = attempt.account.provider
    reason = complaints.cannot_reach(provider)
    if error.why == Why.TLS:
        reason = complaints.not_secure(provider)
    accounts.note_error(attempt.account, f"{reason} {error}")
    wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(attempt.generation.failures, 10))
    seats.be_patient(attempt.account, wait.total_seconds())
    _unsent(attempt, wait, reason)


def _unsent(attempt: Attempt, wait: timedelta, reason: str) -> None:
    """Try again, or give up after half an hour of nothing but failures."""
    tried = _in_vain(attempt.generation)
    since = clock.now() - (tried[0] if tried else attempt).created_at
    if len(tried) >= FEWEST_FAILURES and (since > UNREACHABLE or len(tried) >= MOST_FAILURES):
        message = f"{reason} {complaints.nothing_charged()}"
        endings.unsent_and_over(attempt, State.FAILED, "unreachable", message)
    else:
        endings.sent_back(attempt, wait, reason, "unreachable")


def _in_vain(generation: Generation) -> list[Attempt]:
    """The attempts since its provider last answered one, oldest first."""
    run: list[Attempt] = []
    for attempt in generation.attempts.order_by("-number"):
        if attempt.replied_at:
            break
        run.insert(0, attempt)
    return run


def _busy(attempt: Attempt, error: Busy) -> None:
    """Turned away: it waits, and if we had too much there, the account dares less."""
    account = attempt.account
    # Doubling from a few seconds where the provider does not say.
    doubled = (FIRST_WAIT * 2 ** min(attempt.generation.failures, 10)).total_seconds()
    seconds = error.retry_after or min(LONGEST_WAIT.total_seconds(), doubled)
    if error.kind in (Kind.BUSY, Kind.QUOTA) and not attempt.is_off_peak:
        in_flight = Attempt.objects.in_seat(account).filter(is_off_peak=False)
        seats.turned_away(account, in_flight.count())
    seats.be_patient(account, seconds)
    reason = complaints.what(error.kind, account.provider)
    accounts.note_error(account, f"{reason} {error}")
    endings.sent_back(attempt, timedelta(seconds=seconds), reason, error.code)


def _account_trouble(attempt: Attempt, error: AccountTrouble) -> None:
    """Nothing on this account goes on until an admin acts; the job keeps its place in line."""
    account = attempt.account
    reason = complaints.what(error.kind, account.provider)
    accounts.pause_for(account, error.kind, f"{reason} {error}")
    endings.sent_back(attempt, timedelta(0), reason, error.code)
