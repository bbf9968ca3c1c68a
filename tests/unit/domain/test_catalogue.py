"""Every failure that the two vendors document has its class, its scope, its cause and its remedy."""

import pytest

from bot.domain.catalogue import CATALOGUE, Healing, Scope, cause_of

T, R, P, S = Healing.TRANSIENT, Healing.REPAIRED, Healing.PERMANENT, Healing.SKIPPED
I, M, C = Scope.ITEM, Scope.MAILBOX, Scope.CONNECTION  # noqa: E741 - the letters of the catalogue

ROWS = [
    ("source_item_gone", S, I, "deleted", "Nothing to do"),
    ("source_mime_conversion", P, I, "S/MIME", "Outlook"),
    ("source_content_corrupt", P, I, "Damaged", "Outlook"),
    ("source_throttled", T, M, "Too many calls", "Nothing to do"),
    ("source_busy", T, M, "busy or down", "service health"),
    ("source_mailbox_unavailable", P, M, "licence", "policy"),
    ("source_mailbox_full", P, M, "mailbox is full", "quota"),
    ("source_user_missing", P, M, "renamed", "Entra"),
    ("source_auth", P, C, "expired", "Renew the connection"),
    ("source_forbidden", P, C, "Permission removed", "consent"),
    ("source_move_in_progress", T, M, "moving the mailbox", "Wait"),
    ("dest_too_large", P, I, "Larger than Gmail", "Drive"),
    ("dest_rejected", P, I, "Blocked attachment", "by hand"),
    ("dest_label_invalid", R, I, "folder name", "safe name"),
    ("dest_label_gone", R, M, "removed during the run", "recreated"),
    ("dest_label_conflict", R, M, "another spelling", "existing one"),
    ("dest_label_limit", P, I, "10,000 labels", "Remove labels"),
    ("dest_service_off", P, M, "switched off", "licence"),
    ("dest_user_missing", P, M, "missing or was renamed", "Provision"),
    ("dest_auth", P, C, "refused the credentials", "Renew the connection"),
    ("dest_scope", P, C, "lacks a scope", "Admin console"),
    ("dest_policy", P, C, "blocked", "Allow"),
    ("dest_api_off", P, C, "Gmail API", "Enable"),
    ("dest_throttled", T, M, "quota", "Nothing to do"),
    ("dest_daily_quota", T, C, "daily quota", "raise the quota"),
    ("dest_storage_full", P, M, "storage is full", "buy storage"),
    ("dest_unavailable", T, I, "Gmail did not answer", "tried again"),
    ("network", T, M, "network", "tried again"),
    ("interrupted", T, M, "stopped in the middle", "next run"),
    ("overdue", P, M, "one and a half times", "sync the mailbox now"),
    ("unknown", P, I, "not known", "support"),
]


def test_a_code_has_its_class_scope_cause_and_remedy() -> None:
    for code, healing, scope, cause, remedy in ROWS:
        entry = cause_of(code)
        assert (entry.code, entry.healing, entry.scope) == (code, healing, scope)
        assert cause in entry.cause, code
        assert remedy in entry.remedy, code


def test_the_table_above_and_the_catalogue_hold_the_same_codes() -> None:
    assert set(CATALOGUE) == {row[0] for row in ROWS}


@pytest.mark.parametrize("code", ["", "dest_too_Large", "weird_engine_code", "SOURCE_AUTH", "../etc"])
def test_a_code_that_no_rule_knows_is_shown_as_unknown(code: str) -> None:
    assert cause_of(code) is CATALOGUE["unknown"]


def test_only_transient_and_repaired_failures_heal_by_themselves() -> None:
    healing = {code for code, cause in CATALOGUE.items() if cause.heals_by_itself}
    assert healing == {code for code, cause in CATALOGUE.items() if cause.healing in (T, R)}


def test_causes_and_remedies_are_phrases_that_fit_a_card() -> None:
    for phrase in (phrase for cause in CATALOGUE.values() for phrase in (cause.cause, cause.remedy)):
        assert phrase[0].isupper(), phrase
        assert not phrase.endswith("."), phrase
        assert len(phrase) <= 120, phrase
