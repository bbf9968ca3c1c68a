"""The company's life: its history, its schedule, and failures that last as long as their causes."""

import ast
from collections import Counter
from pathlib import Path

import pytest

from bot.sandbox.company import company as company_module
from bot.sandbox.company.company import Unknown
from bot.sandbox.company.world import Item
from bot.wire.parsing import Good, parse_event
from tests.unit.sandbox.company.living import BEGIN, Event, Life, of_type


@pytest.fixture
def life() -> Life:
    return Life()


def test_the_past_has_everything_that_a_card_can_show(life: Life) -> None:
    mailboxes = {each["mailbox"]: each for each in of_type(life.past, "mailbox.upserted")}
    completed = of_type(life.past, "sync.completed")
    failed = of_type(life.past, "item.failed")
    assert len(mailboxes) == 30
    assert [each["active"] for each in of_type(life.past, "policy.upserted")] == [True, True, True, False]
    assert {each["kind"] for each in completed} == {"initial", "delta"}
    assert max(Counter(each["mailbox"] for each in failed).values()) == 12
    assert len({each["mailbox"] for each in of_type(life.past, "sync.failed")}) == 6
    assert any("retry_at" in each for each in failed)
    assert any(not each["subject"].isascii() for each in failed)
    assert any(each["source"].isupper() for each in mailboxes.values())


def test_one_mailbox_never_synced_and_one_is_in_its_first_run(life: Life) -> None:
    told = {each["data"]["mailbox"] for each in life.past if each["type"].startswith("sync.")}
    silent = {
        each["source"] for each in of_type(life.past, "mailbox.upserted") if each["mailbox"] not in told
    }
    assert silent == {"new.starter@northwind.example"}
    [progress] = of_type(life.past, "sync.progress")
    assert 0 < progress["done"] < progress["total"]


def test_the_past_is_told_in_order_and_never_from_the_future(life: Life) -> None:
    times = [each["time"] for each in life.past]
    assert times == sorted(times)
    assert times[-1] <= BEGIN.isoformat().replace("+00:00", "Z")


def test_the_same_seed_is_the_same_company() -> None:
    assert Life(seed=7).past == Life(seed=7).past
    assert Life(seed=7).past != Life(seed=8).past


def test_ids_are_unique(life: Life) -> None:
    ids = [each["id"] for each in life.past + life.pass_time(600)]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_all_that_is_reported_is_valid_by_the_events_api(seed: int) -> None:
    life = Life(seed=seed, speed=600, trouble=0.3)
    events = life.past + life.pass_time(900)
    life.company.fail_now(life.mailbox("anna"), "encrypted")
    life.company.set_speed(30)
    bad = [
        each
        for each in events + life.pass_time(60)
        if not isinstance(parse_event(each, 0, life.clock.at), Good)
    ]
    assert bad == []
    assert {each["type"] for each in events} == {
        "policy.upserted",
        "mailbox.upserted",
        "sync.started",
        "sync.progress",
        "sync.completed",
        "sync.failed",
        "item.failed",
        "item.synced",
    }


# ---- the schedule ------------------------------------------------------------------------------------------


def test_an_hourly_policy_runs_every_minute_at_sixty_times_the_speed(life: Life) -> None:
    anna = life.mailbox("anna").key
    runs = of_type(life.pass_time(660), "sync.started", lambda data: data["mailbox"] == anna)
    assert 9 <= len(runs) <= 11


def test_the_next_run_starts_when_it_was_announced(life: Life) -> None:
    anna = life.mailbox("anna").key
    announced = of_type(life.past, "mailbox.upserted", lambda data: data["mailbox"] == anna)[-1][
        "next_sync_at"
    ]
    started = next(
        each
        for each in life.pass_time(90)
        if each["type"] == "sync.started" and each["data"]["mailbox"] == anna
    )
    assert started["time"][:16] == announced[:16]


def test_an_inactive_policy_runs_nothing_and_announces_nothing(life: Life) -> None:
    pilot = life.mailbox("pilot.one").key
    told = [each for each in life.pass_time(600) if each["data"].get("mailbox") == pilot]
    assert told == []
    assert life.mailbox("pilot.one").next_sync_at is None


def test_a_first_run_makes_progress_until_it_completes(life: Life) -> None:
    wei = life.mailbox("wei").key
    events = life.pass_time(240)
    done = [each["done"] for each in of_type(events, "sync.progress", lambda data: data["mailbox"] == wei)]
    assert done == sorted(done)
    assert len(done) > 3
    assert of_type(events, "sync.completed", lambda data: data["mailbox"] == wei)[0]["kind"] == "initial"


# ---- conditions --------------------------------------------------------------------------------------------


