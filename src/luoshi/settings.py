"""Every setting, and the only place that reads the environment.

LUOSHI_VAR         data directory (default ./var): database, keys/, files/
DATABASE_URL       sqlite:///path or postgresql://user:password@host/name
LUOSHI_HOSTS       comma-separated host names that may be asked for
LUOSHI_ORIGINS     comma-separated origins behind a proxy, e.g. https://report.example
LUOSHI_HTTPS       1 or 0; default 1 as soon as a host other than this machine is served
LUOSHI_HSTS        seconds of Strict-Transport-Security (default 0)
LUOSHI_PROXY       1 when a proxy in front sets X-Forwarded-Proto and X-Forwarded-For
LUOSHI_SECRET_KEY  instead of the key file under LUOSHI_VAR
LUOSHI_DISTRICT    code of the district whose public pages are shown (default 320613)
LUOSHI_PUBLIC_URL  address of the public pages in text messages, e.g. https://report.example
LUOSHI_SMS_SENDER  console (default), http, or the dotted path of a sender
LUOSHI_SMS_URL     where the http sender posts messages
LUOSHI_SMS_SECRET  shared with the gateway, both ways, instead of the key file under LUOSHI_VAR
LUOSHI_PICTURE_METRES  how far from its case an official picture may say it was taken (1000)
LUOSHI_PICTURE_MINUTES how far a camera's clock may be off (60)
LUOSHI_MAIL_IMAP   mailbox that is read: imaps://user@host/INBOX (unset: none); see docs/mail.md
LUOSHI_MAIL_SMTP   where mail goes out: smtps://user@host or smtp://user@host (unset: none does)
LUOSHI_MAIL_FROM   address of the mails that go out, e.g. report@example.org
LUOSHI_MAIL_PASSWORD  of both, instead of the file keys/mail under LUOSHI_VAR
LUOSHI_MAIL_SMTP_PASSWORD  when it is another one, instead of keys/mail-smtp
LUOSHI_MAIL_INSPECTION  what is written to this address is confidential
LUOSHI_MAIL_FOLDERS   folder of the mailbox under which mails are put (default Luoshi)
LUOSHI_MAIL_SECONDS   between two looks into the mailbox (default 60)
LUOSHI_MAIL_CA     file of certificates (PEM) that mail servers are held against, instead of the
                   machine's; for a server with a certificate of its own
LUOSHI_MAIL_PLUS   1 when the server takes name+anything@host for name@host
LUOSHI_TOTP        1 or 0: staff need a second factor; default as LUOSHI_HTTPS
LUOSHI_DEBUG       1 for Django's debug pages
"""

import base64
import os
import ssl
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import unquote, urlsplit

import django.contrib.admin
import django.forms
import django_stubs_ext
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from luoshi.infra import database, keyfile

# Lets classes be written as the type checker wants them: ModelAdmin[Case], Manager[Case].
django_stubs_ext.monkeypatch()

PACKAGE = Path(__file__).resolve().parent


def _words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def _flag(name: str, default: bool = False) -> bool:
    return os.environ.get(name, str(int(default))) == "1"


LUOSHI_VAR = Path(os.environ.get("LUOSHI_VAR", "var")).resolve()
LUOSHI_VAR.mkdir(parents=True, exist_ok=True)


def _secret(name: str, file: str) -> str:
    """What an operator was given, in the environment or in a file beside our own keys."""
    path = LUOSHI_VAR / "keys" / file
    return os.environ.get(name) or (path.read_text().strip() if path.exists() else "")


DEBUG = _flag("LUOSHI_DEBUG")
SECRET_KEY = (
    os.environ.get("LUOSHI_SECRET_KEY")
    or base64.b64encode(keyfile.read_or_create(LUOSHI_VAR / "keys" / "secret")).decode()
)

DATABASES = {
    "default": database.from_url(
        os.environ.get("DATABASE_URL") or f"sqlite:///{LUOSHI_VAR / 'luoshi.sqlite3'}"
    )
}
# Guessed passwords are counted here: with several web processes they must count together.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "infra_cache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
    if DATABASES["default"]["ENGINE"].endswith("postgresql")
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ---- Apps, by floor ----
INSTALLED_APPS = [
    "luoshi.infra",
    "luoshi.registry",
    "luoshi.trust",
    "luoshi.cases",
    "luoshi.expectations",
    "luoshi.publication",
    "luoshi.packs",
    "luoshi.doors.sms",
    "luoshi.doors.mail",
    "luoshi.doors.sheets",
    "luoshi.web",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]
