"""Login: who gets in, who does not, and for how long."""

from datetime import timedelta

import sqlalchemy as sa

from bot.core.staff import Role
from bot.steps.staff import add_staff, first_admin
from bot.store.tables import sessions, staff
from tests.desk.office import PASSWORD, Office, hidden


async def test_who_is_not_logged_in_is_sent_to_the_login_and_back(office: Office) -> None:
    async with office.visitor() as visitor:
        answer = await visitor.get("/desk/cases/BOR-7K3M-Q")
        assert answer.headers["location"] == "/desk/login?next=/desk/cases/BOR-7K3M-Q"
        assert (await visitor.post("/desk/cases/BOR-7K3M-Q/take")).status_code == 303
        assert (await visitor.get("/desk/attachments/1")).status_code == 303


async def test_the_right_password_opens_the_desk(office: Office) -> None:
    async with office.clerk() as clerk:
        assert (await clerk.get("/desk")).status_code == 200


async def test_the_cookie_cannot_be_read_by_scripts_and_its_token_is_kept_as_a_hash(office: Office) -> None:
    await add_staff(office.night.database, name="Anna", role=Role.CLERK, password=PASSWORD, now=office.now)
    async with office.visitor() as visitor:
        answer = await visitor.post("/desk/login", data={"name": "anna", "password": PASSWORD})

        cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        token = visitor.cookies["nachtschalter_desk"]
    assert token.encode() not in office.night.bytes()
    assert PASSWORD.encode() not in office.night.bytes()


async def test_over_https_the_cookie_stays_there(office: Office) -> None:
    await add_staff(office.night.database, name="Anna", role=Role.CLERK, password=PASSWORD, now=office.now)
    async with office.visitor() as visitor:
        answer = await visitor.post("https://desk.test/desk/login", data={"name": "Anna", "password": PASSWORD})

    assert "Secure" in answer.headers["set-cookie"]


async def test_a_wrong_password_and_an_unknown_name_are_told_alike(office: Office) -> None:
    await add_staff(office.night.database, name="Anna", role=Role.CLERK, password=PASSWORD, now=office.now)
    async with office.visitor() as visitor:
        wrong = await visitor.post("/desk/login", data={"name": "Anna", "password": "falsch"})
        unknown = await visitor.post("/desk/login", data={"name": "Nemo", "password": "falsch"})

    assert wrong.status_code == unknown.status_code == 401
    assert wrong.text.replace("Anna", "Nemo") == unknown.text


async def test_after_too_many_guesses_even_the_right_password_waits(office: Office) -> None:
    await add_staff(office.night.database, name="Anna", role=Role.CLERK, password=PASSWORD, now=office.now)
    async with office.visitor() as visitor:
        for _ in range(8):
            await visitor.post("/desk/login", data={"name": "Anna", "password": "falsch"})
        assert (await visitor.post("/desk/login", data={"name": "Anna", "password": PASSWORD})).status_code == 429

        office.now += timedelta(minutes=16)
        assert (await visitor.post("/desk/login", data={"name": "Anna", "password": PASSWORD})).status_code == 303


async def test_another_site_cannot_log_anybody_in(office: Office) -> None:
    async with office.visitor() as visitor:
        headers = {"Origin": "https://evil.example"}
        answer = await visitor.post("/desk/login", data={"name": "Anna", "password": PASSWORD}, headers=headers)

    assert answer.status_code == 403


async def test_the_way_back_never_leads_to_another_site(office: Office) -> None:
    await add_staff(office.night.database, name="Anna", role=Role.CLERK, password=PASSWORD, now=office.now)
    async with office.visitor() as visitor:
        for wanted in ("//evil.example", "https://evil.example", "/desk//evil.example", "/desk/../x", "/deskx"):
            data = {"name": "Anna", "password": PASSWORD, "next": wanted}
            assert (await visitor.post("/desk/login", data=data)).headers["location"] == "/desk"


async def test_a_session_ends_by_itself(office: Office) -> None:
    async with office.clerk() as clerk:
        office.now += office.night.house.settings.retention.sessions
        assert (await clerk.get("/desk")).status_code == 303


