"""Until when a credential holds: what the certificate says, or else the tenant file."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot.domain.connections import Connection, GoogleWorkspace, Keeper, Microsoft365, SecretRef
from bot.domain.expiring import Expiry
from bot.domain.values import Credential
from bot.engine.expiries import Expiries
from tests.unit.doctor.certificates import signed

BEGIN = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
ENV = SecretRef(Keeper.ENV, "ANYTHING")


@dataclass(frozen=True)
class Known:
    connections: tuple[Connection, ...]

    async def connection(self, name: str) -> Connection | None:
        return next((each for each in self.connections if each.name == name), None)

    async def all(self) -> tuple[Connection, ...]:
        return self.connections


async def expiries(*connections: Connection) -> tuple[Expiry, ...]:
    return await Expiries(Known(connections)).expiries()


async def test_a_certificate_tells_it_itself_and_is_read_anew_each_time(tmp_path: Path) -> None:
    path = tmp_path / "m365.pem"
    known = Microsoft365("m365", "t", "c", certificate=SecretRef(Keeper.FILE, str(path)))
    for days in (30, 365):
        path.write_text(signed(BEGIN, timedelta(days=days)).both, encoding="utf-8")
        until = BEGIN + timedelta(days=days)
        assert await expiries(known) == (Expiry("m365", "source_auth", Credential.CERTIFICATE, until),)


async def test_of_a_secret_and_a_key_the_tenant_file_may_tell(tmp_path: Path) -> None:
    """Their last day begins at midnight, since nobody says at which hour they end."""
    day = date(2027, 1, 31)
    midnight = datetime(2027, 1, 31, tzinfo=UTC)
    secret, key = Credential.SECRET, Credential.KEY
    assert await expiries(
        Microsoft365("a", "t", "c", secret=ENV, secret_expires=day),
        Microsoft365("b", "t", "c", secret=ENV),
        GoogleWorkspace("c", ENV, day),
        GoogleWorkspace("d", ENV),
    ) == (
        Expiry("a", "source_auth", secret, midnight, is_declared=True),
        Expiry("b", "source_auth", secret, None, is_declared=True),
        Expiry("c", "dest_auth", key, midnight, is_declared=True),
        Expiry("d", "dest_auth", key, None, is_declared=True),
    )


async def test_what_cannot_be_read_hides_no_other(tmp_path: Path) -> None:
    path = tmp_path / "broken.pem"
    path.write_text("no certificate", encoding="utf-8")
    broken = Microsoft365("broken", "t", "c", certificate=SecretRef(Keeper.FILE, str(path)))
    missing = Microsoft365("missing", "t", "c", certificate=SecretRef(Keeper.FILE, str(tmp_path / "none")))
    assert [each.connection for each in await expiries(broken, missing, GoogleWorkspace("g", ENV))] == ["g"]
