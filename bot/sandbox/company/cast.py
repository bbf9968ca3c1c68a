"""Who works at the company, and what they write to each other about."""

from bot.sandbox.company.world import Policy

HOURLY = Policy("pol-exec", "Executives, hourly", "Board and management", 1, "hour")
DAILY = Policy("pol-staff", "Staff, daily", "Everybody at Northwind", 1, "day")
WEEKLY = Policy("pol-archive", "Shared mailboxes, weekly", "Team and role mailboxes", 1, "week")
PAUSED = Policy("pol-pilot", "Pilot group", "Paused since the pilot ended", 12, "hour", active=False)
POLICIES = (HOURLY, DAILY, WEEKLY, PAUSED)

OLD, BOUGHT, NEW = "northwind.example", "fabrikam.example", "tailspin.example"
"""Northwind and Fabrikam, which it bought, move to Tailspin's Workspace."""

PEOPLE: tuple[tuple[str, Policy], ...] = (
    ("anna.lindqvist", HOURLY),
    ("LENA.BRANDT", HOURLY),
    ("tomasz.zielinski", HOURLY),
    ("priya.raman", HOURLY),
    ("haruto.sato", HOURLY),
    ("ines.duarte", HOURLY),
    ("oluwaseun.adeyemi", HOURLY),
    ("marta.kowalska", HOURLY),
    ("jean-luc.moreau", HOURLY),
    ("noor.haddad", HOURLY),
    ("ben.okafor", DAILY),
    ("carla.esposito", DAILY),
    ("dmitri.volkov", DAILY),
    ("eilidh.macrae", DAILY),
    ("fatima.zahra", DAILY),
    ("george.papadakis", DAILY),
    ("hanna.virtanen", DAILY),
    ("igor.novak", DAILY),
    ("jia.wei", DAILY),
    ("kofi.mensah", DAILY),
    ("accounts", WEEKLY),
    ("reception", WEEKLY),
    ("legal-archive", WEEKLY),
    ("pilot.one", PAUSED),
    ("pilot.two", PAUSED),
)

BOUGHT_PEOPLE: tuple[tuple[str, Policy], ...] = (
    ("sofia.reyes", HOURLY),
    ("victor.hugo.lima", HOURLY),
    ("yuki.tanaka", DAILY),
)

NEVER_SYNCED = ("new.starter", WEEKLY)
IN_INITIAL_SYNC = ("wei.zhang", DAILY)

FOLDERS = (
    "Inbox",
    "Inbox/Suppliers",
    "Sent Items",
    "Archive/2025",
    "Projects/Überführung",
    "Posteingang/Verträge",
    "受信トレイ/見積書",
    "Boîte de réception/Réunions",
)

SUBJECTS = (
    "Drawings, second set",
    "Re: Q3 forecast, final numbers",
    "見積書のご送付について",
    "Fwd: Vertragsentwurf Überführung",
    "🎉 You are invited: summer party",
    "Compte rendu de la réunion du 4 mars",
    "Invoice 2026-0417 (overdue)",
    "Secure: payroll corrections",
    "Board pack, confidential",
    "עדכון פרויקט / Project update",
    "Re: Re: Re: access to the plant on Friday",
    "Zdjęcia z targów 📷",
    "Scan from the 3rd floor printer",
    "New release of the installer",
    "Travel request: Lisbon → Oslo",
)

SENDERS = (
    "Ines Duarte <ines.duarte@northwind.example>",
    "佐藤 春人 <haruto.sato@northwind.example>",
    "Søren Kjær <soren@wingtip.example>",
    "PRINTER-3F@NORTHWIND.EXAMPLE",
    "Łukasz Wójcik <lukasz@adatum.example>",
    "Zoë & Partners 💼 <office@proseware.example>",
    "משרד הפרויקטים <pmo@litware.example>",
    "Payroll <payroll@northwind.example>",
)

THE_DOZEN = "marta.kowalska"
"""Who has a dozen failed messages."""

FAILED_MESSAGES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        THE_DOZEN,
        (
            *("too_large", "too_large", "encrypted", "attachment", "damaged", "too_large"),
            *("encrypted", "encrypted", "attachment", "throttled", "damaged", "unavailable"),
        ),
    ),
    ("anna.lindqvist", ("too_large", "encrypted", "attachment")),
    ("priya.raman", ("encrypted",)),
    ("haruto.sato", ("damaged", "attachment")),
    ("carla.esposito", ("too_large",)),
    ("jean-luc.moreau", ("throttled",)),
    ("legal-archive", ("attachment", "too_large")),
)
"""Local parts, and what is wrong with the messages of each."""

BROKEN_MAILBOXES = (("dmitri.volkov", "no_licence"), ("noor.haddad", "storage"), ("reception", "source_off"))
BROKEN_CONNECTION = "Fabrikam"
