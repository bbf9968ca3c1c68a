"""A plan: steps with how far each of them is. Messages only.

https://docs.slack.dev/reference/block-kit/blocks/plan-block
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from blocks import limits
from blocks.kit import Block
from blocks.text import one_line

TaskState = Literal["pending", "in_progress", "complete", "error"]


@dataclass(frozen=True, slots=True)
class Task:
    """One step of a plan. `id` is unique in it."""

    id: str
    title: str
    state: TaskState


def plan(title: str, tasks: Sequence[Task]) -> Block:
    cards = [
        {
            "type": "task_card",
            "task_id": task.id,
            "title": one_line(task.title, limits.TASK_TITLE),
            "status": task.state,
        }
        for task in tasks[: limits.PLAN_TASKS]
    ]
    return {"type": "plan", "title": one_line(title, limits.TASK_TITLE), "tasks": cards}
