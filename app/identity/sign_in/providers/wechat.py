"""Sign-in of a WeChat mini-program (code2session).

The mini-program gets a code by ``wx.login``; WeChat tells us for whom. The secret goes in the query
because WeChat wants it there, and never into a log. The session key is not kept.
"""

from app.identity.sign_in.providers.calling import Line, is_safe
from app.identity.sign_in.providers.protocol import NotVouched, NoWord, Shown, Visit
from app.settings.section import ConfigRefused, Section

USUAL = "https://api.weixin.qq.com"
PATH = "/sns/jscode2session"
NOBODY = frozenset({40029, 40163, 40226, 41008})  # no such code, used, blocked user, missing
KEYS = ("kind", "app_id", "secret_env", "url")


class WeChat:
    """One mini-program."""

    visited = False

    def __init__(self, url: str, app_id: str, secret: str) -> None:
        """Ask as a mini-program."""
        self._url, self._app_id, self._secret = url, app_id, secret
        self._line = Line()

    def going_to(self, visit: Visit) -> str:  # noqa: ARG002  nobody is sent
        """Send nobody: the mini-program has its code from ``wx.login``."""
        raise NotVouched

    def who(self, shown: Shown) -> str:
        """Return the openid, which is of this mini-program alone."""
        query = {
            "appid": self._app_id,
            "secret": self._secret,
            "js_code": shown.code,
            "grant_type": "authorization_code",
        }
        status, content = self._line.get(self._url + PATH, query)
        if status != 200 or not isinstance(content, dict):
            raise NoWord(f"it answers {status}")
        fault = content.get("errcode", 0)
        if fault in NOBODY:
            raise NotVouched
        openid = content.get("openid")
        if fault or not isinstance(openid, str) or not 0 < len(openid) <= 128:
            raise NoWord(f"errcode {fault}" if isinstance(fault, int) else "no openid")
        return f"{self._app_id}:{openid}"


def configured(section: Section) -> WeChat:
    """Return the mini-program that a section describes.

    Raises:
        ConfigRefused: a setting is missing, unknown or unsafe.
    """
    section.only(*KEYS)
    url = section.text("url", USUAL).rstrip("/")
    if not is_safe(url):
        raise ConfigRefused(f"{section.title}.url must begin with https://")
    return WeChat(url, section.text("app_id"), section.secret("secret_env"))
