"""Tokens from the stand-in's sign-in, by msal, with secrets and certificates that are renewed."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from bot.clock import SystemClock
from bot.domain.connections import Keeper, Microsoft365, SecretRef
from bot.engine.fault import Fault
from bot.engine.graph.login import Login, Session
from bot.sandbox.graph import World
from tests.unit.engine.graph.conftest import ADDRESS, CLIENT, CONNECTION, SECRET, SECRET_NAME, TENANT, Site

SCOPE = "https://graph.microsoft.com/.default"
FILE = Microsoft365("main", TENANT, CLIENT, certificate=SecretRef(Keeper.ENV, "GRAPH_TEST_CERTIFICATE"))


async def refusal(site: Site, connection: Microsoft365 = CONNECTION) -> Fault:
    with pytest.raises(Fault) as error:
        await site.client(connection).token()
    return error.value


# Secrets


async def test_a_token_is_had_by_a_secret_and_taken_by_graph(site: Site) -> None:
    token = await site.graph.token()
    assert token.count(".") == 2
    assert await site.source.well_known()
    assert site.stand_in.requests.by_kind["token"] == 2  # the discovery, and the token


async def test_a_token_is_asked_for_once_in_an_hour(site: Site) -> None:
    first = await site.graph.token()
    site.pass_by(timedelta(minutes=50))
    assert await site.graph.token() == first
    site.pass_by(timedelta(minutes=5))
    assert await site.graph.token() != first
    await site.source.well_known()


async def test_a_token_that_graph_no_longer_takes_is_renewed_once(site: Site) -> None:
    first = await site.graph.token()
    site.stand_in.expire_access_tokens()
    await asyncio.gather(*(site.source.folder_page(None) for _ in range(3)))
    assert await site.graph.token() != first
    assert site.stand_in.requests.by_kind["token"] == 4


async def test_a_new_token_that_is_refused_too_is_the_credentials_fault(site: Site) -> None:
    site.stand_in.faults.on_user(ADDRESS, "InvalidAuthenticationToken", times=2)
    with pytest.raises(Fault, match="InvalidAuthenticationToken") as error:
        await site.source.folder_page(None)
    assert error.value.cause.code == "source_auth"
    await site.source.folder_page(None)


async def test_a_renewed_secret_is_used_without_a_restart(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = site.stand_in.world.app(TENANT, CLIENT)
    assert app is not None
    await site.graph.token()
    site.stand_in.world.renew_secret(app, "a-newer-secret")
    site.stand_in.expire_access_tokens()
    with pytest.raises(Fault, match="AADSTS7000215"):
        await site.source.folder_page(None)
    monkeypatch.setenv(SECRET_NAME, "a-newer-secret")
    await site.source.folder_page(None)


async def test_what_entra_says_of_a_secret_is_passed_on_without_the_secret(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SECRET_NAME, "a-wrong-secret")
    fault = await refusal(site)
    assert fault.cause.code == "source_auth"
    assert str(fault).startswith("invalid_client: AADSTS7000215: Invalid client secret")
    assert "a-wrong-secret" not in str(fault)
    assert "Trace ID" not in str(fault)


async def test_an_expired_secret_says_so(site: Site) -> None:
    app = site.stand_in.world.app(TENANT, CLIENT)
    assert app is not None
    site.stand_in.world.expire_secret(app)
    assert "AADSTS7000222" in str(await refusal(site))


async def test_an_app_or_tenant_that_does_not_exist_says_so(site: Site) -> None:
    secret = SecretRef(Keeper.ENV, SECRET_NAME)
    no_app = await refusal(site, Microsoft365("main", TENANT, TENANT, secret=secret))
    no_tenant = await refusal(site, Microsoft365("main", CLIENT, CLIENT, secret=secret))
    assert "AADSTS700016" in str(no_app)
    assert "AADSTS90002" in str(no_tenant)
    assert {no_app.cause.code, no_tenant.cause.code} == {"source_auth"}


async def test_a_secret_that_is_not_set_is_named(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SECRET_NAME)
    fault = await refusal(site)
    assert fault.cause.code == "source_auth"
    assert f"env:{SECRET_NAME}" in str(fault)


async def test_a_connection_without_credentials_says_so(site: Site) -> None:
    fault = await refusal(site, Microsoft365("main", TENANT, CLIENT))
    assert fault.cause.code == "source_auth"
    assert "neither a secret nor a certificate" in str(fault)


# Trouble on the way


@pytest.mark.parametrize(
    ("trouble", "cause"),
    [
        ("dropped", "network"),
        ("truncated", "network"),
        ("TooManyRequests", "source_throttled"),
        ("serviceNotAvailable", "source_busy"),
        ("InternalServerError", "source_busy"),
    ],
)
async def test_trouble_with_the_sign_in_is_not_the_credentials_fault(
    site: Site, trouble: str, cause: str
) -> None:
    site.stand_in.faults.on_sign_in(trouble)
    assert (await refusal(site)).cause.code == cause
    await site.graph.token()


async def test_a_sign_in_that_is_not_there_is_the_network(site: Site) -> None:
    login_url = site.stand_in.login_url
    await site.stand_in.stop()
    with pytest.raises(Fault) as error:
        await Login(CONNECTION, login_url, SCOPE).granted()
    assert error.value.cause.code == "network"
    assert "ConnectionError" in str(error.value)


async def answering(answer: Callable[[web.Request], web.Response]) -> Fault:
    async def handle(request: web.Request) -> web.Response:
        return answer(request)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handle)
    async with TestServer(app) as server:
        with pytest.raises(Fault) as error:
            await Login(CONNECTION, str(server.make_url("")), SCOPE).granted()
    return error.value


@pytest.mark.usefixtures("site")
async def test_a_page_of_somebody_elses_is_the_network() -> None:
    fault = await answering(lambda _: web.Response(text="<html>Please sign in to the airport's network"))
    assert fault.cause.code == "network"


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(
    ("body", "cause"),
    [
        ({"error": "temporarily_unavailable", "error_description": "AADSTS90033: Wait."}, "source_busy"),
        (
            {"error": "invalid_client", "error_description": "AADSTS7000222: Old.\r\nTrace ID: 1"},
            "source_auth",
        ),
        ({"error": "invalid_grant"}, "source_auth"),
        ({}, "source_auth"),
        ({"access_token": ["x"], "expires_in": 60}, "unknown"),
    ],
)
async def test_an_answer_without_a_token_is_a_fault(body: dict[str, object], cause: str) -> None:
    def answer(request: web.Request) -> web.Response:
        base = f"https://{request.host}/{TENANT}/oauth2/v2.0"
        found = {"token_endpoint": f"{base}/token", "authorization_endpoint": f"{base}/authorize"}
        return web.json_response(found if request.method == "GET" else body)

    assert (await answering(answer)).cause.code == cause


@pytest.mark.usefixtures("site")
async def test_a_sign_in_that_takes_too_long_is_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.engine.graph.login.TIMEOUT", timedelta(0))
    with pytest.raises(Fault, match="in time") as error:
        await Login(CONNECTION, "http://127.0.0.1:9", SCOPE).granted()
    assert error.value.cause.code == "network"


# Addresses and timeouts


class Sent(Exception):
    """Carries what would have gone to the network."""


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []

    def send(_: object, request: requests.PreparedRequest, **kwargs: object) -> requests.Response:
        found.append((str(request.url), kwargs["timeout"]))
        raise requests.ConnectTimeout

    monkeypatch.setattr(requests.Session, "send", send)
    return found


@pytest.mark.parametrize(
    ("plain", "asked", "expected"),
    [
        (None, "https://login.microsoftonline.com/t", "https://login.microsoftonline.com/t"),
        ("127.0.0.1:80", "https://127.0.0.1:80/t?a=https:", "http://127.0.0.1:80/t?a=https:"),
        ("127.0.0.1:80", "https://127.0.0.1:8080/t", "https://127.0.0.1:8080/t"),
        ("127.0.0.1:80", "https://login.microsoftonline.com/t", "https://login.microsoftonline.com/t"),
    ],
)
def test_nothing_but_a_stand_in_is_spoken_to_without_tls(
    sent: list[tuple[str, object]], plain: str | None, asked: str, expected: str
) -> None:
    with Session(plain) as session, pytest.raises(Fault, match="ConnectTimeout"):
        session.get(asked)
    assert sent == [(expected, (10, 20))]


async def test_an_https_authority_goes_to_msal_as_it_is(site: Site, sent: list[tuple[str, object]]) -> None:
    with pytest.raises(Fault, match="ConnectTimeout") as error:
        await Login(CONNECTION, "https://login.microsoftonline.us/", SCOPE).granted()
    assert error.value.cause.code == "network"
    [(url, _)] = sent
    assert url == f"https://login.microsoftonline.us/{TENANT}/v2.0/.well-known/openid-configuration"


# Certificates


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def certificate(key: rsa.RSAPrivateKey, name: str) -> x509.Certificate:
    now = SystemClock().now()
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    )
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    return builder.sign(key, hashes.SHA256())


def pem(key: rsa.RSAPrivateKey, *certificates: x509.Certificate) -> str:
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = [found.public_bytes(serialization.Encoding.PEM).decode() for found in certificates]
    return "".join([*public, private.decode()])


def trust(world: World, found: x509.Certificate) -> None:
    thumbprint = found.fingerprint(hashes.SHA256()).hex()
    world.add_app(TENANT, CLIENT, secret=SECRET, certificate_thumbprint=thumbprint)


@pytest.fixture
def present(site: Site) -> Site:
    """Assertions are signed with the time that it really is."""
    site.time = SystemClock().now()
    return site


async def test_a_certificate_does_as_well(
    present: Site, key: rsa.RSAPrivateKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, issuer = certificate(key, "syncbot"), certificate(key, "issuer")
    trust(present.stand_in.world, own)
    monkeypatch.setenv("GRAPH_TEST_CERTIFICATE", pem(key, own, issuer))
    assert await present.client(FILE).mailbox(ADDRESS).well_known()


async def test_a_renewed_certificate_is_used_without_a_restart(
    present: Site, key: rsa.RSAPrivateKey, tmp_path: Path
) -> None:
    old, new = certificate(key, "old"), certificate(key, "new")
    path = tmp_path / "graph.pem"
    graph = present.client(
        Microsoft365("main", TENANT, CLIENT, certificate=SecretRef(Keeper.FILE, str(path)))
    )
    path.write_text(pem(key, old), encoding="ascii")
    trust(present.stand_in.world, old)
    await graph.token()
    trust(present.stand_in.world, new)
    present.stand_in.expire_access_tokens()
    with pytest.raises(Fault, match="AADSTS700027"):
        await graph.mailbox(ADDRESS).well_known()
    path.write_text(pem(key, new), encoding="ascii")
    assert await graph.mailbox(ADDRESS).well_known()


async def test_a_certificate_that_cannot_be_used_is_the_credentials_fault(
    site: Site, key: rsa.RSAPrivateKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = pem(key, certificate(key, "syncbot"))
    only_key, only_certificate = pem(key), whole.replace(pem(key), "")
    begin, *_, end = only_key.splitlines()
    broken = f"{only_certificate}\n{begin}\nAAAA\n{end}"
    for text in ("no PEM", only_key, only_certificate, broken):
        monkeypatch.setenv("GRAPH_TEST_CERTIFICATE", text)
        fault = await refusal(site, FILE)
        assert fault.cause.code == "source_auth"
        assert not any(line in str(fault) for line in only_key.splitlines()[1:-1])
