"""Loaded before Django (`-p tests.environment`): every run has its own data dir and secrets.

STUDIO_TEST_DATABASE_URL and STUDIO_TEST_REDIS_URL switch on the tests that need those servers;
with STUDIO_TEST_ON=postgresql the whole suite runs on PostgreSQL. Keys of providers are put aside
for the live tests, so that nothing else can use one.
"""

import atexit
import os
import shutil
import tempfile

DATA_DIR = tempfile.mkdtemp(prefix="seed-studio-tests-")
atexit.register(shutil.rmtree, DATA_DIR, ignore_errors=True)

# By the provider's key in the catalogue: what tests/providers/test_live.py may use.
LIVE_KEYS: dict[str, str] = {}
LIVE_BASES: dict[str, str] = {}
# A clip costs money, so a key alone does not order one.
LIVE_PAID = os.environ.get("STUDIO_TEST_LIVE_PAID") == "1"
for provider in ("zai", "bigmodel", "jiekou", "vidu", "relay"):
    for aside, what in ((LIVE_KEYS, "API_KEY"), (LIVE_BASES, "BASE_URL")):
        value = os.environ.get(f"STUDIO_{provider.upper()}_{what}")
        if value:
            aside[provider] = value

for name in [n for n in os.environ if n.startswith("STUDIO_") and not n.startswith("STUDIO_TEST_")]:
    if name not in {"STUDIO_REQUIRE_BROWSER", "STUDIO_REQUIRE_NGINX", "STUDIO_CHROMIUM"}:
        del os.environ[name]
for name in ("DATABASE_URL", "CELERY_BROKER_URL", "SITE_URL", "ALLOWED_HOSTS", "EMAIL_URL"):
    os.environ.pop(name, None)
if os.environ.get("STUDIO_TEST_ON") == "postgresql":
    os.environ["DATABASE_URL"] = os.environ["STUDIO_TEST_DATABASE_URL"]
os.environ["STUDIO_DATA_DIR"] = DATA_DIR
os.environ["DJANGO_SETTINGS_MODULE"] = "studio.settings"
