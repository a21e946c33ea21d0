"""All settings, read from the environment. `docs/operations.md` lists the variables.

Without any variable the project runs on one machine with nothing but Python: SQLite and a broker
of files, both below `var/`. With `GONGZHI_ENV=production` an unsafe setting stops the start.
"""

from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config.logs import logging_config
from config.own_apps import OWN_APPS
from config.schedule import SCHEDULE

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
if (BASE_DIR / ".env").is_file():
    env.read_env(BASE_DIR / ".env")

VAR_DIR = Path(env("GONGZHI_VAR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)

# -- Where we run ------------------------------------------------------------------------------
DEVELOPMENT_SECRET = "for-development-only-never-in-production"  # noqa: S105 -- refused below
PRODUCTION = env("GONGZHI_ENV", default="development") == "production"
SECRET_KEY = env("SECRET_KEY", default=DEVELOPMENT_SECRET)
# Earlier secrets: sessions, links, and what devices have sealed under them still open.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["*"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# -- Apps --------------------------------------------------------------------------------------
INSTALLED_APPS = [
    *OWN_APPS,
    "organizations.admin_app.LookUpAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "django_prometheus",
    "django_structlog",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
    "tree_queries",
]

MIDDLEWARE = [
    "config.probes.probe_middleware",
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "config.body_size.body_size_middleware",
    "config.no_nul.no_nul_middleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "organizations.middleware.Sessions",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.idle.idle_middleware",
    "django_otp.middleware.OTPMiddleware",
    "config.request_log.RequestLog",
    "django.contrib.messages.middleware.MessageMiddleware",
    "organizations.middleware.SessionRules",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
# Widgets are drawn with our templates first: see templates/django/.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.shell.shell",
            ],
        },
    },
]

# -- Database ----------------------------------------------------------------------------------
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'gongzhi.sqlite3'}")
}
SQLITE = DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"
if SQLITE:
    # Write-ahead logging is stored in the file and set once by `manage.py serve`: asked for in
    # `init_command`, processes that open a fresh file together get "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# -- Celery ------------------------------------------------------------------------------------
BROKER_DIR = VAR_DIR / "broker"
CELERY_BROKER_URL = env("CELERY_BROKER_URL", default="filesystem://localhost/")
FILE_BROKER = CELERY_BROKER_URL.startswith("filesystem:")
if FILE_BROKER:
    for folder in ("queue", "control"):
        (BROKER_DIR / folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
        "data_folder_in": str(BROKER_DIR / "queue"),
        "data_folder_out": str(BROKER_DIR / "queue"),
        "control_folder": str(BROKER_DIR / "control"),
        "polling_interval": 0.1,
    }
else:
    # Longer than the longest task: what a dead worker held comes back after this many seconds.
    CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 900}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 600
# One message ahead would make a polling worker sleep between any two tasks.
CELERY_WORKER_PREFETCH_MULTIPLIER = 4 if FILE_BROKER else 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULER = "config.worker:SigningScheduler"
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_BEAT_SCHEDULE = SCHEDULE

# -- Cache: shared when there is a server for it ------------------------------------------------
CACHE_URL = env("CACHE_URL", default=CELERY_BROKER_URL if "redis" in CELERY_BROKER_URL else "")
CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": CACHE_URL}
    if CACHE_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

# -- Language and time -------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
FILTERS_EMPTY_CHOICE_LABEL = _("any")
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# -- Files -------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"] if (BASE_DIR / "static").is_dir() else []
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "config.npm.NpmFinder",
]
NODE_MODULES = BASE_DIR / "node_modules"
NPM_FILES = [  # {% static "npm/…" %}
    "@tabler/core/dist/css/tabler.min.css",
    "@tabler/icons/tabler-nodes-outline.json",  # drawn into the page by lib.icons
    "echarts/dist/echarts.min.js",
    "leaflet/dist/leaflet.css",
    "leaflet/dist/leaflet.js",
    "leaflet/dist/images/layers.png",
    "leaflet/dist/images/layers-2x.png",
    "leaflet/dist/images/marker-icon.png",
    "leaflet.markercluster/dist/leaflet.markercluster.js",
]
PDF_FONT = NODE_MODULES / "@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf"
PDF_FONT_BOLD = NODE_MODULES / "@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf"
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env("MEDIA_ROOT", default=str(VAR_DIR / "media")))
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
LARGEST_REQUEST = 160 * 1024 * 1024  # ten photos of 15 MB, and what is said about them

# -- Who signs in ------------------------------------------------------------------------------
AUTH_USER_MODEL = "organizations.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
LOGIN_URL = "organizations:sign_in"
LOGIN_REDIRECT_URL = "/workbench/"
LOGOUT_REDIRECT_URL = "/"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "organizations.services.passwords.NotTheLastOne"},
    {"NAME": "config.passwords.SeveralKindsValidator"},
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_LOCKOUT_CALLABLE = "organizations.views.sign_in.locked_out"
AXES_CLIENT_IP_CALLABLE = "organizations.http.address_of"
AXES_VERBOSE = False
# Days until a password must be changed; 0 = never.
PASSWORD_DAYS = env.int("PASSWORD_DAYS", default=90 if PRODUCTION else 0)
# The three administrators need a second factor.
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", default=PRODUCTION)
# A new sign-in ends the sessions that the person has elsewhere.
ONE_SESSION = env.bool("ONE_SESSION", default=False)

