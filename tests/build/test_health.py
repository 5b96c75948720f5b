"""`/healthz`: what a container's probe sees."""

import pytest
from django.test import Client, override_settings


@pytest.mark.parametrize("host", ["10.1.2.3", "pod-7:8000", "nobody.example"])
def test_a_probe_needs_no_host_name_no_login_and_no_database(host: str) -> None:
    # No `db` fixture: any query would fail.
    answer = Client(headers={"host": host}).get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert answer.headers["Cache-Control"] == "no-store"
    assert not answer.cookies


@override_settings(SECURE_SSL_REDIRECT=True)
def test_a_probe_is_not_sent_to_https() -> None:
    assert Client().get("/healthz").status_code == 200


def test_a_probe_only_looks() -> None:
    assert Client().head("/healthz").status_code == 200
    assert Client().post("/healthz").status_code == 405
