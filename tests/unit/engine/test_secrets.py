"""A secret is read where its reference says, each time anew, and never shown."""

from pathlib import Path

import pytest

from bot.domain.connections import Keeper, SecretRef
from bot.engine.secrets import secret
from bot.errors import BadSettings

NAME = "SYNCBOT_TEST_SECRET"
ENV = SecretRef(Keeper.ENV, NAME)


def test_a_secret_of_the_environment_is_read_anew_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, " first\n")
    assert secret(ENV) == "first"
    monkeypatch.setenv(NAME, "second")
    assert secret(ENV) == "second"


def test_a_secret_of_a_file_is_read_anew_each_time(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("-----BEGIN KEY-----\nabc\n-----END KEY-----\n", encoding="utf-8")
    ref = SecretRef(Keeper.FILE, str(path))
    assert secret(ref) == "-----BEGIN KEY-----\nabc\n-----END KEY-----"
    path.write_text("renewed", encoding="utf-8")
    assert secret(ref) == "renewed"


@pytest.mark.parametrize("value", [None, "", "  \n"])
def test_a_secret_that_is_not_set_is_named(monkeypatch: pytest.MonkeyPatch, value: str | None) -> None:
    monkeypatch.delenv(NAME, raising=False)
    if value is not None:
        monkeypatch.setenv(NAME, value)
    with pytest.raises(BadSettings, match=f"env:{NAME} is not set"):
        secret(ENV)


@pytest.mark.parametrize("content", [None, b"", b" \n", b"\xff\xfehidden"])
def test_a_file_that_holds_no_secret_is_named_without_what_is_in_it(
    tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "secret"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadSettings) as raised:
        secret(SecretRef(Keeper.FILE, str(path)))
    assert f"file:{path}" in str(raised.value)
    assert "hidden" not in str(raised.value)


def test_the_mark_at_the_beginning_of_a_windows_file_is_no_part_of_the_secret(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_bytes(b"\xef\xbb\xbfsecret\r\n")
    assert secret(SecretRef(Keeper.FILE, str(path))) == "secret"


def test_a_folder_is_no_secret(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="cannot be read"):
        secret(SecretRef(Keeper.FILE, str(tmp_path)))
