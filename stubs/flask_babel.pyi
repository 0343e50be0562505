# What we use of Flask-Babel, which brings no types of its own.
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from babel import Locale
from babel.support import NullTranslations
from flask import Flask

class LazyString:
    def __str__(self) -> str: ...

class Babel:
    def __init__(self, app: Flask | None = None) -> None: ...
    def init_app(
        self,
        app: Flask,
        *,
        default_translation_directories: str = ...,
        locale_selector: Callable[[], str | None] | None = ...,
        timezone_selector: Callable[[], str | None] | None = ...,
        **options: Any,
    ) -> None: ...

def get_translations() -> NullTranslations: ...
def lazy_gettext(string: str, **variables: object) -> Any: ...
def get_locale() -> Locale | None: ...
def force_locale(locale: str | Locale) -> AbstractContextManager[None]: ...
def refresh() -> None: ...