# -- Security ----------------------------------------------------------------------------------
# Without any request for this long the session ends (graded protection asks for 10 to 30 minutes).
SESSION_COOKIE_AGE = env.int("SESSION_IDLE_SECONDS", default=30 * 60 if PRODUCTION else 2 * 60 * 60)
SESSION_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
HTTPS = env.bool("HTTPS", default=PRODUCTION)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
# The portal is one name of a city's domain; what stands on the names below it is not ours to bind.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# Sites that may show a consultation in a frame ("https://www.dg.gov.cn …"); "*": any.
EMBED_ANCESTORS = env.list("EMBED_ANCESTORS", default=["*"])

# The header in which the proxy names the client ("HTTP_X_FORWARDED_FOR"); empty: there is none.
CLIENT_ADDRESS_HEADER = env("CLIENT_ADDRESS_HEADER", default="")

# -- API ---------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "organizations.api.BearerAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "EXCEPTION_HANDLER": "lib.api.answer_exception",
    "DEFAULT_PAGINATION_CLASS": "lib.api.KeysetPagination",
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {"anon": "60/min", "user": "6000/min"},
    "NUM_PROXIES": 1 if CLIENT_ADDRESS_HEADER else 0,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Gongzhi",
    "DESCRIPTION": "Cases of a city's communities: report, follow, move.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "BucketEnum": "funding.models.Bucket",
        "TimeUnit": "routing.models.catalogue.Unit",
        "CaseState": "cases.workflow.State",
        "TaskState": "cases.models.TaskState",
        "TaskKind": "cases.models.Task.Kind",
        "PhotoKind": "cases.models.Photo.Kind",
        "WhistleKind": "cases.models.Whistle.Kind",
        "ConsultationState": "consultation.workflow.State",
        "StageState": "consultation.workflow.StageState",
        "CommitmentState": "consultation.commitment_workflow.State",
        "ProjectCallState": "consultation.project_workflow.CallState",
        "IdeaState": "consultation.project_workflow.IdeaState",
        "OpinionState": "consultation.opinion_workflow.OpinionState",
        "MeetingState": "committee.workflow.MeetingState",
        "BallotState": "committee.workflow.BallotState",
        "AgendaOutcome": "committee.workflow.Outcome",
        "OpinionOutcome": "consultation.models.opinions.Outcome",
        "DirectiveState": "committee.workflow.DirectiveState",
        "NewOrganisationKind": "committee.models.NewOrganisation.Kind",
    },
}

# -- Mail --------------------------------------------------------------------------------------
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="gongzhi@localhost")
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=15)  # seconds
# Where links in messages lead: the address under which people open the site.
SITE_URL = env("SITE_URL", default="http://localhost:8000")
# Text messages and WeChat: by HTTP where there is an address, else JSON lines in a file.
GATEWAYS = {
    "sms": {"url": env("SMS_URL", default=""), "secret": env("SMS_SECRET", default="")},
    "wechat": {"url": env("WECHAT_URL", default=""), "secret": env("WECHAT_SECRET", default="")},
}
GATEWAY_TIMEOUT = env.float("GATEWAY_TIMEOUT", default=10.0)  # seconds
GATEWAY_FOLDER = VAR_DIR / "messages"

# -- First start: the commands that load its data, in this order -------------------------------
FIRST_START = env.list(
    "FIRST_START", default=[] if PRODUCTION else ["load_reference_data", "load_demo"]
)

# -- Logs and figures --------------------------------------------------------------------------
DJANGO_STRUCTLOG_CELERY_ENABLED = True
METRICS_TOKEN = env("METRICS_TOKEN", default="")
LOGGING = logging_config(as_json=PRODUCTION, level=env("LOG_LEVEL", default="INFO"))

# -- What the pages say of their house --------------------------------------------------------
SITE = {
    "name": env("SITE_NAME", default=""),
    "place": env("SITE_PLACE", default=""),
    "organiser": env("SITE_ORGANISER", default=""),
    "contact": env("SITE_CONTACT", default=""),
    "site_code": env("SITE_CODE", default=""),
    "icp": env("SITE_ICP", default=""),
    "police_record": env("SITE_POLICE_RECORD", default=""),
    "note": env("SITE_NOTE", default=""),
    # "https://…/{z}/{x}/{y}.png"; without it maps are drawn from our own outlines alone.
    "tiles": env("MAP_TILES", default=""),
    "tiles_source": env("MAP_TILES_SOURCE", default=""),
}

if SITE["tiles"]:
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["img-src"].append("/".join(SITE["tiles"].split("/")[:3]))

# -- What production must not do ---------------------------------------------------------------
if PRODUCTION:
    if SECRET_KEY == DEVELOPMENT_SECRET or len(SECRET_KEY) < 32:
        raise ImproperlyConfigured("Set SECRET_KEY to at least 32 random characters.")
    if DEBUG:
        raise ImproperlyConfigured("Unset DEBUG: it shows settings and code to strangers.")
    if SQLITE:
        raise ImproperlyConfigured("Set DATABASE_URL to a PostgreSQL database.")
    if FILE_BROKER:
        raise ImproperlyConfigured(
            "Set CELERY_BROKER_URL to a Redis server: several machines cannot share files."
        )
    if any(gateway["url"] and not gateway["secret"] for gateway in GATEWAYS.values()):
        raise ImproperlyConfigured("Set the secret of each message gateway that has an address.")
    if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
        raise ImproperlyConfigured("Set ALLOWED_HOSTS to the names under which the site is seen.")
