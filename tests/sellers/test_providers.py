"""The Providers page and a new account."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from studio.audit.models import AuditLine
from studio.generations.states import State
from studio.scheduling import accounts, hosts, keys
from studio.scheduling.models import ProviderAccount
from studio.spend.models import Budget
from tests import people
from tests.scheduling.accounts import KEY, TAIL, connected
from tests.sellers.jobs import sent

PAGE = "/providers/"


@pytest.fixture
def admins(client: Client, cast: people.Cast) -> Client:
    client.force_login(cast.admin)
    return client


def typed(**fields: str) -> dict[str, str]:
    return {"api_key": KEY, "name": "Main", "limit": "5", "no_limit": "on"} | fields


def text(client: Client, address: str = PAGE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_without_a_key_every_provider_stands_there_not_connected(admins: Client) -> None:
    page = text(admins)
    for name in ("Z.ai", "BigModel", "Jiekou", "Vidu", "Vidu relay"):
        assert name in page
    assert page.count("Not connected") == 5
    assert "only free clips can be made" in page
    assert "Local" not in page


@pytest.mark.parametrize("who", ["lead", "member", "viewer", "stranger"])
def test_nobody_but_admins_finds_any_of_it(client: Client, cast: people.Cast, who: str) -> None:
    account = connected(cast.admin)
    client.force_login(getattr(cast, who))
    for address in (PAGE, "/providers/models/", f"/providers/accounts/{account.uid}/"):
        assert client.get(address).status_code == 404
    assert client.post("/providers/zai/connect/", typed()).status_code == 404
    for verb in ("pause", "key", "disconnect", "limit", "rename", "address", "top-ups"):
        there = f"/providers/accounts/{account.uid}/{verb}/"
        assert client.post(there, typed()).status_code == 404
    assert ProviderAccount.objects.get(paused_at=None, removed_at=None) == account
    assert "Providers" not in client.get("/gallery/").content.decode()


def test_only_admins_have_the_page_in_the_rail(admins: Client) -> None:
    assert f'href="{PAGE}"' in admins.get("/gallery/").content.decode()


def test_a_key_connects_and_is_shown_by_its_end(admins: Client) -> None:
    answer = admins.post("/providers/zai/connect/", typed(name="Agency"), follow=True)
    assert answer.status_code == 200
    account = ProviderAccount.objects.get()
    assert (account.provider, account.name, account.in_flight_limit) == ("zai", "Agency", 5)
    assert keys.access(account).key == KEY
    page = answer.content.decode()
    assert TAIL in page and KEY not in page
    assert "The first clip proves the key." in page
    assert KEY not in text(admins)


@pytest.mark.row("A117")
@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"limit": "0"},
        {"base_url": "http://api.example.com"},
        {"no_limit": "", "daily_limit": ""},
        {"no_limit": "", "daily_limit": "0.001"},
        {"api_key": f"{KEY} {KEY}"},
        {"api_key": KEY * 100},
    ],
)
def test_a_refused_form_keeps_what_was_typed_but_never_the_key(
    admins: Client, wrong: dict[str, str]
) -> None:
    answer = admins.post("/providers/zai/connect/", typed(base_url="https://x.example") | wrong)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert KEY not in page
    assert 'role="alert"' in page
    if "base_url" not in wrong:
        assert "https://x.example" in page
    assert not ProviderAccount.objects.exists()
    assert not Budget.objects.exists()
    assert KEY not in str(list(AuditLine.objects.values()))


@pytest.mark.row("A117")
def test_no_page_log_or_line_of_the_audit_repeats_a_key(
    admins: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    said = [admins.post("/providers/zai/connect/", typed(), follow=True)]
    account = ProviderAccount.objects.get()
    there = f"/providers/accounts/{account.uid}"
    accounts.pause_for(account, "key", f"Wrong key: {KEY}")
    accounts.note_error(account, f"401 {KEY}")
    said.append(admins.post(f"{there}/key/", {"api_key": f"{KEY} again"}))
    said.append(admins.post(f"{there}/key/", {"api_key": KEY}, follow=True))
    said.append(admins.post(f"{there}/address/", {"api_key": KEY, "base_url": "nowhere"}))
    said.append(Client(enforce_csrf_checks=True).post(f"{there}/key/", {"api_key": KEY}))
    said.extend(admins.get(address) for address in (PAGE, f"{there}/", "/providers/models/"))
    assert [KEY in answer.content.decode() for answer in said] == [False] * len(said)
    assert KEY not in str(list(AuditLine.objects.values()))
    assert KEY not in caplog.text
    assert keys.access(account).key == KEY


def test_a_form_sent_again_after_a_lost_session_does_not_hold_the_key(cast: people.Cast) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.admin)
    headers = {"Sec-Fetch-Site": "same-origin"}
    answer = browser.post("/providers/zai/connect/", typed(name="Agency"), headers=headers)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "Agency" in page and KEY not in page


def test_the_first_key_asks_for_a_daily_limit_and_the_second_does_not(admins: Client) -> None:
    assert "daily_limit" in text(admins, "/providers/zai/connect/")
    nothing_said = admins.post("/providers/zai/connect/", typed(no_limit=""))
    both_said = admins.post("/providers/zai/connect/", typed(daily_limit="20"))
    assert (nothing_said.status_code, both_said.status_code) == (422, 422)
    said = typed(daily_limit="20", no_limit="")
    assert admins.post("/providers/zai/connect/", said).status_code == 302
    budget = Budget.objects.get()
    assert (budget.scope, budget.period, budget.limit) == ("studio", "day", Decimal("20"))
    assert budget.hard
    assert "at most $20" in text(admins)
    assert "daily_limit" not in text(admins, "/providers/vidu/connect/")


def test_whoever_wants_no_limit_says_so(admins: Client) -> None:
    assert admins.post("/providers/zai/connect/", typed()).status_code == 302
    assert not Budget.objects.exists()
    assert "The studio has no daily limit." in text(admins)
    assert "daily_limit" not in text(admins, "/providers/vidu/connect/")


def test_bigmodel_asks_for_the_level(admins: Client) -> None:
    page = text(admins, "/providers/bigmodel/connect/")
    assert "V3 · 20" in page and "Jobs at a time" not in page
    said = typed(level="V2")
    assert admins.post("/providers/bigmodel/connect/", said).status_code == 302
    account = ProviderAccount.objects.get()
    assert (account.level, account.in_flight_limit) == ("V2", 15)


def test_a_relay_needs_an_address_and_may_have_words_of_its_own(admins: Client) -> None:
    assert admins.post("/providers/relay/connect/", typed()).status_code == 422
    said = typed(
        base_url="https://relay.example.com/",
        scheme="Token",
        submit_path="/v2/make",
        poll_path="/v2/jobs/{task_id}",
    )
    wrong = admins.post("/providers/relay/connect/", said | {"poll_path": "/v2/jobs"})
    assert "{task_id}" in wrong.content.decode()
    assert admins.post("/providers/relay/connect/", said).status_code == 302
    entry = keys.access(ProviderAccount.objects.get())
    assert entry.base_url == "https://relay.example.com"
    assert entry.options == {
        "scheme": "Token",
        "submit_path": "/v2/make",
        "poll_path": "/v2/jobs/{task_id}",
    }


@pytest.mark.parametrize("provider", ["local", "nobody"])
def test_only_who_sells_can_be_connected(admins: Client, provider: str) -> None:
    assert admins.get(f"/providers/{provider}/connect/").status_code == 404


def test_jobs_in_flight_are_counted_from_their_rows(admins: Client, cast: people.Cast) -> None:
    account = connected(cast.admin)
    for state in (State.RUNNING, State.UNKNOWN, State.SUCCEEDED):
        sent(account, cast, state)
    page = text(admins)
    assert '2 <span class="unit">/ 5</span>' in page


def test_a_paused_account_says_why_in_words(admins: Client, cast: people.Cast) -> None:
    account = connected(cast.admin)
    accounts.pause_for(account, "balance", "Insufficient balance")
    page = text(admins)
    assert "No credit is left there." in page and "Insufficient balance" in page
    assert "Paused" in page


@pytest.fixture
def from_environment(settings: Settings) -> Iterator[dict[str, str]]:
    settings.PROVIDER_KEYS = settings.PROVIDER_KEYS | {"vidu": KEY}
    yield settings.PROVIDER_KEYS


def test_a_key_of_the_environment_is_shown_as_such(
    admins: Client, from_environment: dict[str, str]
) -> None:
    page = text(admins)
    assert "from the environment" in page and TAIL in page and KEY not in page
    account = ProviderAccount.objects.get()
    page = text(admins, f"/providers/accounts/{account.uid}/")
    assert "api_key" not in page and "They are changed there" in page


def test_a_key_that_left_the_environment_is_missed_only_while_jobs_need_it(
    admins: Client, cast: people.Cast, settings: Settings, from_environment: dict[str, str]
) -> None:
    admins.get(PAGE)
    account = ProviderAccount.objects.get()
    settings.PROVIDER_KEYS = from_environment | {"vidu": ""}
    assert "Key missing" not in text(admins)
    sent(account, cast, State.RUNNING)
    assert "Key missing" in text(admins)


def test_a_refused_host_is_shown_and_allowed_with_one_press(admins: Client) -> None:
    hosts.refused("vidu", "files.example.com")
    assert "files.example.com" in text(admins)
    allow = "/providers/vidu/hosts/allow/"
    assert admins.post(allow, {"host": "files.example.com"}).status_code == 302
    assert hosts.allowed("vidu") == {"files.example.com"}
    forbid = "/providers/vidu/hosts/forbid/"
    assert admins.post(forbid, {"host": "files.example.com"}).status_code == 302
    assert hosts.allowed("vidu") == frozenset()
    answer = admins.post(allow, {"host": "<script>"})
    assert answer.status_code == 422
    assert "<script>" not in answer.content.decode().replace('<script type="module"', "")


def test_the_page_asks_no_more_for_more_providers_jobs(
    admins: Client,
    cast: people.Cast,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    account = connected(cast.admin)
    for _ in range(5):
        sent(account, cast, State.RUNNING)
    admins.get(PAGE)
    with django_assert_max_num_queries(40):
        admins.get(PAGE)
