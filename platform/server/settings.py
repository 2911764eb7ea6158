"""Django settings. Everything that differs between machines comes from the environment (12factor.net/config)."""

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.conf.locale import LANG_INFO
from django.templatetags.static import static

from server import queues

ROOT = Path(__file__).resolve().parents[2]
env = environ.Env()

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

INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_prometheus",
    "csp",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.headless",
    "server",
    "ledger",
    "delivery",
    "intake",
    "people",
    "labelling",
    "consensus.app",
    "rewards",
    "payouts",
    "anchoring",
    "ml_assist",
    "api",
    "console",
]

MIDDLEWARE = [
    "server.probes.probes",
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "server.guard.guard",
    "csp.middleware.CSPMiddleware",
    "api.outside.one_shape",
    "people.strangers.refuse_strange",
    "server.away.database_away",
    "console.policy.admin_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "people.sessions.end_idle",
    "people.devices.remember_devices",
    "people.whole_changes.whole_changes",
    "django.contrib.messages.middleware.MessageMiddleware",
    "people.second_factor.ask_for_it",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "server.urls"
WSGI_APPLICATION = "server.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "platform" / "console" / "templates"],  # ours come before allauth's and the admin's
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ]
        },
    }
]

# --- data -----------------------------------------------------------------------------------------------------------
DATABASES = {"default": env.db_url("DATABASE_URL", default="postgresql://localhost/ilima")}
DATABASES["default"]["ENGINE"] = "django.db.backends.postgresql"
# Parameters are bound by the server and plans kept for each connection: planning cost more than running.
_PLANS = {"server_side_binding": True, "prepare_threshold": 3} if env.bool("DB_PREPARE", default=True) else {}
DATABASES["default"]["OPTIONS"] = {**DATABASES["default"].get("OPTIONS", {}), **_PLANS}
if "ILIMA_TEST_DB" in os.environ:
    DATABASES["default"]["TEST"] = {"NAME": os.environ["ILIMA_TEST_DB"]}
if env.bool("DB_POOL", default=False):
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": env.int("DB_POOL_SIZE", default=8)}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
# Forms and Django's own code stream rows outside transactions, which no pooler bears: only kernel.sql.stream() uses cursors on the server.
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True
# Where locks of long jobs are held: directly, when DATABASE_URL is a pooler that ends long transactions (docs/decisions/locks.md).
LOCKS_DATABASE = {
    key: value
    for key, value in (env.db_url("LOCKS_DATABASE_URL") if env.str("LOCKS_DATABASE_URL", default="") else {}).items()
    if key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="redis://localhost:6379/0")
CACHES = {
    "default": {
        "BACKEND": "delivery.cache.GuardedCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "ilima-test" if TESTING else "ilima",
    }
}

CELERY_BROKER_URL = env.str("ILIMA_BROKER_URL", default=REDIS_URL)
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 900
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_DEFAULT_QUEUE = queues.DEFAULT
CELERY_TASK_ROUTES = queues.ROUTES
# Up to so many answers a project's skills are learned in one process; above, over shards of so many (consensus/app/actions/skill_runs.py).
SKILLS_IN_MEMORY_ANSWERS = env.int("SKILLS_IN_MEMORY_ANSWERS", default=200_000)
SKILL_SHARD_ANSWERS = env.int("SKILL_SHARD_ANSWERS", default=200_000)
SKILL_SHARD_LEASE_S = env.int("SKILL_SHARD_LEASE_S", default=120)
# The outbox is the truth and beat wakes it: a web request never waits for a broker that is away.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 1800,
    "socket_timeout": 2,
    "socket_connect_timeout": 1,
    "retry_on_timeout": False,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TIMEZONE = "UTC"
WAKE_IN_TESTS = env.bool("WAKE_IN_TESTS", default=False)  # tests drain by hand, except those of whole processes

# Local files by default; S3-compatible when the bucket is named.
# Phones read pictures from the bucket itself, at this address when it is another than ours.
S3_PUBLIC_URL = env.str("S3_PUBLIC_URL", default=env.str("S3_ENDPOINT_URL", default=""))
if env.str("S3_BUCKET", default=""):
    _media_storage = {
        "BACKEND": "intake.bucket.MediaStorage",
        "OPTIONS": {
            "public_url": S3_PUBLIC_URL,
            "bucket_name": env.str("S3_BUCKET"),
            "endpoint_url": env.str("S3_ENDPOINT_URL", default=None),
            "region_name": env.str("S3_REGION", default="us-east-1"),
            "access_key": env.str("S3_ACCESS_KEY", default=None),
            "secret_key": env.str("S3_SECRET_KEY", default=None),
            "addressing_style": env.str("S3_ADDRESSING_STYLE", default="path"),
            "signature_version": "s3v4",
            "default_acl": "private",
            "file_overwrite": False,
        },
    }
