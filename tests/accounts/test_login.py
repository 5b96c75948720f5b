"""Log in, log out, and how often one may guess."""

from typing import Any

import pytest
from django.test import Client, RequestFactory

from studio.accounts import resets
from studio.accounts.adapter import AccountAdapter
from studio.accounts.models import User
from studio.accounts.sessions import Session
from tests import people

LOGIN = "/accounts/login/"
HOME = "/create/"
THROTTLED = "Too many failed login attempts. Try again later."
MISMATCH = "The email address and/or password you specified are not correct."


def log_in(client: Client, email: str, password: str, *, address: str = "192.0.2.1") -> Any:
    return client.post(LOGIN, {"login": email, "password": password}, REMOTE_ADDR=address)


def words(answer: Any) -> str:
    return str(answer.context["form"].non_field_errors()[0])


@pytest.fixture
def mei(db: None) -> User:
    people.studio()
    return people.member(email="mei@studio.example", password=people.PASSWORD)


def test_the_right_password_leads_to_create(client: Client, mei: User) -> None:
    assert log_in(client, "Mei@Studio.example", people.PASSWORD)["Location"] == HOME
    assert Session.objects.get(person=mei).person == mei


def test_a_page_asked_for_before_the_login_comes_after_it(client: Client, mei: User) -> None:
    answer = client.get("/projects/")
    assert answer["Location"] == f"{LOGIN}?next=/projects/"
    typed = {"login": mei.email, "password": people.PASSWORD}
    assert client.post(answer["Location"], typed)["Location"] == "/projects/"


def test_a_wrong_password_is_a_422_that_keeps_the_address(client: Client, mei: User) -> None:
    answer = log_in(client, mei.email, "wrong")
    assert answer.status_code == 422
    assert mei.email in answer.content.decode()


@pytest.mark.row("A077")
def test_the_ninth_wrong_password_is_refused_from_everywhere(client: Client, mei: User) -> None:
    """By account: from eight addresses eight tries, then even the right one is not heard."""
    log_in(client, mei.email, people.PASSWORD)
    for number in range(8):
        answer = log_in(Client(), mei.email, "wrong", address=f"192.0.2.{10 + number}")
        assert (answer.status_code, words(answer)) == (422, MISMATCH)
    for password in ("wrong", people.PASSWORD):
        refused = log_in(Client(), mei.email, password, address="198.51.100.1")
        assert (refused.status_code, words(refused)) == (422, THROTTLED)
    assert Session.objects.filter(person=mei).count() == 1
    # The owner's own browser has a count of its own, and the owner is told.
    client.post("/accounts/logout/")
    assert log_in(client, mei.email, people.PASSWORD)["Location"] == HOME
    assert "8 wrong passwords" in client.get("/settings/").content.decode()


@pytest.mark.row("A077")
def test_known_and_unknown_accounts_are_refused_with_the_same_words(mei: User) -> None:
    heard = {}
    for email in (mei.email, "nobody@studio.example"):
        address = "192.0.2.7" if email == mei.email else "192.0.2.8"
        tries = [log_in(Client(), email, "wrong", address=address) for _ in range(9)]
        heard[email] = [(answer.status_code, words(answer)) for answer in tries]
        assert heard[email][-1] == (422, THROTTLED)
    assert heard[mei.email] == heard["nobody@studio.example"]
    assert not Session.objects.exists()


@pytest.mark.row("A077")
def test_a_hundred_accounts_from_one_address_are_refused_by_address(mei: User) -> None:
    guesses = [log_in(Client(), f"person-{n}@studio.example", "wrong") for n in range(100)]
    assert [answer.status_code for answer in guesses] == [422] * 30 + [429] * 70
    assert log_in(Client(), mei.email, people.PASSWORD).status_code == 429
    assert not Session.objects.exists()
    elsewhere = log_in(Client(), mei.email, people.PASSWORD, address="192.0.2.99")
    assert elsewhere["Location"] == HOME


def test_the_count_by_address_outlives_the_minute_of_the_other_limit(
    mei: User, settings: Any
) -> None:
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login": "1000/m/ip"}
    guesses = [log_in(Client(), f"person-{n}@studio.example", "wrong") for n in range(31)]
    assert words(guesses[29]) == MISMATCH
    assert words(guesses[30]) == THROTTLED


@pytest.mark.row("A078")
def test_wrong_passwords_of_strangers_do_not_lock_the_owner_out(client: Client, mei: User) -> None:
    log_in(client, mei.email, people.PASSWORD)
    client.post("/accounts/logout/")
    spend_the_guesses(mei)
    assert log_in(client, mei.email, people.PASSWORD)["Location"] == HOME
    # On a new device, by a reset link.
    new_device = Client()
    assert words(log_in(new_device, mei.email, people.PASSWORD)) == THROTTLED
    mei.refresh_from_db()
    form = new_device.get(path_of(resets.link(mei)), follow=True)
    changed = {"new_password1": "nine silver kites", "new_password2": "nine silver kites"}
    assert new_device.post(form.request["PATH_INFO"], changed)["Location"] == LOGIN
    assert log_in(new_device, mei.email, "nine silver kites")["Location"] == HOME
    assert Session.objects.filter(person=mei).count() == 1


