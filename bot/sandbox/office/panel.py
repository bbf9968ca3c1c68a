"""The panel: its page, and the parts of it that change."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.sandbox.office.cast import FABRIKAM, NORTHWIND, Person
from bot.sandbox.office.office import Office
from bot.sandbox.office.sides import sides

TEMPLATES = Path(__file__).parent / "templates"
PARTS = ("people", "troubles", "source", "destination")
MISSING_SHOWN = 5


@cache
def environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@dataclass(frozen=True)
class Panel:
    office: Office

    def page(self, person: Person) -> str:
        return environment().get_template("page.html").render(self._values(person))

    def parts(self, person: Person) -> dict[str, str]:
        values = self._values(person)
        return {part: environment().get_template(f"{part}.html").render(values) for part in PARTS}

    def version(self, person: Person) -> str:
        """Another one after whatever changes what is shown."""
        staff, troubles = self.office.staff, self.office.troubles.values()
        holding = "".join("x" if each.holds else "-" for each in troubles)
        return f"{staff.source(person).version}.{staff.destination(person).history_id}.{holding}"

    def _values(self, person: Person) -> dict[str, object]:
        troubles = tuple(self.office.troubles.values())
        return {
            "person": person,
            "version": self.version(person),
            "firms": (("Northwind", NORTHWIND), ("Fabrikam", FABRIKAM)),
            "troubled": {each.key for trouble in troubles if trouble.holds for each in trouble.people},
            "troubles": troubles,
            "sides": sides(self.office, person),
            "missing_shown": MISSING_SHOWN,
        }