else:
    _media_storage = {
        "BACKEND": "intake.storage.WholeFiles",
        "OPTIONS": {"location": DATA_DIR / "media", "base_url": "/media/"},
    }
_manifest = not (DEBUG or TESTING)
STORAGES = {
    "default": _media_storage,
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if _manifest
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FILES = 500
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
PHONE_APP_DIR = ROOT / "worker_app" / "dist"

# --- people ---------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.Person"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if TESTING:
    PASSWORD_HASHERS.insert(0, "django.contrib.auth.hashers.MD5PasswordHasher")
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
UNFOLD = {
    "SITE_TITLE": "Ilima",
    "SITE_HEADER": "Ilima",
    "SITE_SUBHEADER": "Database",
    "SITE_URL": "/console/",
    "STYLES": [lambda request: static("console/admin.css")],
}
LOGIN_REDIRECT_URL = "/"
LOGIN_URL = "/accounts/login/"
ACCOUNT_ADAPTER = "people.adapter.AccountAdapter"
ACCOUNT_SIGNUP_FORM_CLASS = "people.forms.SignupForm"
ACCOUNT_FORMS = {"login": "people.login_form.LoginForm"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email", "phone"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "phone"]  # one of the two; people.forms asks for exactly one
# An address is added to an account only once its code was typed; until then it stands in the session alone.
ACCOUNT_EMAIL_VERIFICATION, ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED, ACCOUNT_CHANGE_EMAIL = "mandatory", True, True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_PHONE_VERIFICATION_TIMEOUT = 10 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = ACCOUNT_PHONE_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PREVENT_ENUMERATION = (
    "strict"  # the code proves the address in any case, so this holds without verification mails
)
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Codes and passwords are counted in people.code_limits, by network and by device; what stands here nobody can use against another.
ACCOUNT_RATE_LIMITS = {
    "request_login_code": None,
    "login": None,
    "confirm_email": None,
    "login_failed": "5/300s/key",  # of a second factor: who gets there has shown the first
    "verify_phone": "60/m/ip",
    "signup": "60/m/ip",
}
HEADLESS_CLIENTS = ("browser",)
# Tokens, owners and payout destinations ask for a sign-in as young as this (people/recent.py); allauth's own doors, too.
RECENT_SIGN_IN_S = ACCOUNT_REAUTHENTICATION_TIMEOUT = env.int("RECENT_SIGN_IN_S", default=15 * 60)
TOKEN_DAYS = env.int("TOKEN_DAYS", default=90)  # an API token ends after so many days, unless its owner renews it
# How many proxies of ours stand before the web server: so many entries of X-Forwarded-For are believed, from the right
# (people/network.py). None without BEHIND_PROXY.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=1 if env.bool("BEHIND_PROXY", default=False) else 0)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
# Who decides about others' money or accounts (admins, reviewers, owners) shows a passkey or an app's code (people/second_factor.py).
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", default=not (DEBUG or TESTING))
USERSESSIONS_ADAPTER = "people.sessions.SessionsAdapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ADAPTER = "people.mfa.MFAAdapter"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PUBLIC_URL.startswith("https://")
MFA_ALLOW_UNVERIFIED_EMAIL = True  # a person may have only a phone number
SMS_BACKEND = env.str("SMS_BACKEND", default="people.sms.file.FileBackend")
SMS_URL = env.str("SMS_URL", default="")
SMS_TOKEN = env.str("SMS_TOKEN", default="")
SMS_SENDER = env.str("SMS_SENDER", default="Ilima")
# smtp+tls://user:password@host:587, or smtp+ssl, or smtp; empty: letters are files in DATA_DIR/mail, for the demo and the tests
_mail = env.email_url("EMAIL_URL") if env.str("EMAIL_URL", default="") else {}
EMAIL_HOST, EMAIL_PORT = _mail.get("EMAIL_HOST", ""), _mail.get("EMAIL_PORT") or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.get("EMAIL_HOST_USER") or "", _mail.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.get("EMAIL_USE_TLS", False), _mail.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10
EMAIL_BACKEND = env.str(
    "EMAIL_BACKEND", default=_mail.get("EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
)
ALLOW_FILE_MESSAGES = env.bool(
    "ALLOW_FILE_MESSAGES", default=False
)  # with DEBUG off: yes, letters and texts shall be files
EMAIL_FILE_PATH = DATA_DIR / "mail"
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Ilima <ilima@localhost>")

# --- the API --------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated", "api.permissions.HasScope"],
    "DEFAULT_RENDERER_CLASSES": ["api.wire.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["api.wire.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "api.pagination.CursorPagination",
    "DEFAULT_THROTTLE_CLASSES": ["api.throttles.PersonThrottle", "api.throttles.AddressThrottle"],
    "NUM_PROXIES": TRUSTED_PROXIES,
    "EXCEPTION_HANDLER": "api.errors.one_sentence",
    "URL_FORMAT_OVERRIDE": None,  # ?format= is no way to ask: it is refused by its name like every other
    "PAGE_SIZE": 50,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Ilima",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_PATCH": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": ["api.contract.document.complete"],
}
THROTTLE_RATES = {"person": env.str("THROTTLE_PERSON", default="600/min"), "address": "1200/min", "code": "5/hour"}

# --- work -----------------------------------------------------------------------------------------------------------
CURRENCY = env.str("CURRENCY", default="USD")
TERMS_VERSION = "2026-11"  # of worker_app's page "Before you begin": whoever changes what it says changes this
PHONE_COUNTRY = env.str("PHONE_COUNTRY", default="ZA")  # of a phone number that is typed without its country code
LEASE_S = 30 * 60
PACK_LEASE_S = 12 * 3600  # of tasks that a worker takes along; both unless the batch says otherwise
LEASE_GRACE_S = env.int(
    "LEASE_GRACE_S", default=6 * 3600
)  # for a phone without signal: sent until then, an answer is paid
PACK_SIZE = 20
FIRST_DAY_MICRO = env.int(
    "FIRST_DAY_MICRO", default=500_000
)  # paid out at once on a first day of work; the rest a day later
# The platform's own money: funded by `manage.py fund_goodwill`, and never more than this of it a day, or for one appeal.
GOODWILL_DAY_MICRO = env.int("GOODWILL_DAY_MICRO", default=5_000_000)
GOODWILL_APPEAL_MICRO = env.int("GOODWILL_APPEAL_MICRO", default=50_000)
# An appeal against a missed known task from which more follows than this is decided by two people.
APPEAL_SECOND_MICRO = env.int("APPEAL_SECOND_MICRO", default=5_000_000)
WAGE_FLOOR_MICRO_PER_HOUR = env.int("WAGE_FLOOR_MICRO_PER_HOUR", default=2_000_000)
LABEL_API_WAITERS = env.int("LABEL_API_WAITERS", default=4)  # calls a web process may keep waiting, a thread each
PAYOUT_MIN_MICRO = env.int("PAYOUT_MIN_MICRO", default=100_000)
PLATFORM_FEE_BPS = env.int(
    "PLATFORM_FEE_BPS", default=0
)  # of pay, in hundredths of a per cent, for batches made from now on
# The rails: "name=dotted.path.of.its.Class,..." (docs/decisions/rails.md). The one named "simulated" only practises.
DONATIONS_TO = env.str(
    "DONATIONS_TO", default="the workers' fund"
)  # where she may give what is too little to be paid out
PAYOUT_PROVIDERS = env.dict("PAYOUT_PROVIDERS", default={"simulated": "payouts.providers.simulated.SimulatedProvider"})
PAYOUT_PROVIDER = env.str("PAYOUT_PROVIDER", default="")  # the rail of who names none; empty: the first
ALLOW_PRACTICE_RAIL = env.bool("ALLOW_PRACTICE_RAIL", default=False)  # with DEBUG off: yes, no real money shall move
# Safe values where money is real; the demo and the tests wait for nothing (docs/decisions/holds-on-money.md).
_REAL = not (DEBUG or TESTING)
PAYOUT_FIRST_WAIT_S = env.int("PAYOUT_FIRST_WAIT_S", default=86_400 if _REAL else 0)  # a number she was never paid to
PAYOUT_DAY_MICRO = env.int("PAYOUT_DAY_MICRO", default=200_000_000 if _REAL else 10**12)  # a worker, in 24 hours
PAYOUT_DAY_COUNT = env.int("PAYOUT_DAY_COUNT", default=10 if _REAL else 1000)
DEPOSIT_SETTLE_S = env.int(
    "DEPOSIT_SETTLE_S", default=7 * 86_400 if _REAL else 0
)  # until a first card payment counts as settled
DEPOSIT_DAY_MICRO = env.int(
    "DEPOSIT_DAY_MICRO", default=20_000 * 10**6 if _REAL else 10**12
)  # an organisation, in 24 hours
NEW_DEPOSIT_DAY_MICRO = env.int(
    "NEW_DEPOSIT_DAY_MICRO", default=500 * 10**6 if _REAL else 10**12
)  # one that has not settled yet
UNSETTLED_PAYOUT_MICRO = env.int("UNSETTLED_PAYOUT_MICRO", default=5_000_000)  # of a new organisation's money, at once
RAIL_URL = env.str("RAIL_URL", default="http://127.0.0.1:8090")
RAIL_SECRET = env.str("RAIL_SECRET", default="demo-rail-secret")
RAIL_DEADLINE_S = env.float("RAIL_DEADLINE_S", default=10)
# Seal phone numbers and webhook secrets at rest; newest first. Of their own with DEBUG off (server/checks.py).
DESTINATION_KEYS = env.list("DESTINATION_KEYS", default=[SECRET_KEY, *SECRET_KEY_FALLBACKS])
LINK_KEY = env.str(
    "LINK_KEY", default=DESTINATION_KEYS[-1]
)  # numbers, devices and networks are compared by a keyed hash
WEBHOOK_TRANSPORT = env.str("WEBHOOK_TRANSPORT", default="intake.remote.post")
CHAIN_RPC_URL = env.str("CHAIN_RPC_URL", default="http://127.0.0.1:8545")
CHAIN_CLASS = env.str("CHAIN_CLASS", default="anchoring.chains.json_rpc.JsonRpcChain")
SIGNER_CLASS = env.str("SIGNER_CLASS", default="anchoring.signers.env_key.EnvKeySigner")
ANCHOR_PRIVATE_KEY = env.str("ANCHOR_PRIVATE_KEY", default="0x" + "22" * 32)
ANCHOR_CONTRACT = env.str("ANCHOR_CONTRACT", default="")  # its address; empty: our key deploys one of its own
ANCHOR_EVERY_S = env.int("ANCHOR_EVERY_S", default=86_400)  # a period ends at every multiple: midnight UTC
ANCHOR_STUCK_S = env.int("ANCHOR_STUCK_S", default=900)  # not mined after this: sent again with higher fees
ANCHOR_MAX_FEE_WEI = env.int("ANCHOR_MAX_FEE_WEI", default=300 * 10**9)  # a gas

# --- what is kept for a time only (docs/decisions/retention.md) --------------------------------------------------------
KEPT_DAYS = {
    "outbox": env.int("KEPT_DAYS_OUTBOX", default=7),  # events, from when they were delivered
    "webhooks": env.int("KEPT_DAYS_WEBHOOKS", default=30),  # attempts end after three
    "callbacks": env.int("KEPT_DAYS_CALLBACKS", default=400),  # a payment is disputed within a year
    "refused_rows": env.int("KEPT_DAYS_REFUSED_ROWS", default=90),  # from the end of the upload
    "sessions": 0,  # from when they end
}

# --- languages ------------------------------------------------------------------------------------------------------
LANG_INFO.setdefault(
    "zu", {"bidi": False, "code": "zu", "name": "Zulu", "name_local": "isiZulu"}
)  # Django knows it not
LANGUAGE_CODE = "en"
PHONE_LANGUAGES = ["en", "zu", "xh", "sw", "fr", "pt", "zh-Hant"]
# Refusals and messages of every room; the words of the console's pages are in console/locale.
LOCALE_PATHS = [ROOT / "platform" / "kernel" / "locale"]
LANGUAGES = [("en", "English"), ("zu", "isiZulu")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- security -------------------------------------------------------------------------------------------------------
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
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
# Browsers keep it, so it can be taken back by none: the other names under the operator's domain only when asked for.
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000 if _https else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", default=False)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        "json": {"()": "server.logs.JSONFormatter"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": env.str("LOG_FORMAT", default="plain"),
            "stream": sys.stderr,
        }
    },
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
}
