"""The project's settings over a throw-away data directory, with speed in place of durability."""

import atexit
import os
import shutil
import tempfile

_var = tempfile.mkdtemp(prefix="luoshi-test-")
atexit.register(shutil.rmtree, _var, ignore_errors=True)
os.environ["LUOSHI_VAR"] = _var
os.environ["LUOSHI_SECRET_KEY"] = "known to every test"
# `luoshi` processes that a test starts are told their database by that test, not by this run.
DATABASE_UNDER_TEST = os.environ.get("DATABASE_URL", "")

from luoshi.settings import *  # noqa: E402, F403
from luoshi.settings import DATABASES, LUOSHI_VAR  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

_database = DATABASES["default"]
if _database["ENGINE"].endswith("sqlite3"):
    # A file, not memory: a live server's threads then have connections of their own, as in life.
    _database["TEST"] = {"NAME": str(LUOSHI_VAR / "test.sqlite3")}
    _options = _database["OPTIONS"]
    _options["init_command"] = _options["init_command"].replace("=FULL", "=OFF")
_database["CONN_MAX_AGE"] = 0

# Shares that are drawn at random would make tests of everything else a lottery; tests of the
# shares themselves set their own.
RAISED_PERCENT = 0
SAMPLE_PERCENT = 0