ROOT_URLCONF = "luoshi.urls"
DISTRICT = os.environ.get("LUOSHI_DISTRICT", "320613")
WSGI_APPLICATION = "luoshi.wsgi.application"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "luoshi.infra.headers.content_security_policy",
    "luoshi.infra.kept.during_request",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

# ---- E-mail ----
MAIL_IMAP = os.environ.get("LUOSHI_MAIL_IMAP", "")
MAIL_PASSWORD = _secret("LUOSHI_MAIL_PASSWORD", "mail")
MAIL_POLL_SECONDS = int(os.environ.get("LUOSHI_MAIL_SECONDS", "60"))
MAIL_FOLDERS = os.environ.get("LUOSHI_MAIL_FOLDERS", "Luoshi")
MAIL_INSPECTION = os.environ.get("LUOSHI_MAIL_INSPECTION", "").strip().lower()
MAIL_PLUS = _flag("LUOSHI_MAIL_PLUS")
MAIL_INBOUND_DAYS = 30  # then nobody delivers a mail again, and its mark may go
MAIL_NAME, MAIL_ADDRESS = parseaddr(os.environ.get("LUOSHI_MAIL_FROM", "").strip())
MAIL_ADDRESS = MAIL_ADDRESS.lower()
MAIL_OUT = bool(os.environ.get("LUOSHI_MAIL_SMTP"))
_smtp = urlsplit(os.environ.get("LUOSHI_MAIL_SMTP", ""))
if MAIL_OUT and not (_smtp.scheme in {"smtp", "smtps"} and _smtp.hostname and MAIL_ADDRESS):
    raise ImproperlyConfigured(
        "LUOSHI_MAIL_SMTP is smtps://user@host or smtp://user@host, and needs LUOSHI_MAIL_FROM"
    )
EMAIL_HOST = _smtp.hostname or ""
EMAIL_USE_SSL = _smtp.scheme == "smtps"
EMAIL_USE_TLS = _smtp.scheme == "smtp" and EMAIL_HOST not in {"localhost", "127.0.0.1", "::1"}
EMAIL_PORT = _smtp.port or (465 if EMAIL_USE_SSL else 587 if EMAIL_USE_TLS else 25)
EMAIL_HOST_USER = unquote(_smtp.username or "")
EMAIL_HOST_PASSWORD = _secret("LUOSHI_MAIL_SMTP_PASSWORD", "mail-smtp") or MAIL_PASSWORD
EMAIL_TIMEOUT = 10
EMAIL_BACKEND = "luoshi.doors.mail.tls.Backend"
MAIL_CA = os.environ.get("LUOSHI_MAIL_CA", "")
if MAIL_CA:
    try:
        ssl.create_default_context(cafile=MAIL_CA)
    except OSError as error:  # not there, or no certificate in it
        raise ImproperlyConfigured("LUOSHI_MAIL_CA names no file of certificates") from error
DEFAULT_FROM_EMAIL = MAIL_ADDRESS

