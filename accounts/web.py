"""Signing in and out, and one's own account."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from accounts import cookies, frame, login, marks, sessions, throttle, who
from accounts.guard import public, signed_in
from accounts.labels import form_too_old
from accounts.login import WrongPassword
from accounts.rules.access import is_staff
from accounts.rules.back import local_path
from accounts.rules.device import device_words
from core import clock
from core.database import transaction
from core.errors import Invalid, TooMany
from core.i18n import gettext, near_words
from core.pages.callers import one_line
from core.pages.http import keeps_text, stale

blueprint = Blueprint("accounts", __name__)

# Wrong ones in five minutes, over all accounts, from unknown devices: from one address (twenty
# times what one person mistypes, for a whole office stands behind one), and from everywhere.
LOGINS_PER_ADDRESS = 100
ALL_LOGINS = 1000


@blueprint.get("/masuk")
@public
def login_form() -> str | Response:
    back = local_path(request.args.get("next"))
    person = who.current_user()
    if person is not None:
        return redirect(back or frame.landing(person.roles))
    return _login_page("", back, {})


@blueprint.post("/masuk")
@public
@keeps_text
def sign_in() -> Response | tuple[str, int] | tuple[str, int, dict[str, str]]:
    email, password = request.form.get("email", ""), request.form.get("password", "")
    back = local_path(request.form.get("next"))
    if stale():
        return _login_page(email, back, {"form": form_too_old()}), 400
    former = who.current_user()
    try:
        with throttle.counted(*_limits(email)):
            proof = login.prove(email, password)
            with transaction():
                opened = login.log_in(proof, device_words(request.user_agent.string))
                if former is not None:
                    login.log_out(former)
    except TooMany as error:
        page = _login_page(email, back, {"form": str(error)})
        return page, error.status, {"Retry-After": str(error.wait)}
    except WrongPassword as error:
        return _login_page(email, back, {"form": str(error)}), error.status
    session.clear()  # a form token from before signing in is worth nothing after it
    answer = redirect(back or frame.landing(opened.roles), 303)
    cookies.put(answer, cookies.SESSION, opened.token)
    marks.ACCOUNTS.add(answer, opened.email)
    return answer


def _limits(email: str) -> list[throttle.Limit]:
    """An owner's own device has its own count, so a stranger's tries cannot lock it out."""
    account = login.normal_email(email)
    if marks.ACCOUNTS.holds(account):
        return [throttle.Limit("login-known", account)]
    here, most = one_line(request.remote_addr or ""), throttle.limit_of
    return [
        throttle.Limit("login", account),
        throttle.Limit("login-address", here, most("login-address", LOGINS_PER_ADDRESS)),
        throttle.Limit("login-all", "", most("login-all", ALL_LOGINS)),
    ]


def _login_page(email: str, back: str | None, errors: dict[str, str]) -> str:
    return render_template(
        "accounts/login.html",
        form={"values": {"email": email}, "errors": errors},
        next=back or "",
        urls=frame.urls(login=url_for("accounts.sign_in")),
    )


@blueprint.post("/keluar")
@public
def sign_out() -> Response:
    person = who.current_user()
    if person is not None:
        with transaction():
            login.log_out(person)
    return _signed_out(gettext("You are signed out."))


@blueprint.post("/keluar-semua")
@signed_in
def sign_out_everywhere() -> Response:
    with transaction():
        login.end_everywhere(who.viewer())
    return _signed_out(gettext("You are signed out on every device."))


def _signed_out(words: str) -> Response:
    session.clear()
    flash(words)
    answer = redirect(url_for("accounts.login_form"), 303)
    cookies.drop(answer, cookies.SESSION)
    who.forget()
    return answer


@blueprint.get("/akun")
@signed_in
def account() -> str:
    return _account_page({})


@blueprint.post("/akun")
@signed_in
def change_password() -> Response | tuple[str, int]:
    person, typed = who.viewer(), request.form
    try:
        with throttle.counted(throttle.Limit("password", person.ref)):
            proof = login.choose_password(
                person, typed.get("old", ""), typed.get("new", ""), typed.get("again", "")
            )
            with transaction():
                login.change_password(person, proof)
    except (Invalid, TooMany) as error:
        return _account_page(_errors(error)), error.status
    flash(gettext("Your password was changed; your other devices are signed out."))
    return redirect(url_for("accounts.account"), 303)


@blueprint.post("/akun/surel")
@signed_in
def choose_letters() -> Response:
    with transaction():
        login.choose_letters(who.viewer(), "letters" in request.form)
    flash(gettext("Saved."), "met")
    return redirect(url_for("accounts.account"), 303)


def _errors(error: Invalid | TooMany) -> dict[str, str]:
    if isinstance(error, TooMany):
        return {"form": str(error)}
    return {"new" if name == "password" else name: words for name, words in error.fields.items()}


def _account_page(errors: dict[str, str]) -> str:
    person, now = who.viewer(), clock.now()
    return render_template(
        "accounts/account.html",
        form={"values": {}, "errors": errors},
        sessions=[
            {
                "device": row.device or gettext("unknown device"),
                "since": near_words(row.created_at, now),
                "seen": near_words(row.seen_at, now),
                "this": row.key == person.session_key,
            }
            for row in sessions.open_sessions(person.id)
        ],
        letters=login.wants_letters(person) if is_staff(person.roles) else None,
        urls=frame.urls(
            everywhere=url_for("accounts.sign_out_everywhere"),
            letters=url_for("accounts.choose_letters"),
        ),
    )
