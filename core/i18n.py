"""Indonesian first, English beside it; dates and lengths of time as people say them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal
from babel.support import NullTranslations
from flask import Flask, current_app, g, has_request_context, request
from flask_babel import Babel, force_locale, get_locale, get_translations, lazy_gettext

LOCALES = ("id", "en")
DEFAULT = "id"
COOKIE = "bahasa"

babel = Babel()
_catalogues: dict[str, NullTranslations] = {}
_decimal = lru_cache(maxsize=1024)(format_decimal)  # pages say the same few numbers
preference: list[Callable[[], str | None]] = []  # accounts says what a person chose


def _choose() -> str:
    usual = str(current_app.config["BABEL_DEFAULT_LOCALE"])
    if not has_request_context():
        return usual
    chosen = request.cookies.get(COOKIE)
    for ask in preference:
        chosen = chosen or ask()
    return chosen if chosen in LOCALES else usual


def init(app: Flask) -> None:
    app.config.setdefault("BABEL_DEFAULT_LOCALE", DEFAULT)
    app.config.setdefault("BABEL_DEFAULT_TIMEZONE", "UTC")
    babel.init_app(
        app,
        locale_selector=_choose,
        default_translation_directories=app.root_path + "/translations",
    )
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda one: _catalogue().ugettext(one),
        lambda one, many, n: _catalogue().ungettext(one, many, n),
        newstyle=True,
    )
    app.jinja_env.globals["_"] = app.jinja_env.globals["gettext"]  # not looked up at every word


def _catalogue() -> NullTranslations:
    """The words of this request's language."""
    locale = _locale()
    if locale is None:
        return NullTranslations()
    found = _catalogues.get(locale.language)
    if found is None:
        found = _catalogues[locale.language] = get_translations()
    return found


def _locale() -> Locale | None:
    """This request's, read where flask_babel keeps it: a page asks hundreds of times."""
    try:
        known: Locale | None = g._flask_babel.babel_locale
    except (AttributeError, RuntimeError):  # not asked for yet, or outside of any request
        known = None
    return known or get_locale()


def gettext(text: str, **values: object) -> str:
    """The text in the language of the request, with its values put in."""
    words: str = _catalogue().ugettext(text)
    return words % values if values else words


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """As `gettext`, by number; the number itself is `%(num)d`."""
    words: str = _catalogue().ungettext(one, many, num)
    return words % {"num": num, **values}


def zone() -> ZoneInfo:
    """The office's time zone, in which people read dates."""
    return ZoneInfo(current_app.config.get("TIMEZONE", "Asia/Jakarta"))


def local(at: datetime) -> datetime:
    return at.astimezone(zone())


def _language() -> str:
    locale = _locale()
    return locale.language if locale else DEFAULT


@lru_cache(maxsize=1024)
def _date(day: date, pattern: str, language: str) -> str:
    """Lists say the same few days again and again."""
    return format_date(day, pattern, locale=language)


def day_words(at: datetime) -> str:
    """Senin, 7 Desember 2026."""
    return _date(local(at).date(), "EEEE, d MMMM y", _language())


def date_words(day: date) -> str:
    """7 Desember 2026."""
    return _date(day, "d MMMM y", _language())


def month_words(day: date) -> str:
    """Desember."""
    return _date(day, "LLLL", _language())


def number_words(value: float) -> str:
    """1.000 and 1,4 in Indonesian, 1,000 and 1.4 in English; one digit after the comma at most."""
    return str(_decimal(value, format="#,##0.#", locale=_language()))


def time_words(at: datetime) -> str:
    """16.00 in Indonesian, 16:00 in English."""
    here = local(at)
    return f"{here.hour:02}{'.' if _language() == 'id' else ':'}{here.minute:02}"


def moment_words(at: datetime) -> str:
    """Senin, 7 Desember 2026 pukul 16.00."""
    return gettext("%(day)s at %(time)s", day=day_words(at), time=time_words(at))


def near_words(at: datetime, now: datetime) -> str:
    """As `moment_words`, with today, tomorrow or yesterday said first and the year left out
    where it is this one."""
    here, today = local(at), local(now)
    pattern = "EEEE d MMMM" if here.year == today.year else "EEEE, d MMMM y"
    day = _date(here.date(), pattern, _language())
    near = _near_day((here.date() - today.date()).days)
    if near:
        day = f"{near}, {day}"
    return gettext("%(day)s, at %(time)s", day=day, time=time_words(at))


def short_words(at: datetime, now: datetime) -> str:
    """For lists: the time today, else the day: 10.12, kemarin, 11 Nov."""
    here, today = local(at), local(now)
    if here.date() == today.date():
        return time_words(at)
    if (today.date() - here.date()).days == 1:
        return gettext("yesterday")
    pattern = "d MMM" if here.year == today.year else "d MMM y"
    return _date(here.date(), pattern, _language())


def compact_words(at: datetime, now: datetime) -> str:
    """For narrow places: hari ini 10.12, besok 16.00, Sen 16 Nov 16.00, Jum 3 Jan 2025 16.00."""
    here, today = local(at), local(now)
    pattern = "EEE d MMM" if here.year == today.year else "EEE d MMM y"
    day = _near_day((here.date() - today.date()).days)
    return f"{day or _date(here.date(), pattern, _language())} {time_words(at)}"


def _near_day(distance: int) -> str:
    if distance == 0:
        return gettext("today")
    return {1: gettext("tomorrow"), -1: gettext("yesterday")}.get(distance, "")


def span_words(span: timedelta) -> str:
    """A length of time in its two largest parts, whole minutes, floored: 2 jam 10 menit."""
    minutes = int(abs(span).total_seconds() // 60)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    parts = []
    if days:
        parts.append(ngettext("%(num)d day", "%(num)d days", days))
    if hours:
        parts.append(ngettext("%(num)d hour", "%(num)d hours", hours))
    if minutes and not days:
        parts.append(ngettext("%(num)d minute", "%(num)d minutes", minutes))
    if not parts:
        return gettext("less than a minute")
    return " ".join(parts[:2])


def hours_words(span: timedelta) -> str:
    """A length of office time: 31 jam 20 menit. Never in days, since an office's day has no
    twenty-four hours."""
    hours, minutes = divmod(int(abs(span).total_seconds() // 60), 60)
    parts = [ngettext("%(num)d hour", "%(num)d hours", hours)] if hours else []
    if minutes:
        parts.append(ngettext("%(num)d minute", "%(num)d minutes", minutes))
    return " ".join(parts) or gettext("less than a minute")


__all__ = ["force_locale", "gettext", "lazy_gettext", "local", "moment_words", "ngettext"]