def retry(life: Life, name: str, item: str, retry_id: str = "r-1") -> Event:
    """The answer to a retry."""
    mailbox = life.mailbox(name)
    life.company.runs.retry(mailbox, mailbox.items[item], retry_id)
    [answer] = [each for each in life.pass_time(5) if each["data"].get("retry_id") == retry_id]
    return answer


def item_of(life: Life, name: str, cause: str) -> str:
    items: dict[str, Item] = life.mailbox(name).items
    return next(key for key, item in items.items() if item.condition.id.startswith(cause) and item.failing)


@pytest.mark.parametrize("cause", ["too_large", "encrypted", "attachment"])
def test_a_message_fails_until_its_cause_is_gone_and_then_heals(life: Life, cause: str) -> None:
    item = item_of(life, "anna", cause)
    assert retry(life, "anna", item)["type"] == "item.failed"
    life.company.resolve(life.mailbox("anna").items[item].condition.id)
    assert retry(life, "anna", item, "r-2")["type"] == "item.synced"


def test_a_run_heals_what_was_mended_and_names_the_rest_as_still_failing(life: Life) -> None:
    anna = life.mailbox("anna")
    mended = item_of(life, "anna", "too_large")
    life.company.resolve(anna.items[mended].condition.id)
    events = life.pass_time(90)
    assert [
        each["item"] for each in of_type(events, "item.synced", lambda data: data["mailbox"] == anna.key)
    ] == [mended]
    completed = of_type(events, "sync.completed", lambda data: data["mailbox"] == anna.key)[0]
    assert mended not in completed["still_failing"]
    assert len(completed["still_failing"]) == 2
    assert completed["services"][0]["failed"] == 2


def test_what_came_back_fails_again_at_the_next_run(life: Life) -> None:
    anna = life.mailbox("anna")
    item = item_of(life, "anna", "attachment")
    life.company.resolve(anna.items[item].condition.id)
    life.pass_time(90)
    life.company.restore(anna.items[item].condition.id)
    assert item in [each["item"] for each in of_type(life.pass_time(90), "item.failed")]


def test_throttling_passes_by_itself(life: Life) -> None:
    item = item_of(life, "marta", "throttled")
    assert retry(life, "marta", item)["data"]["retry_at"]
    assert item in [each["item"] for each in of_type(life.pass_time(120), "item.synced")]


def test_a_dead_credential_fails_every_run_of_its_connection_until_it_is_renewed(life: Life) -> None:
    bought = {each.key for each in life.company.world.mailboxes.values() if "fabrikam" in each.source}
    codes = {
        each["code"] for each in of_type(life.past, "sync.failed", lambda data: data["mailbox"] in bought)
    }
    assert codes == {"source_auth"}
    life.company.resolve("secret-fabrikam")
    events = life.pass_time(120)
    assert not of_type(events, "sync.failed", lambda data: data["mailbox"] in bought)
    assert of_type(events, "sync.completed", lambda data: data["mailbox"] in bought)


def test_a_retry_in_a_mailbox_that_cannot_be_reached_fails_for_that_reason(life: Life) -> None:
    noor = life.mailbox("noor")
    item = life.company.fail_now(noor, "attachment")
    life.company.resolve(item.condition.id)
    assert retry(life, "noor", item.key)["data"]["code"] == "dest_storage_full"


def test_a_failure_can_be_made_now(life: Life) -> None:
    item = life.company.fail_now(life.mailbox("priya"), "encrypted")
    [failed] = of_type(life.company.outbox.take(), "item.failed")
    assert (failed["item"], failed["code"]) == (item.key, "source_mime_conversion")


def test_what_does_not_exist_is_said_to_be_unknown(life: Life) -> None:
    for ask in (life.company.resolve, life.company.restore, life.company.mailbox):
        with pytest.raises(Unknown, match="There is no"):
            ask("nothing")
    with pytest.raises(Unknown, match="known are"):
        life.company.fail_now(life.mailbox("anna"), "nothing")


def test_a_new_speed_is_announced_to_everybody(life: Life) -> None:
    life.company.set_speed(600)
    assert len(of_type(life.company.outbox.take(), "mailbox.upserted")) == 30
    anna = life.mailbox("anna").key
    assert len(of_type(life.pass_time(60), "sync.started", lambda data: data["mailbox"] == anna)) >= 5


@pytest.mark.parametrize("speed", [0, -1, float("nan"), float("inf"), 1e9])
def test_absurd_speeds_are_refused(life: Life, speed: float) -> None:
    with pytest.raises(ValueError, match="between 1 and"):
        life.company.set_speed(speed)


def test_the_company_imports_nothing_of_the_project() -> None:
    folder = Path(company_module.__file__).parent
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in {
                "bot",
                "blocks",
                "handlers",
            }:
                assert str(node.module).startswith("bot.sandbox.company")