# ---- The work that follows an event; lower floors know no door, so names are passed in here ----
DELIVERY_HANDLERS: dict[str, str] = {  # name -> dotted path of handler(ref, *, delivery_id, now)
    "sms.notice": "luoshi.doors.sms.notices.notice",
    "mail.notice": "luoshi.doors.mail.notices.notice",
    "mail.tasks": "luoshi.doors.mail.tasks.tell",
    "mail.task": "luoshi.doors.mail.tasks.task",
    "erase.files": "luoshi.cases.erasure.remove_files",
}
# Dotted paths of step(now) -> int, run in every round of the worker.
WORKER_STEPS: list[str] = [
    "luoshi.cases.actions.tick_due",
    "luoshi.cases.storms.carry_out",
    "luoshi.infra.chores.step",
    "luoshi.publication.actions.run_clock",
    "luoshi.doors.mail.poll.step",
    "luoshi.doors.sheets.working.step",
]
CHORES: dict[str, str] = {  # name -> dotted path of work(cursor, *, now) -> Piece, once a night
    "check.cases": "luoshi.cases.nightly.cases",
    "check.strays": "luoshi.cases.nightly.strays",
    "check.leaves": "luoshi.cases.nightly.leaves",
    "check.erased": "luoshi.cases.erasure.nightly",
    "expectations": "luoshi.expectations.actions.nightly",
    "check.search": "luoshi.cases.search.index.heal",
    "check.notices": "luoshi.publication.check.nightly",
    "learn.suggestions": "luoshi.cases.suggest.training.train",
    "purge.sessions": "luoshi.infra.sessions.purge",
    "purge.stamps": "luoshi.infra.kept.purge",
    "purge.inbound": "luoshi.doors.sms.purge.purge",
    "purge.mail": "luoshi.doors.mail.purge.purge",
    "purge.sheets": "luoshi.doors.sheets.working.purge",
}
REPORTER_HANDLERS: dict[str, tuple[str, ...]] = dict.fromkeys(  # event kind -> once per reporter
    (
        "received",
        "joined",
        "merged",
        "answered",
        "declined",
        "assigned",
        "extension_decided",
        "asked",
        "contacted",
        "verified",
        "deferred",
        "closed",
        "reopened",
    ),
    ("sms.notice", "mail.notice") if MAIL_OUT else ("sms.notice",),
)
OWNER_HANDLERS: dict[str, tuple[str, ...]] = dict.fromkeys(  # event kind -> once, for the owner
    (
        "assigned",
        "transferred",
        "ruled",
        "acknowledged",
        "handed_over",
        "verified",
        "verdict_given",
        "reopened",
        "resumed",
        "unmerged",
        "merged",
        "escalated",
        "missed",
    ),
    ("mail.tasks",) if MAIL_OUT else (),
)
# Called with the id of a text that is being erased, in the transaction of the erasure.
ERASURE_HOOKS: list[str] = [
    "luoshi.cases.search.index.forget",
    "luoshi.cases.erasure.replies",
    "luoshi.cases.erasure.phones",
    "luoshi.doors.mail.threads.forget",
]
# Dotted paths of used(names) -> set: which of these stored files belong to something beside the
# cases, since equal pictures share one file.
FILE_OWNERS: list[str] = ["luoshi.expectations.queries.files_among"]
# Kept in memory until a row changes; by table the columns whose update counts ("": all do).
KEPT_TABLES = {
    "registry_district": "",
    "registry_area": "",
    "registry_areacode": "",
    "registry_alias": "",
    "registry_unit": "",
    "registry_person": (  # all but the time of the last sign-in
        "username, password, name, email, language, is_active, is_staff, is_superuser, absent_until"
    ),
    "registry_roleassignment": "",
    "registry_subject": "",
    "registry_duty": "",
    "registry_holiday": "",
    "registry_calendaryear": "",
    "registry_termrule": "",
    "cases_category": "",
    "cases_answer": "",
    "cases_learned": "",
    "cases_stormorder": "",
}
# Database triggers forbid UPDATE and DELETE on these.
APPEND_ONLY_TABLES: list[str] = [
    "cases_caseevent",
    "trust_logleaf",
    "trust_revealrecord",
    "trust_erasure",
    "publication_entry",
    "expectations_version",
    "expectations_check",
    "expectations_answer",
    "expectations_finding",
    "expectations_figure",
    "expectations_record",
    "expectations_proof",
]

# ---- The loop ----
RAISED_PERCENT = 10  # published share of paper verifications that is raised to a site visit
SAMPLE_PERCENT = 10  # published share of desk answers and refusals that somebody else checks
LONGEST_DEFERRAL_DAYS = 90  # a review of a deferred case lies no further ahead
NEXT_CHECK = "luoshi.expectations.queries.next_check"  # (case, check, now) -> met, unmet, ...
# A subject is a point here and an estate in life; telephones in China may give a place that is
# shifted by some 500 metres (GCJ-02).
PICTURE_METRES = int(os.environ.get("LUOSHI_PICTURE_METRES", "1000"))
PICTURE_CLOCK_MINUTES = int(os.environ.get("LUOSHI_PICTURE_MINUTES", "60"))
RECURRENCE_DAYS = 90  # the same subject and category again within these days reopens the case

