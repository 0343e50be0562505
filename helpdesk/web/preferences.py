"""Language and size of text: kept on the device, in a cookie, for whoever has no account too."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from accounts.guard import public
from accounts.rules.back import local_path
from core.errors import NotFound
from core.i18n import COOKIE, LOCALES
from core.pages.frame import SIZES, TEXT_COOKIE
from core.pages.http import secure

blueprint = Blueprint("preferences", __name__)
A_YEAR = 365 * 24 * 3600


def _back() -> str:
    return local_path(request.args.get("next")) or "/"


def _keep(name: str, value: str) -> BaseResponse:
    answer = make_response(redirect(_back()))
    answer.set_cookie(name, value, max_age=A_YEAR, samesite="Lax", secure=secure())
    return answer


@blueprint.get("/bahasa/<code>")
@public
def language(code: str) -> BaseResponse:
    if code not in LOCALES:
        raise NotFound()
    return _keep(COOKIE, code)


@blueprint.get("/tulisan/<size>")
@public
def text_size(size: str) -> BaseResponse:
    if size not in SIZES:
        raise NotFound()
    return _keep(TEXT_COOKIE, size)
