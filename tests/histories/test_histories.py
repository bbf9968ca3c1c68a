"""Whatever happens, at rest each channel shows exactly what the rows say: no message twice, no edit lost."""

import os

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from tests.histories.chance import Step, histories
from tests.histories.playing import played

EXAMPLES = int(os.environ.get("SYNCBOT_EXAMPLES", "5"))


@pytest.mark.lengthy
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(histories, st.booleans())
def test_at_rest_each_channel_shows_what_the_rows_say(
    database_url: str,
    history: list[Step],
    can_read: bool,  # noqa: FBT001 - drawn
) -> None:
    found = played(database_url, history, can_read=can_read).findings
    for each in found:
        note(each)
    assert found == []
