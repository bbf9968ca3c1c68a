"""Valid pieces of Block Kit to begin from."""

from bot.sandbox.slack.model import Json


def plain(length: int = 4) -> Json:
    return {"type": "plain_text", "text": "x" * length}


def mrkdwn(length: int = 4) -> Json:
    return {"type": "mrkdwn", "text": "x" * length}


def button(**more: object) -> Json:
    return {"type": "button", "text": plain(), "action_id": "go", **more}


def buttons(count: int) -> list[Json]:
    return [button(action_id=f"go-{number}") for number in range(count)]


def option(number: int = 0, **more: object) -> Json:
    return {"text": plain(), "value": f"v{number}", **more}


def options(count: int) -> list[Json]:
    return [option(number) for number in range(count)]


def section(**more: object) -> Json:
    return {"type": "section", "text": mrkdwn(), **more}


def accessory(**element: object) -> Json:
    return section(accessory={"action_id": "pick", **element})


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def form(**element: object) -> Json:
    return {"type": "input", "label": plain(), "element": {"action_id": "typed", **element}}


def confirm(**parts: Json) -> Json:
    dialog = {"title": plain(), "text": plain(), "confirm": plain(), "deny": plain()} | parts
    return actions(button(confirm=dialog))


def container(count: int = 1, **more: object) -> Json:
    children = [section() for _ in range(count)]
    return {"type": "container", "title": plain(), "child_blocks": children, **more}


def cell(length: int = 1) -> Json:
    return {"type": "raw_text", "text": "x" * length}


def table(rows: int = 1, columns: int = 1, **more: object) -> Json:
    return {"type": "table", "rows": [[cell() for _ in range(columns)] for _ in range(rows)], **more}


def data_table(rows: int = 2, columns: int = 1, **more: object) -> Json:
    return {**table(rows, columns), "type": "data_table", "caption": "Numbers", **more}


def card(**more: object) -> Json:
    return {"type": "card", "title": plain(), **more}


def carousel(count: int) -> Json:
    return {"type": "carousel", "elements": [card() for _ in range(count)]}


def rich_text(*parts: Json) -> Json:
    words: Json = {"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}
    return {"type": "rich_text", "elements": list(parts) or [words]}


def task(**more: object) -> Json:
    return {"type": "task_card", "task_id": "t", "title": "Retry", "status": "pending", **more}


def plan(count: int) -> Json:
    return {"type": "plan", "title": "Retry", "tasks": [task() for _ in range(count)]}


def pie(segments: int = 1, title: int = 4, label: int = 4) -> Json:
    parts = [{"label": "x" * label, "value": 1} for _ in range(segments)]
    return {"type": "data_visualization", "title": "x" * title, "chart": {"type": "pie", "segments": parts}}


def line(points: int = 1, series: int = 1, **axis: object) -> Json:
    labels = [f"p{number}" for number in range(points)]
    data = [{"label": label, "value": 1} for label in labels]
    rows = [{"name": f"s{number}", "data": data} for number in range(series)]
    chart = {"type": "line", "series": rows, "axis_config": {"categories": labels, **axis}}
    return {"type": "data_visualization", "title": "Trend", "chart": chart}


def image(**more: object) -> Json:
    return {"type": "image", "image_url": "https://img.example/a.png", "alt_text": "A", **more}


def modal(*blocks: Json, **more: object) -> Json:
    return {"type": "modal", "title": plain(), "blocks": list(blocks) or [section()], **more}


def home(*blocks: Json, **more: object) -> Json:
    return {"type": "home", "blocks": list(blocks) or [section()], **more}
