"""Settings of the site: nothing that the two operations do not need."""

from sqlalchemy import make_url

from bench.peers.duties import DATABASE_URL

_url = make_url(DATABASE_URL)
_asked = {key: str(value) for key, value in _url.query.items()}

SECRET_KEY = "of no use here"
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "bench.peers.django_site.urls"
INSTALLED_APPS = ["bench.peers.django_site", "rest_framework"]
MIDDLEWARE = [
    "bench.peers.django_site.middleware.surrounding",
    "django.middleware.common.CommonMiddleware",
]
USE_TZ = True
TIME_ZONE = "UTC"
LOGGING_CONFIG = None
APPEND_SLASH = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _url.database,
        "USER": _url.username or "",
        "PASSWORD": _url.password or "",
        "HOST": _url.host or _asked.get("host", ""),
        "PORT": str(_url.port or _asked.get("port", "")),
        "CONN_MAX_AGE": None,
        "OPTIONS": {"options": "-c statement_timeout=5000 -c lock_timeout=2000 -c jit=off"},
    }
}
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["bench.peers.django_site.access.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["bench.peers.django_site.access.Allowed"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "UNAUTHENTICATED_USER": None,
}
