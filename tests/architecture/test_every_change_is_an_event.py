"""Whatever a form changes stands in the log: the change and its event are one transaction.

Each POST address is walked here, or stands in NO_EVENT with the reason why it leaves none.
"""

from __future__ import annotations

import io
import re
import uuid
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select, update

from accounts.rules.access import Role
from core.database import db, transaction
from helpdesk import requester, tickets
from helpdesk.models import Escalation, LeaveRow, LevelPerson, SightingRow
from helpdesk.patterns import sightings, sizes
from sla.calendars import drafts
from sla.models import TimerRow
from tests.counting import Sent, statements
from tests.integration.helpdesk.desk import Desk, queue_id, report
from tests.integration.helpdesk.held_up import held_up, lost_letter
from tests.integration.helpdesk.test_desk_rooms import lines
from tests.journeys.pages import PASSWORD, Visitor, person

NO_EVENT = {
    "accounts.sign_out": "ends the person's own session; signing in stands in the log",
    "tracking.enter": "opens a guest's session and changes no report",
    "tracking.leave": "ends a guest's session and changes no report",
    "policy_edits.preview": "shows what a version would do, and changes nothing",
    "desk.notices_read": "what somebody has read is their own matter",
}
# What others go by. Sessions, guesses, marks, deliveries, mails and timers follow from it.
WATCHED = {
    "tickets", "messages", "attachments", "users", "queues", "queue_members", "routes",
    "categories", "places", "escalations",
    "calendars", "calendar_days", "calendar_drafts", "calendar_spans",
    "policies", "sightings", "looked_for", "breach_causes",
    "set_aside", "mails", "level_people", "leaves", "citizen_windows",
}  # fmt: skip
WRITES = re.compile(r"\b(?:INSERT INTO|UPDATE|DELETE FROM) (\w+)")
FIELDS = {
    "text": "Sedang kami periksa.", "reason": "Begitu adanya.", "priority": "HIGH",
    "agency": "Bapenda", "klass": "INFORMATION",
}  # fmt: skip
NEW = "sebuah kucing oranye di atap"
OPEN_FIRST = {"resume": "tunggu", "reopen": "penyelesaian"}


def changed(sent: Sent) -> set[str]:
    return {table for statement, _ in sent for table in WRITES.findall(statement)}


def walk(visitor: Visitor, path: str, **fields: object) -> None:
    with statements() as sent:
        answer = visitor.client.post(path, data=fields, content_type="multipart/form-data")
    assert answer.status_code in (302, 303), (path, answer.status_code)
    tables = changed(sent)
    assert tables & WATCHED, f"{path} changed nothing, so it proves nothing"
    assert "events" in tables, f"{path} changed {sorted(tables & WATCHED)} without an event"


@pytest.fixture
def free(app: Flask, office: object) -> Iterator[Flask]:
    """Forms without tokens, which other tests are about."""
    before = app.config["WTF_CSRF_METHODS"]
    yield app
    app.config["WTF_CSRF_METHODS"] = before


def _posts(app: Flask, room: str) -> dict[str, str]:
    return {
        rule.endpoint: rule.rule
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and rule.endpoint.split(".")[0] == room
    }


def test_every_act_on_a_report_is_an_event(free: Flask) -> None:
    agent = Desk(free, "Rani", Role.SUPERVISOR, "pengaduan", "informasi")
    free.config["WTF_CSRF_METHODS"] = []
    for endpoint, rule in _posts(free, "desk_acts").items():
        ticket, act = report(), endpoint.split(".")[1]
        fields = {
            **FIELDS,
            "queue": queue_id("informasi"),
            "assignee": agent.id,
            "other": report().number,
            "place": 1,
        }
        if act == "accept":
            fields.pop("klass")
        elif act not in ("take", "assign", "spam", "duplicate", "refuse", "forward"):
            agent.do(ticket, "penerimaan")
        if act in OPEN_FIRST:
            agent.do(ticket, OPEN_FIRST[act], **FIELDS)
        walk(agent, rule.replace("<number>", ticket.number), key=uuid.uuid4().hex, **fields)


