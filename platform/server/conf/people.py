"""Accounts, signing in, letters and texts."""

from django.templatetags.static import static

from server.conf.base import DATA_DIR, DEBUG, PUBLIC_URL, TESTING, env

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
    {"NAME": "people.passwords.NoNameOfOurs"},
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
# Notices that people chose (docs/decisions/notices.md): so many texts a day for all together, 0: none by this way.
NOTICES_SMS_DAY = env.int("NOTICES_SMS_DAY", default=200)
VAPID_PRIVATE_KEY = env.str("VAPID_PRIVATE_KEY", default="")  # 32 bytes, base64url; empty: follows from SECRET_KEY
# Push services ("name:port") that may lie in a network of our own; all others are strangers'.
PUSH_HOSTS = env.list("PUSH_HOSTS", default=[])
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
