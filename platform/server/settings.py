"""Django settings. Everything that differs between machines comes from the environment (12factor.net/config)."""

import os
import sys

from django.conf.locale import LANG_INFO

from server import queues
from server.conf.base import *  # noqa: F403  all of them are settings
from server.conf.base import DATA_DIR, DEBUG, ROOT, S3_PUBLIC_URL, TESTING, env
from server.conf.languages import spoken_in
from server.conf.people import *  # noqa: F403
from server.conf.people import TRUSTED_PROXIES
from server.conf.security import *  # noqa: F403
from server.conf.work import *  # noqa: F403

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
    "wording",
    "notices",
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
    "console.policy.Policy",
    "api.outside.one_shape",
    "people.malformed_requests.refuse_malformed",
    "server.away.database_away",
    "wording.words.middleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "people.request_language.RequestLanguage",
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
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=600)
# Forms and Django's own code stream rows outside transactions, which no pooler bears: only kernel.sql.stream() uses cursors on the server.
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True
# Where locks of long jobs are held: directly, when DATABASE_URL is a pooler that ends long transactions (docs/decisions/locks.md).
LOCKS_DATABASE = {
    key: value
    for key, value in (env.db_url("LOCKS_DATABASE_URL") if env.str("LOCKS_DATABASE_URL", default="") else {}).items()
    if key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

PRIVATE_NETWORK = env.bool(
    "PRIVATE_NETWORK", default=False
)  # nobody else can read on the way to the database and Redis
REDIS_URL = env.str("REDIS_URL", default="redis://localhost:6379/0")
CACHES = {
    "default": {
        "BACKEND": "delivery.cache.GuardedCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "ilima-test" if TESTING else "ilima",
    },
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
PHONE_LOCALES = ROOT / "worker_app" / "locales"  # what it is built from

# --- the API --------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated", "api.permissions.HasScope"],
    "DEFAULT_RENDERER_CLASSES": ["api.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["api.renderers.JSONParser"],
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
THROTTLE_RATES = {
    "person": env.str("THROTTLE_PERSON", default="600/min"),
    "address": "1200/min",
    "code": "5/hour",
    "team_link": "30/hour",
}

# --- what is kept for a time only (docs/decisions/retention.md) --------------------------------------------------------
KEPT_DAYS = {
    "outbox": env.int("KEPT_DAYS_OUTBOX", default=7),  # events, from when they were delivered
    "webhooks": env.int("KEPT_DAYS_WEBHOOKS", default=30),  # attempts end after three
    "callbacks": env.int("KEPT_DAYS_CALLBACKS", default=400),  # a payment is disputed within a year
    "refused_rows": env.int("KEPT_DAYS_REFUSED_ROWS", default=90),  # from the end of the upload
    "notices": env.int("KEPT_DAYS_NOTICES", default=90),  # what she was told, from when it was made
    "sessions": 0,  # from when they end
}

# --- languages ------------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
# Refusals and messages of every room; the words of the console's pages are in console/locale. Whoever has a folder there is spoken.
LOCALE_PATHS = [ROOT / "platform" / "kernel" / "locale"]
PHONE_LANGUAGES = ["en", *spoken_in(LOCALE_PATHS[0])]
CONSOLE_LANGUAGES = ["en", *spoken_in(ROOT / "platform" / "console" / "locale")]
LANGUAGES = [(tag.lower(), tag) for tag in PHONE_LANGUAGES]
for _tag, _name in LANGUAGES:  # Django does not know them all
    LANG_INFO.setdefault(_tag, {"bidi": False, "code": _tag, "name": _name, "name_local": _name})
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        "json": {"()": "server.logs.JSONFormatter"},
    },
    "filters": {"person": {"()": "server.logs.WithPerson"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "filters": ["person"],
            "formatter": env.str("LOG_FORMAT", default="plain"),
            "stream": sys.stderr,
        }
    },
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
}
