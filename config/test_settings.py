"""The settings with what makes a test quick and repeatable: nothing else differs."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from config.settings import *  # noqa: F403, TID251 -- it starts from all of them

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TEST_DIR = Path(tempfile.mkdtemp(prefix="gongzhi-test-"))
_owner = os.getpid()
# A forked child ends too, but the folder is not its own.
atexit.register(
    lambda: shutil.rmtree(TEST_DIR, ignore_errors=True) if os.getpid() == _owner else None
)
MEDIA_ROOT = TEST_DIR / "media"
GATEWAY_FOLDER = TEST_DIR / "messages"
STATIC_ROOT = TEST_DIR / "static"
STATIC_ROOT.mkdir()
STORAGES["staticfiles"] = {  # noqa: F405 -- see above
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
if SQLITE:  # noqa: F405 -- see above
    # A file, not memory: tests of races open it from several threads and processes.
    DATABASES["default"]["TEST"] = {"NAME": str(TEST_DIR / "test.sqlite3")}  # noqa: F405 -- see above
else:
    # Rows need not outlive the machine: a commit need not wait for its disk.
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c synchronous_commit=off"  # noqa: F405 -- see above
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
# Its write once a minute would make the first request of a test cost more than the second.
MIDDLEWARE.remove("config.idle.idle_middleware")  # noqa: F405 -- see above
# Each process its own: emptying a shared one would set back the counters of another's throttles.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
