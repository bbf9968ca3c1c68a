"""Who works at the office, in which language, and how they sort their mail."""

from dataclasses import dataclass

from bot.sandbox.company.cast import BOUGHT, BOUGHT_PEOPLE, HOURLY, NEW, OLD, PEOPLE

INBOX, SENT, ARCHIVE, DELETED = "inbox", "sentitems", "archive", "deleteditems"
"""Well-known names of Microsoft Graph."""


@dataclass(frozen=True)
class Person:
    """`folders` are paths; those that begin with the inbox's well-known name are inside it."""

    local_part: str
    name: str
    domain: str
    language: str
    folders: tuple[str, ...]

    @property
    def key(self) -> str:
        return self.local_part.lower()

    @property
    def source(self) -> str:
        return f"{self.local_part}@{self.domain}"

    @property
    def destination(self) -> str:
        return f"{self.key}@{NEW}"


_NAMES = {
    "anna.lindqvist": "Anna Lindqvist",
    "LENA.BRANDT": "Lena Brandt",
    "tomasz.zielinski": "Tomasz Zieliński",
    "priya.raman": "Priya Raman",
    "haruto.sato": "佐藤 春人",
    "ines.duarte": "Inês Duarte",
    "oluwaseun.adeyemi": "Oluwaseun Adeyemi",
    "marta.kowalska": "Marta Kowalska",
    "jean-luc.moreau": "Jean-Luc Moreau",
    "noor.haddad": "Noor Haddad",
    "sofia.reyes": "Sofia Reyes",
    "victor.hugo.lima": "Victor Hugo Lima",
    "yuki.tanaka": "Yuki Tanaka",
}
_LANGUAGES = {"LENA.BRANDT": "de", "jean-luc.moreau": "fr"}
_FOLDERS = {
    "LENA.BRANDT": ("inbox/Verträge", "Projekte/Überführung", "Projekte/Überführung/Pläne"),
    "jean-luc.moreau": ("inbox/Réunions", "Projets/Usine de Lyon"),
    "haruto.sato": ("inbox/見積書", "展示会/2026"),
    "tomasz.zielinski": ("inbox/Faktury", "Targi/2026/Zdjęcia 📷"),
    "noor.haddad": ("inbox/Suppliers", "Projects/مشروع المصنع"),
    "sofia.reyes": ("inbox/Facturas", "Clientes/Lisboa"),
}
_USUAL = ("inbox/Suppliers", "Projects/Plant move", "Projects/Plant move/Drawings")


def _people(rows: tuple[tuple[str, object], ...], domain: str) -> tuple[Person, ...]:
    return tuple(
        Person(local, _NAMES[local], domain, _LANGUAGES.get(local, "en"), _FOLDERS.get(local, _USUAL))
        for local, _ in rows
        if local in _NAMES
    )


NORTHWIND = _people(tuple(row for row in PEOPLE if row[1] is HOURLY), OLD)
FABRIKAM = _people(BOUGHT_PEOPLE, BOUGHT)
EVERYBODY = (*NORTHWIND, *FABRIKAM)
