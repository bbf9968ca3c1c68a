"""Slack's limits, and the tighter ones that we choose below them; lengths are in UTF-16 units."""

from typing import Final

HEADER: Final = 150
SECTION: Final = 3_000
FIELDS: Final = 10
FIELD: Final = 2_000
CONTEXT_ELEMENTS: Final = 10
CONTEXT: Final = 2_000
ACTIONS: Final = 25

BUTTON: Final = 75
BUTTON_VALUE: Final = 2_000
ACCESSIBILITY: Final = 75
CONFIRM_TITLE: Final = 100
CONFIRM_TEXT: Final = 300
CONFIRM_BUTTON: Final = 30
OPTION: Final = 75
OPTIONS: Final = 100
OPTION_VALUE: Final = 150
OPTION_NOTE: Final = 75
SELECT_OPTIONS: Final = 100
LISTED_OPTIONS: Final = 10
OVERFLOW_OPTIONS: Final = 5

TABLE_ROWS: Final = 100
TABLE_COLUMNS: Final = 20
TABLE_CELL: Final = 100
CONTAINER_CHILDREN: Final = 10
CONTAINER_TITLE: Final = 150
ALERT: Final = 200
PLAN_TASKS: Final = 50
TASK_TITLE: Final = 250
CHART_TITLE: Final = 50
CHART_SERIES: Final = 6
CHART_POINTS: Final = 20
CHART_LABEL: Final = 20
INPUT_LABEL: Final = 2_000
INPUT_HINT: Final = 2_000
PLACEHOLDER: Final = 150
INPUT_VALUE: Final = 3_000
ID: Final = 255
PREFORMATTED: Final = 3_000

MESSAGE_BLOCKS: Final = 50
MESSAGE_TEXT: Final = 4_000
MESSAGE_BUDGET: Final = 12_000
"""Slack answers msg_blocks_too_long at about 13,000 characters in all; nobody documents what it counts."""

HOME_BLOCKS: Final = 100
MODAL_BLOCKS: Final = 100
MODAL_TITLE: Final = 24
MODAL_METADATA: Final = 3_000
MODAL_BUDGET: Final = 30_000
"""Keeps the JSON below 250 kB even where every character is escaped as six bytes."""