def spend_the_guesses(user: User) -> None:
    """As many wrong ones as are heard, from one address after another."""
    for number in range(12):
        log_in(Client(), user.email, "wrong", address=f"203.0.113.{number}")


def path_of(link: str) -> str:
    return "/" + link.split("/", 3)[3]


def test_a_known_browser_is_known_for_its_own_account_only(client: Client, mei: User) -> None:
    other = people.member(email="olu@studio.example", password=people.PASSWORD)
    log_in(client, mei.email, people.PASSWORD)
    client.post("/accounts/logout/")
    spend_the_guesses(other)
    assert words(log_in(client, other.email, people.PASSWORD)) == THROTTLED


def test_a_forged_known_browser_counts_as_unknown(client: Client, mei: User) -> None:
    client.cookies["known_browser"] = "WyJtZWkiLCJ4Il0:forged:signature"
    spend_the_guesses(mei)
    assert words(log_in(client, mei.email, people.PASSWORD)) == THROTTLED


def test_an_address_from_outside_the_trusted_proxies_is_not_believed(mei: User) -> None:
    answers = [
        Client().post(
            LOGIN,
            {"login": f"person-{n}@studio.example", "password": "wrong"},
            headers={"x-forwarded-for": f"192.0.2.{n}"},
        )
        for n in range(31)
    ]
    assert answers[-1].status_code == 429


@pytest.mark.django_db
def test_somebody_switched_off_is_told_so_only_with_the_right_password(client: Client) -> None:
    people.studio()
    people.member(email="off@studio.example", password=people.PASSWORD, is_active=False)
    assert words(log_in(client, "off@studio.example", "wrong")) == MISMATCH
    answer = log_in(client, "off@studio.example", people.PASSWORD)
    assert answer["Location"] == "/accounts/inactive/"
    assert not Session.objects.filter(person__isnull=False).exists()


ELSEWHERE = [
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:///evil.example",
    "https://evil.example/",
    "http:evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "/%2f%2fevil.example",
    "/\t/evil.example",
    "\t//evil.example",
    "/projects/\n//evil.example",
    "https://testserver@evil.example/",
    "http://localhost/",
    "http://[",
]


@pytest.mark.row("A072")
@pytest.mark.parametrize("target", ELSEWHERE)
def test_nobody_is_sent_elsewhere_after_the_login(client: Client, mei: User, target: str) -> None:
    typed = {"login": mei.email, "password": people.PASSWORD, "next": target}
    answer = client.post(LOGIN, typed)
    assert (answer.status_code, answer["Location"]) == (302, HOME)
    assert Session.objects.get(person=mei)
    assert client.get(LOGIN, {"next": target})["Location"] == HOME


@pytest.mark.django_db
def test_sign_up_is_closed(client: Client) -> None:
    people.admin()
    assert client.get("/accounts/signup/").status_code == 404
    assert not AccountAdapter().is_open_for_signup(RequestFactory().get("/"))


@pytest.mark.django_db
def test_the_login_page_speaks_the_language_one_chose(client: Client) -> None:
    people.admin()
    assert client.post("/language/", {"language": "ja", "next": LOGIN})["Location"] == LOGIN
    page = client.get(LOGIN)
    assert page["Content-Language"] == "ja"
    assert '<html lang="ja"' in page.content.decode()


def test_a_person_is_spoken_to_in_their_language(client: Client, mei: User) -> None:
    client.force_login(mei)
    assert client.get("/settings/", headers={"accept-language": "ja"})["Content-Language"] == "ja"
    client.post("/language/", {"language": "zh-hans", "next": "/settings/"})
    mei.refresh_from_db()
    assert mei.language == "zh-hans"
    assert client.get("/settings/")["Content-Language"] == "zh-hans"


@pytest.mark.parametrize("language", ["tlh", "", "de", "x" * 4000])
def test_a_language_we_do_not_speak_changes_nothing(
    client: Client, mei: User, language: str
) -> None:
    client.force_login(mei)
    assert client.post("/language/", {"language": language, "next": "/"}).status_code == 302
    mei.refresh_from_db()
    assert mei.language == ""
    assert client.get("/settings/")["Content-Language"] == "en"


def test_a_fragment_asked_for_without_a_session_sends_the_page_to_the_login(
    client: Client, mei: User
) -> None:
    answer = client.get(
        "/projects/",
        headers={"hx-request": "true", "hx-current-url": "http://testserver/create/?model=x"},
    )
    assert answer.status_code == 401
    assert answer["HX-Redirect"] == f"{LOGIN}?next=%2Fcreate%2F%3Fmodel%3Dx"
