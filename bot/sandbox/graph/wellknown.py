"""Well-known folders: their names in a path, and what they are called in a mailbox.

https://learn.microsoft.com/graph/api/resources/mailfolder lists the names.
"""

ROOT = "msgfolderroot"
IN_EVERY_MAILBOX = (
    "inbox",
    "drafts",
    "sentitems",
    "deleteditems",
    "junkemail",
    "outbox",
    "archive",
)
KNOWN = frozenset(
    {
        ROOT,
        *IN_EVERY_MAILBOX,
        "clutter",
        "conflicts",
        "conversationhistory",
        "localfailures",
        "recoverableitemsdeletions",
        "scheduled",
        "searchfolders",
        "serverfailures",
        "syncissues",
    }
)
_ENGLISH = ("Inbox", "Drafts", "Sent Items", "Deleted Items", "Junk Email", "Outbox", "Archive")
_GERMAN = (
    "Posteingang",
    "Entwürfe",
    "Gesendete Elemente",
    "Gelöschte Elemente",
    "Junk-E-Mail",
    "Postausgang",
    "Archiv",
)
_FRENCH = (
    "Boîte de réception",
    "Brouillons",
    "Éléments envoyés",
    "Éléments supprimés",
    "Courrier indésirable",
    "Boîte d'envoi",
    "Archive",
)
_NAMES = {"en": _ENGLISH, "de": _GERMAN, "fr": _FRENCH}


def display_names(language: str) -> dict[str, str]:
    return dict(zip(IN_EVERY_MAILBOX, _NAMES[language], strict=True))
