"""docs/nginx.conf, as it stands there, in Debian's nginx before a real web process."""

import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.build.processes import answers
from tests.house import ROOT, House, free_port, wait_for

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
pytestmark = pytest.mark.skipif(
    NGINX is None and not os.environ.get("STUDIO_REQUIRE_NGINX"), reason="needs nginx"
)
CROWD = 30
LOGIN = "/accounts/login/"
MEGABYTE = 1024 * 1024
LOG_IN = """
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.conf import settings
from studio.accounts.models import User
from studio.accounts.sessions import SessionStore
user, session = User.objects.get(), SessionStore()
session[SESSION_KEY] = str(user.pk)
session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.save()
print(session.session_key)
"""


@dataclass(frozen=True)
class Site:
    """The studio behind nginx, somebody who is logged in, and one clip of theirs."""

    house: House
    port: int
    web: int
    session: str
    clip: str
    path: Path
    data: bytes

    @property
    def video(self) -> str:
        return f"/generations/{self.clip}/video/"

    def connect(self) -> http.client.HTTPSConnection:
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=20, context=trusting())

    def get(self, path: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
        return read(self.connect(), path, self.known() | headers)

    def known(self) -> dict[str, str]:
        return {"Cookie": f"sessionid={self.session}"}


def read(
    connection: http.client.HTTPConnection, path: str, headers: dict[str, str]
) -> tuple[http.client.HTTPResponse, bytes]:
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body


def trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "cert.pem").write_bytes(signed.public_bytes(pem))
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    (folder / "key.pem").write_bytes(key.private_bytes(pem, form, plain))
    return folder / "cert.pem", folder / "key.pem"


def written_for(folder: Path, data_dir: Path, port: int, web: int) -> str:
    """The sample with what its head says is to be changed, inside the rest of an nginx.conf."""
    text = (ROOT / "docs/nginx.conf").read_text()
    chain, key = certificate(folder)
    for old, new in {
        "listen 80;": f"listen 127.0.0.1:{free_port()};",
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "server 127.0.0.1:8000;": f"server 127.0.0.1:{web};",
        "/etc/ssl/studio/fullchain.pem": str(chain),
        "/etc/ssl/studio/privkey.pem": str(key),
        "/var/lib/studio": str(data_dir),
    }.items():
        assert old in text
        text = text.replace(old, new)
    places = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "\n".join(f"{place}_temp_path {folder}/{place};" for place in places)
    user = "user root;" if os.getuid() == 0 else ""
    return (
        f"{user} worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{ include /etc/nginx/mime.types; access_log {folder}/access.log;\n"
        f"{temporary}\n{text}\n}}\n"
    )


@contextmanager
def running(command: list[str], **options: object) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(command, stdin=subprocess.PIPE, **options)  # type: ignore[call-overload]
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=40)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("nginx")
    house, port, web = House(folder / "data"), free_port(), free_port()
    house.found()
    clip = house.generate("--prompt", "A boat", "--set", "duration=1", "--wait")
    session = house.manage("shell", "--verbosity", "0", "-c", LOG_IN).stdout.strip()
    configuration = folder / "nginx.conf"
    configuration.write_text(written_for(folder, house.data_dir, port, web))
    environment = house.environment(
        SITE_URL=f"https://127.0.0.1:{port}",
        STUDIO_BIND=f"127.0.0.1:{web}",
        STUDIO_PROCESS="web",
        STUDIO_TRUSTED_PROXIES="1",
        STUDIO_ACCEL_REDIRECT="/protected/",
        LOG_FORMAT="json",
    )
    gunicorn = ["-m", "gunicorn", "--config", "python:studio.serve.web", "studio.wsgi"]
    log = (folder / "web.log").open("wb")
    nginx = [str(NGINX), "-c", str(configuration), "-p", str(folder), "-g", "daemon off;"]
    with (
        log,
        running([sys.executable, *gunicorn], cwd=ROOT, env=environment, stderr=log),
        running(nginx),
    ):
        wait_for("the web process", lambda: answers(web))
        wait_for("nginx", lambda: is_open(port))
        path = Path(clip["videos"][0]["path"])
        yield Site(house, port, web, session, clip["id"], path, path.read_bytes())


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_nginx_hands_out_the_bytes_and_the_studio_only_the_permission(site: Site) -> None:
    answer, part = site.get(site.video, Range="bytes=100-199")
    assert (answer.status, part) == (206, site.data[100:200])
    assert answer.headers["Content-Range"] == f"bytes 100-199/{len(site.data)}"
    assert answer.headers["Content-Type"] == "video/mp4"
    assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "X-Accel-Redirect" not in answer.headers
    whole, body = site.get(f"{site.video}?download")
    assert (whole.status, body == site.data) == (200, True)
    assert whole.headers["Content-Disposition"].startswith("attachment;")
    # What the studio itself said to nginx.
    straight = http.client.HTTPConnection("127.0.0.1", site.web, timeout=10)
    headers = {"X-Forwarded-Proto": "https", "Range": "bytes=100-199"}
    told, nothing = read(straight, site.video, site.known() | headers)
    assert told.headers["X-Accel-Redirect"].startswith("/protected/")
    assert nothing == b""


