"""How a bulk retry and a run are told while they go on, and when they have ended."""

from datetime import timedelta

from blocks import alert, errors, home, running, status
from blocks.look import Look
from bot.domain.values import RunKind
from bot.views import RetryProgress, RunProgress, UnderWay
from bot.views.home import LiveRetry
from tests.unit.blocks import examples as a
from tests.unit.blocks.homes import home_card
from tests.unit.blocks.reading import objects, texts

GOING, ENDED = UnderWay(None, (a.bulk_retry(),)), UnderWay(None, (a.ended_retry(),))
BEGUN = a.bulk_retry(healed=0, failed=0, unanswered=0, heard_at=None)


def test_a_retry_that_goes_on_has_a_bar_its_pace_what_is_left_and_how_its_items_ended() -> None:
    assert running.retry(a.bulk_retry()) == (
        f"*Retry of 12 items* since {a.NOON_IN_SLACK}, asked for by <@U0ADA>\n"
        "█████░░░░░░░\n"
        "5 of 12 items (41%) · 5 items a minute · about 1 minute left\n"
        "3 healed, 1 failed again, 1 got no answer, 7 still waiting"
    )


def test_before_the_first_answer_no_pace_is_invented() -> None:
    assert "0 of 12 items (0%) · pace unknown yet\n12 still waiting" in running.retry(BEGUN)
    at_once = a.bulk_retry(heard_at=a.NOON)
    assert "5 of 12 items (41%) · pace unknown yet" in running.retry(at_once)


def test_the_last_line_says_how_it_ended() -> None:
    told = running.retry(a.ended_retry())
    assert told.endswith("asked for by <@U0ADA>\n9 healed, 2 failed again, 1 got no answer.")
    assert "░" not in told


def test_a_modal_has_it_in_blocks_that_modals_take() -> None:
    for card in (
        errors.modal(a.errors(a.line(), under_way=GOING), a.ERRORS),
        status.modal(a.status(under_way=GOING), a.STATUS),
    ):
        assert "5 of 12 items (41%)" in texts(card.blocks)
        assert "plan" not in {block["type"] for block in card.blocks}


def test_a_message_has_a_plan_by_cause_while_it_goes_on_and_a_line_once_it_ended() -> None:
    (plan,) = [
        b for b in errors.message(a.errors(a.line(), under_way=GOING), a.ERRORS).blocks if b["type"] == "plan"
    ]
    assert plan["title"].startswith("Retry: 5 of 12 items (41%)")
    assert [(task["title"], task["status"]) for task in plan["tasks"]] == [
        ("Larger than Gmail takes: 2 healed, 1 failed again, 3 still waiting", "in_progress"),
        ("Refused by Gmail: 3 still waiting", "pending"),
        ("Gmail is down: 1 healed, 1 got no answer", "error"),
        ("Exchange is busy: 1 still waiting", "pending"),
    ]
    ended = errors.message(a.errors(a.line(), under_way=ENDED), a.ERRORS)
    assert "plan" not in {block["type"] for block in ended.blocks}
    assert "9 healed, 2 failed again, 1 got no answer." in texts(ended.blocks)


def test_safe_blocks_say_the_same_with_a_bar() -> None:
    safe = errors.message(a.errors(a.line(), under_way=GOING), a.ERRORS, Look(safe=True))
    assert "█████░░░░░░░" in texts(safe.blocks)
    assert "plan" not in {block["type"] for block in safe.blocks}
    assert "5 of 12 items (41%)" in safe.text
    assert "█" not in safe.text


def test_the_alert_in_a_channel_shows_it_and_names_no_subject() -> None:
    card = a.alert(a.line(), a.line(2), under_way=UnderWay(None, (a.bulk_retry(),)))
    assert "plan" in {block["type"] for block in alert.message(card, safe=False).blocks}
    assert "5 of 12 items (41%)" in texts(alert.message(card).blocks)
    assert "5 of 12 items (41%)" in alert.message(card, safe=False).text
    assert "Q3" not in str(alert.message(card, safe=False).blocks)


def test_a_copy_that_is_shared_does_not_pretend_to_go_on() -> None:
    shared = errors.message(a.errors(a.line(), under_way=GOING), a.ERRORS, Look(shared=True))
    assert "5 of 12" not in texts(shared.blocks)


def test_home_tells_it_as_cards_do() -> None:
    drawn = home.home(home_card(retrying=(LiveRetry(a.ALICE, a.bulk_retry()),), retrying_total=3))
    assert running.retry(a.bulk_retry()) in texts(drawn.blocks)
    assert "1 retry of several items" not in texts(drawn.blocks)
    assert "3 retries of several items" in texts(drawn.blocks)
    assert "and 2 more retries" in texts(drawn.blocks)


def test_what_ended_long_ago_is_told_no_more() -> None:
    run = RunProgress(RunKind.DELTA, a.NOON)
    old: RetryProgress = a.ended_retry()
    both = UnderWay(run, (a.bulk_retry(), old))
    assert old.ended_at
    assert both.since(old.ended_at) == both
    assert both.since(old.ended_at + timedelta(seconds=1)) == UnderWay(run, (a.bulk_retry(),))


def test_at_most_ten_causes_are_steps() -> None:
    many = a.bulk_retry(causes=a.bulk_retry().causes * 5)
    assert len([one for one in objects([running.in_plan(many)]) if one.get("type") == "task_card"]) == 10
