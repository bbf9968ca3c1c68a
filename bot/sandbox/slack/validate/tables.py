"""Tables and charts.

https://docs.slack.dev/reference/block-kit/blocks/table-block
https://docs.slack.dev/reference/block-kit/blocks/data-table-block
https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block
"""

from collections.abc import Iterator, Mapping

from bot.sandbox.slack.validate.fault import Fault
from bot.sandbox.slack.validate.rich_text import BLOCK_ID, LONGEST, RICH_TEXT
from bot.sandbox.slack.validate.rule import (
    Rule,
    by_type,
    every,
    flag,
    listing,
    number,
    one_of,
    positive,
    shape,
    string,
    unique_values,
    whole,
)

COLUMNS = 20
ROWS = 100
RAW_TEXT = shape({"type": one_of("raw_text"), "text": string(LONGEST)})
RAW_NUMBER = shape({"type": one_of("raw_number"), "value": number}, {"text": string(LONGEST)})
CELL = by_type({"raw_text": RAW_TEXT, "rich_text": RICH_TEXT}, "table cell")
HEADER_CELL = by_type({"raw_text": RAW_TEXT, "raw_number": RAW_NUMBER}, "header cell")
DATA_CELL = by_type({"raw_text": RAW_TEXT, "raw_number": RAW_NUMBER, "rich_text": RICH_TEXT}, "table cell")
COLUMN = shape({}, {"align": one_of("left", "center", "right"), "is_wrapped": flag})


def same_width(value: object, path: str) -> Iterator[Fault]:
    rows = [row for row in value if isinstance(row, list)] if isinstance(value, list) else []
    for index, row in enumerate(rows):
        if len(row) != len(rows[0]):
            yield Fault(f"{path}/{index}", f"must have {len(rows[0])} cells like the first row")


def data_rows(value: object, path: str) -> Iterator[Fault]:
    """A header and at least one row; the header holds no rich text."""
    if not isinstance(value, list) or not 2 <= len(value) <= ROWS + 1:  # noqa: PLR2004 - a header and a row
        yield Fault(path, f"must have a header and from 1 to {ROWS} rows")
        return
    for index, row in enumerate(value):
        yield from listing(DATA_CELL if index else HEADER_CELL, COLUMNS)(row, f"{path}/{index}")


TABLE = shape(
    {"type": one_of("table"), "rows": every(listing(listing(CELL, COLUMNS), ROWS), same_width)},
    {**BLOCK_ID, "column_settings": listing(COLUMN, COLUMNS, least=0)},
)
DATA_TABLE = shape(
    {"type": one_of("data_table"), "rows": every(data_rows, same_width), "caption": string(LONGEST)},
    {**BLOCK_ID, "page_size": whole(1, 100), "row_header_column_index": whole(0, COLUMNS - 1)},
)

LABEL = string(20)
POINT = shape({"label": LABEL, "value": number})
SERIES = shape({"name": LABEL, "data": listing(POINT, 20)})
AXIS = shape({"categories": listing(LABEL, 20)}, {"x_label": string(50), "y_label": string(50)})


def points_on_axis(value: object, path: str) -> Iterator[Fault]:
    """Each series has one point for each category: the labels are the categories."""
    try:
        categories = value["axis_config"]["categories"]  # type: ignore[index]
        labels = [[point["label"] for point in series["data"]] for series in value["series"]]  # type: ignore[index]
    except (KeyError, TypeError):
        return
    for index, given in enumerate(labels):
        if given != categories:
            yield Fault(f"{path}/series/{index}/data", "labels must be the axis categories")


def _plotted(kind: str) -> Rule:
    series = every(listing(SERIES, 6), unique_values("name"))
    return shape({"type": one_of(kind), "series": series, "axis_config": AXIS}, {}, points_on_axis)


CHARTS: Mapping[str, Rule] = {
    "pie": shape(
        {"type": one_of("pie"), "segments": listing(shape({"label": LABEL, "value": positive}), 6)},
    ),
    **{kind: _plotted(kind) for kind in ("bar", "line", "area")},
}
CHART = shape(
    {"type": one_of("data_visualization"), "title": string(50), "chart": by_type(CHARTS, "chart")}, BLOCK_ID
)