def test_what_is_protected_has_no_address_outside(site: Site) -> None:
    straight = http.client.HTTPConnection("127.0.0.1", site.web, timeout=10)
    told, _ = read(straight, site.video, site.known() | {"X-Forwarded-Proto": "https"})
    hidden = told.headers["X-Accel-Redirect"]
    for path in (hidden, "/protected/", "/protected/../protected/", f"/static/..{hidden}"):
        answer, body = site.get(path)
        assert answer.status in {400, 404}
        assert site.data[:64] not in body
    anonymous, body = read(site.connect(), site.video, {})
    assert (anonymous.status, site.data[:64] in body) == (302, False)


def test_whoever_has_a_clip_is_told_so(site: Site) -> None:
    first, _ = site.get(site.video)
    again, body = site.get(site.video, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status, body) == (304, b"")


def test_static_files_come_from_nginx_for_a_year(site: Site) -> None:
    page = read(site.connect(), LOGIN, {})[1].decode()
    found = re.search(r"/static/css/studio\.[0-9a-f]{12}\.css", page)
    assert found
    answer, body = site.get(found[0], **{"Accept-Encoding": "gzip"})
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Encoding"] == "gzip"
    assert body[:2] == b"\x1f\x8b"
    plain, _ = site.get("/static/css/studio.css")
    assert (plain.status, plain.headers["Cache-Control"]) == (200, None)


def test_pages_are_compressed_and_know_that_they_are_https(site: Site) -> None:
    page, body = read(site.connect(), LOGIN, {"Accept-Encoding": "gzip"})
    assert (page.status, page.headers["Content-Encoding"]) == (200, "gzip")
    assert page.headers["Strict-Transport-Security"]
    assert "nginx/" not in page.headers["Server"]
    assert len(body) < 20_000


def test_the_id_of_a_request_is_nginxs(site: Site) -> None:
    answer, _ = read(site.connect(), "/healthz", {"X-Request-Id": "chosen-by-a-visitor"})
    assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["X-Request-Id"])


def test_a_visitor_cannot_choose_an_address_of_origin(site: Site) -> None:
    answer, _ = read(site.connect(), LOGIN, {"X-Forwarded-Proto": "http"})
    assert answer.status == 200  # not redirected to https: nginx said that it is


def test_more_than_any_form_holds_is_refused_before_it_is_sent(site: Site) -> None:
    head = f"POST /assets/ HTTP/1.1\r\nHost: x\r\nContent-Length: {202 * MEGABYTE}\r\n\r\n"
    with trusting().wrap_socket(socket.create_connection(("127.0.0.1", site.port))) as visitor:
        visitor.sendall(head.encode())
        assert visitor.recv(100).startswith(b"HTTP/1.1 413 ")


@contextmanager
def grown(path: Path, size: int) -> Iterator[None]:
    """The clip as a long file, which no buffer swallows."""
    data = path.read_bytes()
    path.chmod(0o640)
    os.truncate(path, size)
    try:
        yield
    finally:
        path.write_bytes(data)


@contextmanager
def crowd(site: Site) -> Iterator[None]:
    """So many who send a form and never finish, and as many who read a clip and hardly do."""
    host = f"Host: 127.0.0.1:{site.port}\r\n"
    sending = f"POST {LOGIN} HTTP/1.1\r\n{host}Content-Length: 100000\r\n\r\nx"
    reading = f"GET {site.video} HTTP/1.1\r\n{host}Cookie: sessionid={site.session}\r\n\r\n"
    with ExitStack() as all_of_them:
        for request in (sending, reading) * CROWD:
            plain = all_of_them.enter_context(socket.create_connection(("127.0.0.1", site.port)))
            visitor = all_of_them.enter_context(trusting().wrap_socket(plain))
            visitor.sendall(request.encode())
            if request == reading:
                assert visitor.recv(100).startswith(b"HTTP/1.1 200 ")
        yield


def test_thirty_slow_visitors_keep_nobody_waiting(site: Site) -> None:
    with grown(site.path, 64 * MEGABYTE), crowd(site):
        begun = time.monotonic()
        for _ in range(5):
            assert read(site.connect(), LOGIN, {})[0].status == 200
        assert time.monotonic() - begun < 10


def test_every_line_of_the_web_process_is_an_object(site: Site) -> None:
    straight = http.client.HTTPConnection("127.0.0.1", site.web, timeout=10)
    answer, _ = read(straight, LOGIN, {"Host": "nobody.example"})
    assert answer.status == 400
    lines = (site.house.data_dir.parent / "web.log").read_text().splitlines()
    assert lines
    assert [line for line in lines if not (line.startswith("{") and line.endswith("}"))] == []
    assert answer.headers["X-Request-Id"] in lines[-1]
