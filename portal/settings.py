"""All settings, read from the environment (see docs/operations.md). Nothing here starts a service."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from portal import env
from portal.unfold import UNFOLD  # noqa: F401 (a setting)

BASE_DIR = Path(__file__).resolve().parent.parent
_ENV = env.current()

DEBUG = _ENV.flag("DEBUG")
SECRET_KEY = _ENV.secret("SECRET_KEY")
PORTAL_URL = _ENV.base_url("PORTAL_URL")
PORTAL_DEMO = _ENV.flag("PORTAL_DEMO")
PORTAL_HTTPS = PORTAL_URL.startswith("https://")
VAR_DIR = Path(_ENV.text("PORTAL_VAR", default=str(BASE_DIR / "var"))).resolve()

ALLOWED_HOSTS = _ENV.words("ALLOWED_HOSTS", default="localhost,127.0.0.1,[::1]" if DEBUG or not PORTAL_HTTPS else "")
if not ALLOWED_HOSTS:
    raise env.ImproperlyConfigured("ALLOWED_HOSTS: expected the portal's host names, separated by commas.")
CSRF_TRUSTED_ORIGINS = [PORTAL_URL]

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "portal.admin_config.BureauAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "guardian",
    "pgtrigger",
    "pghistory",
    "django_htmx",
    "django_tables2",
    "districts",
    "reporting",
    "portal",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "portal.content_security.ContentSecurityPolicyMiddleware",
    "portal.methods.KnownMethodsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # after WhiteNoise, whose files are compressed already
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.languages.PersonLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pghistory.middleware.HistoryMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.portal",
            ],
        },
    },
]

DATABASES = {"default": _ENV.database("DATABASE_URL") | {"ATOMIC_REQUESTS": False}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Sessions, rate limits and the cache live in the database, so that every page works while Redis is stopped.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "portal_cache"}}

REDIS_URL, CELERY_BROKER_URL = _ENV.redis("REDIS_URL")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 90
CELERY_VISIBILITY_TIMEOUT = 600
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": CELERY_VISIBILITY_TIMEOUT,
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
    # Whoever rings does not wait and try again for seconds inside a person's request; workers have their own retries.
    "max_retries": 0,
}
CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS = {"visibility_timeout": CELERY_VISIBILITY_TIMEOUT}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True

# How long a process keeps a published definition; the wording of an indicator may be this much behind.
QUESTIONNAIRE_SECONDS = 30

AUTH_USER_MODEL = "districts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend", "districts.backends.DistrictPermissionBackend"]
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]  # asks for guardian's own backend; ours extends it
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS[1]["OPTIONS"] = {"min_length": 10}  # type: ignore[assignment]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "districts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/h/key",
}
GUARDIAN_MONKEY_PATCH_USER = False
ANONYMOUS_USER_NAME = None

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "portal.formats"
USE_TZ = True
TIME_ZONE = _ENV.zone("PORTAL_TIME_ZONE", default="Asia/Shanghai")

STATIC_URL = "/static/"
STATIC_ROOT: Path | None = VAR_DIR / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        # Readable by a proxy in the portal's group, and by nobody else.
        "OPTIONS": {"location": VAR_DIR / "files", "file_permissions_mode": 0o640, "directory_permissions_mode": 0o750},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

globals().update(_ENV.mail("EMAIL_URL", default="console://" if DEBUG else None))
DEFAULT_FROM_EMAIL = _ENV.sender("MAIL_FROM", default="District Reporting Portal <portal@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PORTAL_HTTPS
SECURE_SSL_REDIRECT = PORTAL_HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if PORTAL_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PORTAL_HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _ENV.flag("BEHIND_PROXY") else None
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
SCAN_MAX_BYTES = _ENV.integer("SCAN_MAX_MB", default=10, minimum=1, maximum=50) * 1024 * 1024
ARCHIVE_MAX_BYTES = _ENV.integer("ARCHIVE_MAX_MB", default=50, minimum=1, maximum=50) * 1024 * 1024
WORKBOOK_MAX_BYTES = _ENV.integer("WORKBOOK_MAX_MB", default=5, minimum=1, maximum=10) * 1024 * 1024
FILE_MAX_BYTES = _ENV.integer("FILE_MAX_MB", default=20, minimum=1, maximum=50) * 1024 * 1024
REPORT_FILES_MAX_BYTES = _ENV.integer("REPORT_FILES_MAX_MB", default=100, minimum=1, maximum=5000) * 1024 * 1024
FILES_ACCEL_PREFIX = _ENV.folder_url("FILES_ACCEL_PREFIX")
FILE_SCANNER = _ENV.command("FILE_SCANNER")
FILE_SCANNER_SECONDS = 25
TASK_SOON_DAYS = _ENV.integer("TASK_SOON_DAYS", default=14, minimum=0, maximum=366)
TASK_BEHIND_POINTS = _ENV.integer("TASK_BEHIND_POINTS", default=20, minimum=1, maximum=100)
DISCLOSURE_DOMINANCE = _ENV.integer("DISCLOSURE_DOMINANCE", default=85, minimum=50, maximum=100)
DISCLOSURE_MARGIN = _ENV.integer("DISCLOSURE_MARGIN", default=10, minimum=0, maximum=100)
TARGET_SCHEDULE_POINTS = _ENV.integer("TARGET_SCHEDULE_POINTS", default=10, minimum=1, maximum=100)
TARGET_GAP_POINTS = _ENV.integer("TARGET_GAP_POINTS", default=1, minimum=1, maximum=100)
TARGET_STOCK_PERCENT = _ENV.integer("TARGET_STOCK_PERCENT", default=10, minimum=1, maximum=100)
TARGET_SEASON_YEARS = _ENV.integer("TARGET_SEASON_YEARS", default=3, minimum=1, maximum=10)
SYMPOSIUM_SCALE_PERCENT = _ENV.integer("SYMPOSIUM_SCALE_PERCENT", default=50, minimum=1, maximum=100)
DEFINITION_MAX_BYTES = 1024 * 1024
FILE_UPLOAD_HANDLERS = ["portal.uploads.BoundedUploadHandler"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": _ENV.level("LOG_LEVEL", default="INFO")},
}
