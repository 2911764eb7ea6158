"""What the other parts are made of: where we are, who we are, and our keys."""

from pathlib import Path
from urllib.parse import urlsplit

import environ

ROOT = Path(__file__).resolve().parents[3]
env = environ.FileAwareEnv()  # NAME, or what is written in the file that NAME_FILE names: a vault writes files

DEBUG = env.bool("DEBUG", default=False)
TESTING = env.bool("ILIMA_TESTING", default=False)
DATA_DIR = Path(env.str("ILIMA_DATA", default=str(ROOT / ".ilima")))

# Only good for a demo on one machine; server.checks refuses them when DEBUG is off.
DEMO_SECRET_KEY = "demo-only-secret-key-that-a-real-server-refuses-0123456789"  # noqa: S105
DEMO_SIGNING_KEY = "11" * 32
SECRET_KEY = env.str("SECRET_KEY", default=DEMO_SECRET_KEY)
SECRET_KEY_FALLBACKS = env.list(
    "SECRET_KEY_FALLBACKS", default=[]
)  # the last ones, while sessions and links of theirs live
RECEIPT_SIGNING_KEY = env.str("RECEIPT_SIGNING_KEY", default=DEMO_SIGNING_KEY)  # 32 bytes, hex, Ed25519 seed

PUBLIC_URL = env.str("PUBLIC_URL", default="http://localhost:8000")
# Uploaded media never share an origin with the pages: a hostile file has no cookies to steal.
MEDIA_ORIGIN = env.str("MEDIA_ORIGIN", default="http://127.0.0.1:8000")
# Links in mails are built from PUBLIC_URL, and no other host is answered: a made-up one reaches nobody's mailbox.
_HOSTS = [urlsplit(url).hostname or "" for url in (PUBLIC_URL, MEDIA_ORIGIN)]
_HOSTS += ["localhost", "127.0.0.1", "testserver"] if DEBUG or TESTING else []
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=_HOSTS)
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
MEDIA_HOST_IS_ITS_OWN = not (
    DEBUG or TESTING
)  # it serves media and nothing else (server/guard.py); a demo has one host for all
# Phones read pictures from the bucket itself, at this address when it is another than ours.
S3_PUBLIC_URL = env.str("S3_PUBLIC_URL", default=env.str("S3_ENDPOINT_URL", default=""))
