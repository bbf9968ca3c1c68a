"""The tables of the reference, made from code: `python -m tests.project.reference` writes them anew."""

from collections.abc import Iterable
from datetime import timedelta
from enum import Enum
from pathlib import Path

from pydantic.fields import FieldInfo

from bot.config import PREFIX, Settings
from bot.domain.catalogue import CATALOGUE
from handlers.grammar import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
Row = tuple[str, ...]
BEGIN, END = "<!-- generated: begin -->", "<!-- generated: end -->"


def commands() -> str:
    rows = (
        (f"`{spec.usage}`", spec.effect, spec.role.word if spec.role else "anybody", f"`{spec.example}`")
        for spec in COMMANDS.values()
    )
    return _table(("command", "what it does", "least role", "example"), rows)


def settings() -> str:
    fields = Settings.model_fields.items()
    rows = ((f"`{PREFIX}{name.upper()}`", field.description or "", _default(field)) for name, field in fields)
    return _table(("variable", "what it is for", "default"), rows)


def failures() -> str:
    rows = (
        (f"`{cause.code}`", cause.healing.value, cause.scope.value, cause.cause, cause.remedy)
        for cause in CATALOGUE.values()
    )
    return _table(("code", "class", "scope", "cause", "remedy"), rows)


TABLES = {"commands.md": commands, "failures.md": failures, "settings.md": settings}


def page(name: str) -> Path:
    return ROOT / "docs" / "reference" / name


def renewed(name: str) -> str:
    """The page with its table as code has it now."""
    text = page(name).read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{TABLES[name]()}\n{END}{after}"


def _table(head: Row, rows: Iterable[Row]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _default(field: FieldInfo) -> str:
    value = field.default
    if value is None or value == ():
        return "not set"
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, timedelta):
        value = f"0{value}"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


if __name__ == "__main__":
    for name in TABLES:
        page(name).write_text(renewed(name), encoding="utf-8")
