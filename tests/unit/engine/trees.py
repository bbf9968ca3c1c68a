"""Folders as the journal knows them."""

from bot.domain.mail import DeletedItems, Junk, KnownFolder, MailRules, WellKnown

RULES = MailRules()
EVERYTHING = MailRules(deleted_items=DeletedItems.TRASH, junk=Junk.SPAM)


def folder(
    id_: str,
    name: str,
    parent: str | None = "root",
    well_known: WellKnown | None = None,
    label: str | None = None,
    label_name: str | None = None,
    *,
    is_removed: bool = False,
) -> KnownFolder:
    return KnownFolder(
        id=id_,
        parent=parent,
        name=name,
        well_known=well_known,
        label=label,
        label_name=label_name,
        cursor=None,
        is_removed=is_removed,
        failed=None,
        retry_key=None,
    )


ROOT = folder("root", "Oberste Ebene", None, WellKnown.ROOT)