# ---- The log ----
# Dotted paths of owned(ids) -> set: which of these leaves belong to something beside the cases.
LEAF_OWNERS: list[str] = ["luoshi.publication.check.leaves_among"]

# ---- Notices and bulletins ----
# Dotted paths of sequences of publication.tokens.Token: the figures that a bulletin may name.
BULLETIN_TOKENS: list[str] = [
    "luoshi.publication.figures.TOKENS",
    "luoshi.packs.tokens.TOKENS",
]

# Folders of packs that a district adds to the built-in ones, separated by commas.
PACK_FOLDERS = [Path(folder) for folder in _words("LUOSHI_PACKS")]

# ---- Text messages ----
LUOSHI_PUBLIC_URL = os.environ.get("LUOSHI_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
SMS_SENDER = os.environ.get("LUOSHI_SMS_SENDER", "console")
SMS_OUT = SMS_SENDER != "console"  # which only prints, for trying out
SMS_INBOUND_DAYS = 30  # then nobody delivers a message again, and its mark may go
SMS_URL = os.environ.get("LUOSHI_SMS_URL", "")
SMS_SECRET = (
    os.environ.get("LUOSHI_SMS_SECRET") or keyfile.read_or_create(LUOSHI_VAR / "keys" / "sms").hex()
)

# ---- Spreadsheets ----
SHEET_DAYS = 30  # then the rows of an import that could not be taken are gone

# ---- Pages ----
CONTEXT_PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
    "luoshi.web.page.page",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [
            *sorted(PACKAGE.glob("**/templates")),
            Path(django.forms.__file__).parent / "jinja2",
        ],
        "OPTIONS": {
            "environment": "luoshi.web.jinja.environment",
            "context_processors": CONTEXT_PROCESSORS,
        },
    },
    {  # the admin brings Django templates and is the only one to use them
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [
            Path(django.contrib.admin.__file__).parent / "templates",
            Path(django.forms.__file__).parent / "templates",  # its widgets include these
        ],
        "OPTIONS": {"context_processors": CONTEXT_PROCESSORS},
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
STATIC_URL = "static/"
# No collectstatic step and no second copy on disk: files are served from where the apps keep them.
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600

# ---- What the operator reads ----
# Errors go to standard error. Nothing else of a request is written down: paths hold one-time links.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"django.request": {"level": "ERROR"}, "django.security": {"level": "ERROR"}},
}

# ---- Language and time ----
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# ---- Sign-in: staff only, by name, password and TOTP ----
AUTH_USER_MODEL = "registry.Person"
# One backend: with Django's own beside it, every wrong guess would be hashed twice.
AUTHENTICATION_BACKENDS = ["luoshi.registry.auth.Backend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": name}
    for name in (
        "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "luoshi.web.signin.passwords.LongEnough",
        "django.contrib.auth.password_validation.CommonPasswordValidator",
        "django.contrib.auth.password_validation.NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "staff_home"
ACCOUNT_ADAPTER = "luoshi.web.signin.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False  # ends with the browser: office machines are shared
ACCOUNT_RATE_LIMITS = {"login_failed": "20/m/ip,5/5m/key,50/d/key"}
MFA_ADAPTER = "luoshi.web.signin.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = _("Luoshi")
MFA_TOTP_TOLERANCE = 1  # one step of 30 seconds, for clocks that run slow or fast

# ---- Transport ----
LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = _words("LUOSHI_HOSTS", ",".join(LOOPBACK))
CSRF_TRUSTED_ORIGINS = _words("LUOSHI_ORIGINS")
HTTPS = _flag("LUOSHI_HTTPS", default=not set(ALLOWED_HOSTS) <= set(LOOPBACK))
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 12 * 3600
SECURE_SSL_REDIRECT = HTTPS
REQUIRE_TOTP = _flag("LUOSHI_TOTP", default=HTTPS)
SECURE_HSTS_SECONDS = int(os.environ.get("LUOSHI_HSTS", "0"))
SECURE_REFERRER_POLICY = "same-origin"
BEHIND_PROXY = _flag("LUOSHI_PROXY")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
ALLAUTH_TRUSTED_PROXY_COUNT = int(BEHIND_PROXY)
X_FRAME_OPTIONS = "DENY"