def test_every_change_of_the_set_up_is_an_event(free: Flask) -> None:
    admin = Desk(free, "Agus", Role.ADMIN)
    other = person("Ani", "ani@kota.example", Role.AGENT)
    free.config["WTF_CSRF_METHODS"] = []
    sent = {
        "routing.add": {"klass": "COMPLAINT", "queue": queue_id("kesehatan")},
        "routing.members": {"people": [other]},
        "people.add": {"name": "Budi", "email": "b@kota.example", "password": PASSWORD},
        "people.set_roles": {"roles": ["SUPERVISOR"]},
        "people.give_password": {"password": NEW},
        "accounts.change_password": {
            "old": PASSWORD, "new": NEW, "again": NEW,
        },
    }  # fmt: skip
    walked = [*_posts(free, "routing").items(), *_posts(free, "people").items()]
    walked += [("accounts.change_password", "/akun"), ("accounts.choose_letters", "/akun/surel")]
    for endpoint, rule in walked:
        route = lines()[2 if endpoint.endswith("up") else 0].id
        path = rule.replace("<int:route_id>", str(route)).replace("<int:user_id>", str(other))
        path = path.replace("<int:queue_id>", str(queue_id("kesehatan")))
        walk(admin, path, **sent.get(endpoint, {}))


def test_every_change_of_a_calendar_is_an_event(free: Flask) -> None:
    admin = Desk(free, "Agus", Role.ADMIN)
    free.config["WTF_CSRF_METHODS"] = []
    days = {"first": "2027-06-14", "last": "2027-06-18", "kind": "closed", "mon": "08.00-12.00"}
    libur = b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20270621\nEND:VEVENT\nEND:VCALENDAR"
    sent: dict[str, dict[str, object]] = {
        "calendars.add": {"name": "Baru", "like": "office"},
        "calendar_edits.week": {**days, "timezone": "Asia/Jakarta"},
        "calendar_edits.file": {"file": (io.BytesIO(libur), "libur.ics")},
        "calendar_edits.span": {**days, "name": "Renovasi", "first": "2027-06-18"},
    }
    for endpoint, rule in (
        _posts(free, "calendar_edits").items() | _posts(free, "calendars").items()
    ):
        path = rule.replace("<key>", "office").replace("<int:span_id>", "1")
        if endpoint == "calendars.publish":
            walk(admin, f"{path[:-9]}/hari", first="2027-07-01", kind="closed")
        elif endpoint == "calendar_edits.remove_span":
            path = path.replace("/1/", f"/{drafts.spans('office')[0].id}/")
        walk(admin, path, **sent.get(endpoint, days))


def test_every_change_of_a_policy_is_an_event(free: Flask) -> None:
    admin = Desk(free, "Agus", Role.ADMIN)
    free.config["WTF_CSRF_METHODS"] = []
    home = "/pengaturan/aturan"
    looked = admin.get(f"{home}/baru?duty=light").text
    fields = {"n-RESOLUTION": "2", "name": "Ringan", "calendar_key": "office", "c-tag": "ringan"}
    assert 'name="n-RESOLUTION"' in looked
    looked = admin.client.post(f"{home}/baru/pratinjau", data=fields).get_data(as_text=True)
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', looked)
    assert seen is not None
    walk(admin, f"{home}/baru/terbitan", **fields, seen=seen.group(1), duty="light")
    walk(admin, f"{home}/light/urutan", place="3")
    walk(admin, f"{home}/light/akhir")
    step = {"steps": "1", "version": "1", "s0-when": "percent", "s0-n": "60", "do": "save"}
    walk(admin, "/pengaturan/aturan/information/tangga/RESOLUTION", **step)


def test_every_change_of_levels_and_leave_is_an_event(free: Flask) -> None:
    admin = Desk(free, "Agus", Role.ADMIN)
    other = person("Ani", "ani@kota.example", Role.AGENT)
    free.config["WTF_CSRF_METHODS"] = []
    walk(admin, "/pengaturan/jenjang", level="2", person=other)
    line = db.session.scalars(select(LevelPerson.id)).one()
    walk(admin, f"/pengaturan/jenjang/{line}", since="2026-11-24T07:30")
    walk(admin, f"/pengaturan/jenjang/{line}/lepas")
    days = {"first": "2027-06-14", "last": "2027-06-18"}
    walk(admin, "/pengaturan/cuti", person=other, substitute=admin.id, **days)
    leave = db.session.scalars(select(LeaveRow.id)).one()
    walk(admin, f"/pengaturan/cuti/{leave}/akhiri")


def test_whatever_a_citizen_sends_is_an_event(free: Flask) -> None:
    citizen = Visitor(free.test_client())
    free.config["WTF_CSRF_METHODS"] = []
    walk(citizen, "/lapor", klass="COMPLAINT", text="Izin.", key=uuid.uuid4().hex)
    walk(citizen, "/laporan-saya/pesan", text="Ada kabar?", key=uuid.uuid4().hex)
    walk(citizen, "/laporan-saya/pencabutan")


