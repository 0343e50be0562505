"""A screen ends with its session, however that ends and whoever ended it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

from accounts.rules.access import Role
from tests.faults.whole import ROOT, until
from tests.live.house import House, Visitor

pytestmark = [
    pytest.mark.faults,
    pytest.mark.timeout(300),
]

Ending = Callable[[House, Visitor], object]


def signs_out(house: House, who: Visitor) -> object:
    return who.send("/akun", "/keluar")


def signs_out_everywhere(house: House, who: Visitor) -> object:
    return who.send("/akun", "/keluar-semua")


def is_shut_off_by_an_administrator(house: House, who: Visitor) -> object:
    admin, page = house.staff(Role.ADMIN), f"/orang/{who.user_id}"
    return admin.send(page, f"{page}/tutup")


def gets_another_role(house: House, who: Visitor) -> object:
    admin, page = house.staff(Role.ADMIN), f"/orang/{who.user_id}"
    return admin.send(page, f"{page}/peran", roles=["COUNTER"])


def is_shut_off_by_a_command(house: House, who: Visitor) -> object:
    command = [sys.executable, "-m", "flask", "--app", "app", "deactivate", who.email]
    done = subprocess.run(
        command, cwd=ROOT, env=house.system.env, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done


def is_over_after_its_hours(house: House, who: Visitor) -> object:
    return house.sql(
        "UPDATE sessions SET expires_at = now() - interval '1 s' WHERE user_id = :id",
        id=who.user_id,
    )


def was_idle_for_too_long(house: House, who: Visitor) -> object:
    return house.sql(
        "UPDATE sessions SET seen_at = now() - interval '3 h 1 s' WHERE user_id = :id",
        id=who.user_id,
    )


def is_shut_off_and_the_word_of_it_is_lost(house: House, who: Visitor) -> object:
    return house.sql("UPDATE users SET active = false WHERE id = :id", id=who.user_id)


@pytest.mark.parametrize(
    "end",
    [
        signs_out,
        signs_out_everywhere,
        is_shut_off_by_an_administrator,
        gets_another_role,
        is_shut_off_by_a_command,
        is_over_after_its_hours,
        was_idle_for_too_long,
        is_shut_off_and_the_word_of_it_is_lost,
    ],
)
def test_the_screens_are_closed_when_somebody(house: House, end: Ending) -> None:
    who, other = house.staff(Role.AGENT, "pengaduan"), house.staff(Role.AGENT, "pengaduan")
    screens = [who.screen() for _ in range(4)]  # on both web processes, as chance has it
    bystander = other.screen()
    end(house, who)
    for screen in screens:
        screen.is_closed()
    assert not bystander.closed.is_set()
    assert bystander.join(f"queue:{house.queue('pengaduan')}") == "joined"
    kept = house.sql("SELECT count(*) FROM sockets s WHERE s.session_key = ANY(:keys)",
                     keys=keys_of(house, who))  # fmt: skip
    assert kept == [0]
    bystander.leave()


def keys_of(house: House, who: Visitor) -> list[str]:
    return list(
        house.sql(
            "SELECT 's:' || encode(token_hash, 'hex') FROM sessions WHERE user_id = :id",
            id=who.user_id,
        )
    )


def test_a_citizens_screen_ends_with_the_report_left_on_this_device(house: House) -> None:
    citizen, other = house.citizen(), house.citizen()
    theirs, others = citizen.screen(), other.screen()
    citizen.send("/laporan-saya", "/laporan-saya/tutup")
    theirs.is_closed()
    assert not others.closed.is_set()
    house.sql(
        "UPDATE guest_sessions SET expires_at = now() WHERE ref = :ref",
        ref=f"ticket:{other.ticket_id}",
    )
    others.is_closed()


def test_only_asking_by_itself_does_not_keep_a_session_in_use(house: House) -> None:
    who = house.staff(Role.AGENT, "pengaduan")
    long_ago = "UPDATE sessions SET seen_at = now() - interval '1 h' WHERE user_id = :id"
    recent = "SELECT seen_at > now() - interval '1 min' FROM sessions WHERE user_id = :id"
    house.sql(long_ago, id=who.user_id)
    asked = who.browser.get(
        f"{house.address}/antrean/baru?antrean=semua", headers={"X-Requested-With": "fetch"}
    )
    assert asked.status_code == 200
    assert house.sql(recent, id=who.user_id) == [False]
    who.get("/antrean")
    assert house.sql(recent, id=who.user_id) == [True]


def test_a_web_process_that_was_killed_leaves_no_rows_for_good(house: House) -> None:
    house.sql("INSERT INTO sockets VALUES ('left-behind', 's:00', now() - interval '1 h')")
    screen = house.staff(Role.AGENT, "pengaduan").screen()
    until(
        lambda: house.sql("SELECT count(*) FROM sockets WHERE sid = 'left-behind'") == [0],
        "the end of rows that nobody holds",
    )
    screen.leave()
