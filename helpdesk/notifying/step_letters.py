"""Mails to people of the office about steps of ladders, one by one or many in one."""

from __future__ import annotations

from sqlalchemy import func, or_, select

from accounts.models import User
from accounts.rules.access import Viewer
from core import clock
from core.database import db
from core.events import Event
from core.i18n import force_locale, gettext, moment_words, number_words
from core.mails.letter import Letter
from core.mails.mailbox import WRITERS, Mail
from helpdesk.escalations import levels
from helpdesk.escalations.apart import apart
from helpdesk.escalations.labels import cause_words, level_words
from helpdesk.lists import finding
from helpdesk.models import Escalation, Notice, Ticket
from helpdesk.notifying import office_letters
from helpdesk.notifying.letters import Fact
from helpdesk.notifying.reaching import GATHERED
from helpdesk.setup import office
from helpdesk.wording import event_labels
from helpdesk.wording.labels import metric_words
from helpdesk.wording.step_labels import step_words
from sla.models import TimerRow

LISTED = 30  # lines of a mail that tells of many
KINDS = ("stepped", "escalated", GATHERED)


def register() -> None:
    WRITERS["stepped"] = stepped
    WRITERS["escalated"] = escalated
    WRITERS[GATHERED] = gathered


def stepped(mail: Mail) -> Letter | None:
    """A step of a promise came: to whoever holds the report, or is named by the step. None once
    they cannot read it, want no mails, or the promise has been kept meanwhile."""
    user, event = _reader(mail), db.session.get_one(Event, mail.event_id)
    ticket = db.session.get(Ticket, _number(mail.subject))
    timer = _timer(event)
    if user is None or ticket is None or timer is None or timer.stopped_at is not None:
        return None
    row = None
    if event.subject.startswith("escalation:"):
        row = db.session.get(Escalation, _number(event.subject))
    if row is not None and _stands(user, row, ticket):
        path = "/eskalasi"
    elif finding.may_read(user.id, user.role_set, ticket.queue_id):
        path = f"/laporan/{ticket.number}"
    else:
        return None
    due = timer.breached_at or timer.due_at
    with force_locale(user.locale):
        facts = [
            Fact(gettext("Number of the report"), ticket.number),
            Fact(gettext("What was promised"), metric_words(timer.metric)),
            Fact(gettext("What has come"), step_words(str(event.data["step"]))),
            *([Fact(gettext("Due"), moment_words(due))] if due else []),
            *_queue(ticket),
        ]
        title = gettext("A promise needs you: %(number)s", number=ticket.number)
        return office_letters.letter(mail, user, title, path, facts, number=ticket.number)


def escalated(mail: Mail) -> Letter | None:
    """A report was brought before a level: to whoever stands there. None once it was taken up, or
    they stand there no more."""
    user, event = _reader(mail), db.session.get_one(Event, mail.event_id)
    row = db.session.get(Escalation, _number(event.subject))
    if user is None or row is None or row.ended_at is not None or row.taken_by is not None:
        return None
    ticket = db.session.get_one(Ticket, row.ticket_id)
    if not _stands(user, row, ticket):
        return None
    with force_locale(user.locale):
        facts = [
            Fact(gettext("Number of the report"), ticket.number),
            Fact(gettext("Level"), f"{row.level}, {level_words(row.level)}"),
            Fact(gettext("Why"), cause_words(row.cause)),
            *([Fact(gettext("To be taken up by"), moment_words(row.due_at))] if row.due_at else []),
        ]
        title = gettext("A report waits before you: %(number)s", number=ticket.number)
        return office_letters.letter(mail, user, title, "/eskalasi", facts, number=ticket.number)


def gathered(mail: Mail) -> Letter | None:
    """What came in some minutes, more than one mail each is good for: a list of its beginning.
    None for whoever can read nothing of it."""
    user = _reader(mail)
    if user is None:
        return None
    viewer = Viewer(user.id, user.name, user.role_set)
    queues = finding.visible(finding.queues_of(viewer))
    mine = (
        select(Notice, Event, Ticket)
        .join(Event, Event.id == Notice.event_id)
        .join(Ticket, Ticket.id == Notice.ticket_id)
        .where(Notice.user_id == user.id, Notice.gathered == mail.event_id)
        .where(or_(queues, Event.subject.startswith("escalation:")))
    )
    count = db.session.scalar(select(func.count()).select_from(mine.subquery("mine"))) or 0
    if not count:
        return None
    rows = db.session.execute(mine.order_by(Notice.at, Notice.id).limit(LISTED)).all()
    with force_locale(user.locale):
        facts = [
            Fact(f"{ticket.number}, {moment_words(event.at)}", event_labels.for_office(event, {}))
            for _, event, ticket in rows
        ]
        more = number_words(count - len(rows)) if count > len(rows) else ""
        title = gettext("%(n)s notices about reports", n=number_words(count))
        return office_letters.letter(
            mail, user, title, "/pemberitahuan", facts, count=count, more=more
        )


def _stands(user: User, row: Escalation, ticket: Ticket) -> bool:
    """Are they still asked at that level? A report may have become confidential meanwhile."""
    return user.id in levels.people_of(row.level, clock.now(), apart=apart(ticket))


def _reader(mail: Mail) -> User | None:
    """Whom a mail is for, while they work here and want mails."""
    user = office_letters.reader(mail)
    return user if user is not None and user.letters else None


def _timer(event: Event) -> TimerRow | None:
    return db.session.scalars(
        select(TimerRow).where(
            TimerRow.subject == event.subject,
            TimerRow.metric == event.data["metric"],
            TimerRow.cycle == event.data["cycle"],
        )
    ).one_or_none()


def _queue(ticket: Ticket) -> list[Fact]:
    queue = office.queue(ticket.queue_id)
    return [Fact(gettext("Queue"), queue.name)] if queue else []


def _number(ref: str) -> int:
    return int(ref.partition(":")[2])