def test_every_act_on_an_escalation_is_an_event(free: Flask) -> None:
    boss = Desk(free, "Wulan", Role.SUPERVISOR)
    free.config["WTF_CSRF_METHODS"] = []
    ticket = report()
    with transaction():
        tickets.refuse(ticket.id, "Bukan wewenang kami.", "user:1")
    with transaction():
        requester.appeal(ticket.id, "Kami keberatan.")
    ident = db.session.scalars(select(Escalation.id)).one()
    for act in ("ambil", "kembalikan", "selesai"):
        walk(boss, f"/eskalasi/{ident}/{act}", reason="Bukan bidang saya.")


def test_every_act_on_what_is_held_up_is_an_event(free: Flask) -> None:
    admin = Desk(free, "Agus", Role.ADMIN)
    free.config["WTF_CSRF_METHODS"] = []
    for endpoint, rule in _posts(free, "held_up").items():
        event_id, mail_id = held_up(), lost_letter()
        path = rule.replace("<int:event_id>", str(event_id)).replace("<subscriber>", "notify")
        walk(admin, path.replace("<int:mail_id>", str(mail_id)))
        assert endpoint.startswith("held_up.")


def test_looking_at_a_pattern_and_other_measures_are_events(free: Flask) -> None:
    boss = Desk(free, "Wulan", Role.SUPERVISOR)
    admin = Desk(free, "Agus", Role.ADMIN)
    free.config["WTF_CSRF_METHODS"] = []
    ticket = report()
    with transaction():
        tickets.accept(ticket.id, "user:1")
        tickets.ask(ticket.id, "Ok", "user:1")
        sightings.store(sightings.of_tickets([ticket.ref]))
    ident = db.session.scalars(select(SightingRow.id).order_by(SightingRow.id)).first()
    walk(boss, f"/pengawasan/perlu-dilihat/{ident}/dilihat", remark="Wajar.")
    typed = {**sizes.typed(sizes.current()), "near": "30"}
    walk(admin, "/pengaturan/perlu-dilihat", **typed)


def test_other_days_for_citizens_are_an_event(free: Flask) -> None:
    admin = Desk(free, "Agus", Role.ADMIN)
    free.config["WTF_CSRF_METHODS"] = []
    sources = {"reply_source": "Perwal 12/2026", "reopen_source": "Perwal 12/2026"}
    walk(admin, "/pengaturan/waktu-warga", was="0", reply="20", reopen="14", **sources)


def test_causes_and_excuses_are_events(free: Flask) -> None:
    boss = Desk(free, "Wulan", Role.SUPERVISOR)
    free.config["WTF_CSRF_METHODS"] = []
    ticket = report()
    missed = update(TimerRow).where(TimerRow.subject == ticket.ref)
    with transaction() as session:
        session.execute(missed.values(breached_at=ticket.filed_at))
    for act in ("sebab", "dispensasi", "dispensasi/cabut"):
        walk(boss, f"/laporan/{ticket.number}/terlewat/RESOLUTION/1/{act}", cause="AWAY")


def test_every_address_that_changes_something_is_walked_or_says_why_not(app: Flask) -> None:
    walked = {*_posts(app, "desk_acts"), *_posts(app, "routing"), *_posts(app, "people")}
    walked |= {*_posts(app, "calendars"), *_posts(app, "calendar_edits")}
    walked |= {"policies.place", "policies.retire", "policy_edits.publish", "ladders.change"}
    walked |= {*_posts(app, "levels"), *_posts(app, "leaves")}
    walked |= {"public.send_report", "tracking.reply", "tracking.withdraw"}
    walked |= {"accounts.change_password", "accounts.choose_letters", *_posts(app, "escalations")}
    walked |= {*_posts(app, "held_up")}
    seen = {"accounts.sign_in", "accounts.sign_out_everywhere"}  # USER_LOGGED_IN, SESSIONS_ENDED
    walked |= {*_posts(app, "patterns"), *_posts(app, "pattern_sizes")}
    walked |= _posts(app, "citizen_windows").keys()
    walked |= _posts(app, "causes").keys()
    posts = {r.endpoint for r in app.url_map.iter_rules() if "POST" in (r.methods or ())}
    assert posts - walked - seen - set(NO_EVENT) == set()
    assert set(NO_EVENT) <= posts
