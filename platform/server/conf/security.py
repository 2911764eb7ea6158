"""What browsers are told: where content may come from, cookies, https."""

from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from server.conf.base import MEDIA_ORIGIN, PUBLIC_URL, S3_PUBLIC_URL, TESTING, env

# Where the bytes of media come from: our own origin for them and, since it sends phones on, the bucket's.
_MEDIA = [MEDIA_ORIGIN]
if env.str("S3_BUCKET", default=""):
    _MEDIA += (
        ["{0.scheme}://{0.netloc}".format(urlsplit(S3_PUBLIC_URL))] if S3_PUBLIC_URL else ["https://*.amazonaws.com"]
    )
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, *_MEDIA, "data:", "blob:"],
        "media-src": [SELF, *_MEDIA, "blob:"],
        "connect-src": [SELF, *_MEDIA],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
    }
}
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")  # what Prometheus sends; empty: admins only
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 60 * 86_400  # and less when it is left alone
SESSION_IDLE_S = env.int("SESSION_IDLE_S", default=14 * 86_400)
SESSION_IDLE_OF_STAFF_S = env.int("SESSION_IDLE_OF_STAFF_S", default=12 * 3600)  # admins and reviewers
SESSION_AGE_OF_STAFF_S = env.int("SESSION_AGE_OF_STAFF_S", default=7 * 86_400)
# A browser takes a __Host- cookie over https only, from this very host, and no neighbour can plant one.
_PREFIX = "__Host-" if PUBLIC_URL.startswith("https://") else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{_PREFIX}sessionid", f"{_PREFIX}csrftoken"
MESSAGE_STORAGE = (
    "django.contrib.messages.storage.session.SessionStorage"  # no cookie of its own, which would bear no prefix
)
DEVICE_COOKIE_NAME, LANGUAGE_COOKIE_NAME = f"{_PREFIX}ilima_device", f"{_PREFIX}language"
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
_https = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SECURE_SSL_REDIRECT = _https and not TESTING
# A program that sends its token in clear is told so, not helped on: server/guard.py.
SECURE_REDIRECT_EXEMPT = [r"^api/", r"^_allauth/"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
# Browsers keep it, so it can be taken back by none: the other names under the operator's domain only when asked for.
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000 if _https else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", default=False)
