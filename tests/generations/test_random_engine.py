"""Whatever is pressed, answered, lost, killed, and whenever: invariants 1 to 18 after each step.

A death is simulated in this process: the armed failpoint raises what nobody catches, and the
lease is left as a dead worker leaves it. STUDIO_TEST_CHAOS=20 looks twenty times as long.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from decimal import Decimal

import hypothesis
import pytest
from django.db import transaction
from django.db.models import QuerySet
from hypothesis import strategies as some
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from pytest_django import Settings

from studio.catalogue.load import model
from studio.generations import again, cancel, closing, leases, orders, wake, work
from studio.generations.briefs import Brief, Refused
from studio.generations.models import Attempt, Generation, Origin
from studio.generations.states import State
from studio.lib import clock, failpoints, uid
from studio.scheduling.models import ProviderAccount
from studio.spend import budgets, ledger, prices
from studio.spend.models import ENDS, LedgerEntry, Period
from tests import people
from tests.generations.paying import Desk, trusting
from tests.generations.test_hook import call as signed_call
from tests.invariants import Witness
from tests.sandbox.running import Sandbox

MODELS = ("zai/vidu2-reference", "vidu/viduq1-text2video", "jiekou/vidu-2.0-reference2video")
FAULTS = (
    *("reset_before_accept", "reset_after_body", "html_200", "no_id", "null_id", "dup_id"),
    *("hostile_json", "soft_429", "bad_param", "401", "429_no_money", "429", "500"),
    *("503_after_accept", "503_before_accept", "redirect", "moderation", "duplicate_request"),
    *("eventual_404", "poll_429", "poll_500", "poll_html", "poll_garbage", "poll_reset"),
    *("status", "regress", "list_500", "list_empty", "no_url", "two_urls", "fail_free"),
    *("fail_billed", "fail_silent", "fail_moderation", "forget", "other_length", "link_dead"),
    *("short_life", "cancel_ok", "cancel_too_late", "cancel_500", "link_gone_once", "gone"),
    *("no_range", "cut", "html_mp4", "empty", "half_faststart", "flip_byte", "download_500"),
)
POINTS = (
    *("create.before_commit", "create.after_commit", "submit.before_cas", "submit.after_claim"),
    *("submit.connecting", "submit.after_sending", "submit.half_body", "submit.after_post"),
    *("submit.before_id", "submit.after_id", "poll.before_commit", "poll.after_commit"),
    *("archive.fetched", "archive.mid", "archive.before_row", "store.before_fsync"),
    *("store.before_rename", "store.before_dirsync", "collect.before_move"),
)
# The first example that fails is told as it is: making it smaller takes minutes.
PHASES = [hypothesis.Phase.explicit, hypothesis.Phase.reuse, hypothesis.Phase.generate]
TIMES = int(os.environ.get("STUDIO_TEST_CHAOS", "1"))

whichever = some.integers(0, 50)
where = some.none() | some.sampled_from(POINTS)


@contextmanager
def dying_at(failpoint: str | None) -> Iterator[None]:
    """The process ends there, if it comes by."""
    armed = {failpoint: "raise"} if failpoint else {}
    failpoints.ARMED.update(armed)
    try:
        with suppress(failpoints.Died):
            yield
    finally:
        failpoints.ARMED.clear()


class RandomEngine(RuleBasedStateMachine):
    box: Sandbox

    @initialize(limit=some.sampled_from([1, 2, 5]))
    def found(self, limit: int) -> None:
        self.rows = transaction.atomic()
        self.rows.__enter__()
        self.box.reset()
        people.studio()
        self.admin = people.admin()
        self.desk = Desk(people.person(), self.box)
        for provider in ("zai", "vidu", "jiekou"):
            self.desk.connect(provider, in_flight_limit=limit)
        budgets.set_limit(None, Period.DAY, Decimal(20), actor=self.admin)
        self.witness = Witness()
        self.waited = self.ahead = timedelta(0)
        for key in MODELS:
            self.desk.buy(key)

    def teardown(self) -> None:
        clock.set_offset(timedelta(0))
        if hasattr(self, "rows"):
            transaction.set_rollback(True)
            self.rows.__exit__(None, None, None)

    # ── What people do ────────────────────────────────────────────────────────────────────────

    @rule(
        key=some.sampled_from(MODELS),
        takes=some.integers(1, 3),
        presses=some.integers(1, 2),
        fault=some.none() | some.sampled_from(FAULTS),
    )
    def order(self, key: str, takes: int, presses: int, fault: str | None) -> None:
        if fault:
            self.box.next(key.partition("/")[0], fault, times=1)
        brief, form_key = self.desk.brief(key), uid.new()
        made = set()
        for _ in range(presses):
            with suppress(Refused):
                made.add(self.place(brief, takes, form_key))
        assert len(made) <= 1

    @rule(key=some.sampled_from(MODELS), failpoint=some.sampled_from(POINTS[:2]))
    def order_from_a_dying_web(self, key: str, failpoint: str) -> None:
        before = Generation.objects.count()
        with dying_at(failpoint), suppress(Refused):
            self.place(self.desk.brief(key), 1, uid.new())
        assert Generation.objects.count() - before <= (failpoint == "create.after_commit")

    def place(self, brief: Brief, takes: int, form_key: str) -> int:
        person = self.desk.person
        home, origin = person.personal_project, Origin.CREATE
        order = orders.place(person, home, [brief], takes=takes, form_key=form_key, origin=origin)
        return order.pk

    @rule(pick=whichever)
    def cancel(self, pick: int) -> None:
        for generation in self.one_of(Generation.objects.all(), pick):
            cancel.cancel(generation, self.desk.person)

    @rule(pick=whichever)
    def another(self, pick: int) -> None:
        for generation in self.one_of(Generation.objects.all(), pick):
            with suppress(Refused):
                again.another(generation, self.desk.person, uid.new())

    @rule(pick=whichever, was_charged=some.booleans())
    def close(self, pick: int, was_charged: bool) -> None:
        for generation in self.one_of(Generation.objects.to_be_checked(), pick):
            closing.close(generation, self.admin, was_charged=was_charged, reason="the bill")

    @rule(limit=some.integers(1, 30))
    def set_the_budget(self, limit: int) -> None:
        budgets.set_limit(None, Period.DAY, Decimal(limit), actor=self.admin)

    @rule(key=some.sampled_from(MODELS), cents=some.integers(1, 300))
    def set_a_price(self, key: str, cents: int) -> None:
        terms = prices.Terms(Decimal(cents) / 100, "USD")
        today = clock.now().date()
        prices.enter(self.admin, model(key), {}, terms, valid_from=today, note="a new list")

    @rule()
    def mend_the_accounts(self) -> None:
        ProviderAccount.objects.update(
            paused_at=None, paused_kind="", paused_reason="", busy_until=None
        )

    # ── What the machine does ─────────────────────────────────────────────────────────────────

    @rule(pick=whichever, failpoint=where)
    def step(self, pick: int, failpoint: str | None) -> None:
        self.work(pick, failpoint)

    @rule(rounds=some.integers(1, 4), failpoint=where)
    def step_all(self, rounds: int, failpoint: str | None) -> None:
        for _ in range(rounds):
            waiting = Generation.objects.filter(due_at__isnull=False).order_by("pk")
            for pick in range(min(6, waiting.count())):
                self.work(pick, failpoint)
            failpoint = None

    @rule(failpoint=where)
    def step_the_furthest(self, failpoint: str | None) -> None:
        """Straight on to its end, with one death on the way."""
        rank = [State.ARCHIVING, State.RUNNING, State.UNKNOWN, State.SUBMITTING, State.QUEUED]
        for state in rank:
            for generation in Generation.objects.filter(state=state, due_at__isnull=False)[:1]:
                self.step_one(generation, failpoint)
                for _ in range(4):
                    generation.refresh_from_db()
                    if generation.due_at:
                        self.step_one(generation, None)
                return

    @rule(pick=whichever)
    def a_message_comes_twice(self, pick: int) -> None:
        for generation in self.work(pick, None):
            work.step(generation.pk)

    @rule()
    def a_message_gets_lost(self) -> None:
        due = list(Generation.objects.due(clock.now()))
        assert sum(leases.offer(row, clock.now() + wake.PATIENCE) for row in due) == len(due)

    def work(self, pick: int, failpoint: str | None) -> list[Generation]:
        """One step of whatever needs attention; a lease that a death left over has run out."""
        waiting = Generation.objects.filter(due_at__isnull=False)
        chosen = self.one_of(waiting, pick)
        for generation in chosen:
            self.step_one(generation, failpoint)
        return chosen

    def step_one(self, generation: Generation, failpoint: str | None) -> None:
        with dying_at(failpoint):
            assert leases.offer(generation, clock.now())
            work.step(generation.pk)

    # ── What the world does ───────────────────────────────────────────────────────────────────

    @rule(provider=some.sampled_from(["zai", "vidu", "jiekou"]), fault=some.sampled_from(FAULTS))
    def misbehave(self, provider: str, fault: str) -> None:
        self.box.next(provider, fault, times=1)

    @rule(pick=whichever)
    def call(self, pick: int) -> None:
        sent = Attempt.objects.filter(account__provider="vidu").exclude(remote_id="")
        for attempt in sent.order_by("pk")[pick % max(1, sent.count()) :][:1]:
            status = signed_call(attempt.account, self.box.key, attempt.remote_id)
            assert status < 400

    @rule(minutes=some.sampled_from([-60, 1, 20, 70, 60 * 26]))
    def jump(self, minutes: int) -> None:
        self.waited += timedelta(minutes=minutes)
        clock.set_offset(self.waited)
        # Ours may be set back; a provider's goes on, and what it has charged stays charged.
        self.ahead = max(self.ahead, self.waited)
        self.box.set(ahead=self.ahead.total_seconds())

    @rule(pick=whichever, settles=some.booleans())
    def end_money_twice(self, pick: int, settles: bool) -> None:
        """9. A second end changes nothing and says what the first one was."""
        ended = LedgerEntry.objects.filter(kind__in=ENDS).order_by("pk")
        for first in ended[pick % max(1, ended.count()) :][:1]:
            if settles:
                assert ledger.settle(first.generation_uid, Decimal(1)) == first
            else:
                assert ledger.release(first.generation_uid, reason="once more") == first

    def one_of(self, rows: QuerySet[Generation], pick: int) -> list[Generation]:
        """One of them, in their order; none where there are none."""
        return list(rows.order_by("pk")[pick % max(1, rows.count()) :][:1])

    @invariant()
    def everything_holds(self) -> None:
        if hasattr(self, "rows"):
            self.witness.check(self.box.journal())


@pytest.mark.django_db(transaction=True)
def test_a_random_engine_keeps_every_invariant(
    box: Sandbox, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RandomEngine, "box", box, raising=False)
    settings.POST_SECONDS = settings.POLL_SECONDS = 3.0
    settings.LEASE_SECONDS = 600
    with trusting(box):
        run_state_machine_as_test(
            RandomEngine,
            settings=hypothesis.settings(
                max_examples=15 * TIMES,
                stateful_step_count=25,
                deadline=None,
                derandomize=TIMES == 1,
                phases=PHASES,
                suppress_health_check=list(hypothesis.HealthCheck),
            ),
        )
