"""Who hears what: rights are asked at every join, and change under open screens."""

from __future__ import annotations

import pytest

from accounts.rules.access import Role
from tests.live.house import House, Visitor

pytestmark = [
    pytest.mark.faults,
    pytest.mark.timeout(300),
]


@pytest.fixture(scope="module")
def agent(house: House) -> Visitor:
    return house.staff(Role.AGENT, "pengaduan")


@pytest.fixture(scope="module")
def stranger(house: House) -> Visitor:
    """An agent of another queue."""
    return house.staff(Role.AGENT, "kesehatan")


@pytest.fixture(scope="module")
def admin(house: House) -> Visitor:
    return house.staff(Role.ADMIN)


def heard(visitor: Visitor, rooms: list[str]) -> list[str]:
    """Which of these rooms somebody may join."""
    screen = visitor.screen()
    found = [room for room in rooms if screen.join(room) == "joined"]
    screen.leave()
    return found


def test_everybody_hears_of_their_own_and_of_nothing_else(
    house: House, agent: Visitor, stranger: Visitor, admin: Visitor
) -> None:
    citizen, other = house.citizen(), house.citizen()
    queue, staff, own = (
        f"queue:{citizen.queue_id}",
        f"ticket:{citizen.ticket_id}",
        f"track:{citizen.ticket_id}",
    )
    me = f"user:{agent.user_id}"
    rooms = [queue, staff, own, f"track:{other.ticket_id}", me, "queue:0", "lain:1", "queue", ""]
    assert heard(agent, rooms) == [queue, staff, me]
    assert heard(stranger, rooms) == []
    assert heard(admin, rooms) == []
    assert heard(house.staff(Role.SUPERVISOR), rooms) == [queue, staff]
    assert heard(citizen, rooms) == [own]
    assert heard(other, rooms) == [f"track:{other.ticket_id}"]


def test_a_note_is_told_to_the_office_and_never_to_the_citizen(
    house: House, agent: Visitor
) -> None:
    citizen = house.citizen()
    theirs, ours = citizen.screen(), agent.screen()
    assert theirs.join(f"track:{citizen.ticket_id}") == "joined"
    assert theirs.join(f"ticket:{citizen.ticket_id}") == "room"
    assert ours.join(f"ticket:{citizen.ticket_id}") == "joined"
    hint = f"ticket ticket:{citizen.ticket_id}"
    agent.act(citizen.number, "catatan", text="Hanya untuk petugas.")
    ours.hears(hint)
    assert theirs.hints == []
    agent.act(citizen.number, "jawaban", text="Sedang diurus.")
    theirs.hears(hint)
    assert theirs.hints == [hint]


def test_a_right_that_was_taken_without_a_word_is_missed_at_the_next_join(house: House) -> None:
    moved = house.staff(Role.AGENT, "pengaduan")
    room = f"queue:{house.queue('pengaduan')}"
    screen = moved.screen()
    assert screen.join(room) == "joined"
    house.sql("DELETE FROM queue_members WHERE user_id = :id", id=moved.user_id)
    assert screen.join(room) == "room"
    house.sql("UPDATE users SET roles = '{SUPERVISOR}' WHERE id = :id", id=moved.user_id)
    assert screen.join(room) == "joined"
    house.sql("UPDATE users SET roles = '{}' WHERE id = :id", id=moved.user_id)
    assert screen.join(room) == "session"


def test_people_of_the_queue_that_a_ticket_left_hear_no_more_of_it(
    house: House, agent: Visitor, stranger: Visitor
) -> None:
    citizen = house.citizen()
    room = f"ticket:{citizen.ticket_id}"
    before = agent.screen()
    assert before.join(room) == "joined"
    agent.act(citizen.number, "antrean", queue=house.queue("kesehatan"), reason="Bukan kami.")
    before.hears(f"ticket {room}")
    assert before.join(room) == "room"
    after = stranger.screen()
    assert after.join(room) == "joined"
    heard_before = len(before.hints)
    stranger.act(citizen.number, "catatan", text="Sekarang di sini.")
    after.hears(f"ticket {room}")
    assert before.sent_out == [room]
    assert len(before.hints) == heard_before


def test_whoever_is_taken_off_a_queue_loses_the_screen_at_once(
    house: House, admin: Visitor
) -> None:
    leaving, staying = (house.staff(Role.AGENT, "informasi") for _ in range(2))
    queue = house.queue("informasi")
    theirs, ours = leaving.screen(), staying.screen()
    assert theirs.join(f"queue:{queue}") == ours.join(f"queue:{queue}") == "joined"
    members = house.sql("SELECT user_id FROM queue_members WHERE queue_id = :q", q=queue)
    people = [user_id for user_id in members if user_id != leaving.user_id]
    page = "/pengaturan/antrean"
    assert admin.send(page, f"{page}/{queue}/anggota", people=people).status_code == 303
    theirs.is_closed()
    assert not ours.closed.is_set()
    assert heard(leaving, [f"queue:{queue}"]) == []