async def test_logging_out_ends_the_session_in_the_database_too(office: Office) -> None:
    async with office.clerk() as clerk:
        token = hidden((await clerk.get("/desk")).text)["csrf"]
        await clerk.post("/desk/logout", data={"csrf": token})
        assert (await clerk.get("/desk")).status_code == 303

    async with office.night.database.read() as tx:
        assert (await tx.execute(sa.select(sessions))).all() == []


async def test_a_form_without_its_token_does_nothing(office: Office) -> None:
    async with office.clerk() as clerk:
        assert (await clerk.post("/desk/logout", data={})).status_code == 403
        assert (await clerk.post("/desk/logout", data={"csrf": "guessed"})).status_code == 403
        assert (await clerk.get("/desk")).status_code == 200


async def test_a_new_password_ends_every_other_session(office: Office) -> None:
    async with office.clerk() as clerk, office.visitor() as elsewhere:
        await elsewhere.post("/desk/login", data={"name": "Anna", "password": PASSWORD})
        csrf = hidden((await clerk.get("/desk/password")).text)["csrf"]
        new = "acht kleine Raben"

        answer = await clerk.post("/desk/password", data={"csrf": csrf, "old": PASSWORD, "new": new, "again": new})

        assert answer.headers["location"] == "/desk?said=password"
        assert (await clerk.get("/desk")).status_code == 200
        assert (await elsewhere.get("/desk")).status_code == 303
        assert (await elsewhere.post("/desk/login", data={"name": "Anna", "password": new})).status_code == 303


async def test_a_password_is_not_changed_by_mistake(office: Office) -> None:
    async with office.clerk() as clerk:
        csrf = hidden((await clerk.get("/desk/password")).text)["csrf"]
        for old, new, again in (("falsch", "acht kleine Raben", "acht kleine Raben"), (PASSWORD, "kurz", "kurz")):
            data = {"csrf": csrf, "old": old, "new": new, "again": again}
            assert (await clerk.post("/desk/password", data=data)).status_code == 422
        data = {"csrf": csrf, "old": PASSWORD, "new": "acht kleine Raben", "again": "neun kleine Raben"}
        assert "nicht gleich" in (await clerk.post("/desk/password", data=data)).text


async def test_the_first_admin_is_made_once_and_his_password_works(office: Office) -> None:
    password = await first_admin(office.night.database, office.now)
    assert password
    assert await first_admin(office.night.database, office.now) is None

    async with office.visitor() as visitor:
        answer = await visitor.post("/desk/login", data={"name": "admin", "password": password})
        assert answer.status_code == 303
        assert "Mitarbeitende" in (await visitor.get("/desk")).text


async def test_an_admin_lets_people_in_and_shuts_them_out(office: Office) -> None:
    async with office.clerk("Chef", Role.ADMIN) as admin, office.visitor() as newcomer:
        csrf = hidden((await admin.get("/desk/staff")).text)["csrf"]
        page = await admin.post("/desk/staff", data={"csrf": csrf, "name": "Carla", "role": "clerk"})
        password = page.text.split("<code>")[1].split("</code>")[0]
        assert (await newcomer.post("/desk/login", data={"name": "Carla", "password": password})).status_code == 303

        async with office.night.database.read() as tx:
            number = (await tx.execute(sa.select(staff.c.id).where(staff.c.name == "Carla"))).scalar_one()
        await admin.post(f"/desk/staff/{number}/disable", data={"csrf": csrf})

        assert (await newcomer.get("/desk")).status_code == 303
        assert (await newcomer.post("/desk/login", data={"name": "Carla", "password": password})).status_code == 401


async def test_clerks_find_no_administration(office: Office) -> None:
    async with office.clerk() as clerk:
        csrf = hidden((await clerk.get("/desk")).text)["csrf"]
        assert (await clerk.get("/desk/staff")).status_code == 404
        assert (await clerk.post("/desk/staff", data={"csrf": csrf, "name": "X", "role": "admin"})).status_code == 404
