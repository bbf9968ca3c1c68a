"""The sign-in gives tokens as Entra does, and Graph takes those alone."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import msal
import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from bot.sandbox.graph import GraphStandIn
from tests.unit.sandbox.graph.clients import CLIENT, SCOPE, SECRET, TENANT, USER, Client, Clock


def app_of(graph: GraphStandIn) -> Any:
    found = graph.world.app(TENANT, CLIENT)
    assert found
    return found


async def test_a_token_opens_graph(client: Client) -> None:
    got = await client.sign_in()
    assert got.json | {"access_token": "…"} == {
        "token_type": "Bearer",
        "expires_in": 3599,
        "ext_expires_in": 3599,
        "access_token": "…",
    }
    assert (await client.get("/mailFolders/inbox?$select=id")).status == 200


@pytest.mark.parametrize(
    ("form", "status", "error", "number"),
    [
        ({"client_secret": "another"}, 401, "invalid_client", 7000215),
        ({"client_id": "33333333-3333-4333-8333-333333333333"}, 400, "unauthorized_client", 700016),
        ({"tenant": "nowhere"}, 400, "invalid_request", 90002),
        ({"client_secret": ""}, 401, "invalid_client", 7000218),
        ({"scope": "Mail.Read"}, 400, "invalid_scope", 1002012),
        ({"scope": ""}, 400, "invalid_request", 900144),
        ({"grant_type": "password"}, 400, "unsupported_grant_type", 70003),
    ],
)
async def test_a_refused_sign_in_names_its_number(
    client: Client, form: dict[str, str], status: int, error: str, number: int
) -> None:
    got = await client.sign_in(**form)
    assert (got.status, got.json["error"], got.json["error_codes"]) == (status, error, [number])
    assert got.json["error_description"].startswith(f"AADSTS{number}: ")
    assert {"timestamp", "trace_id", "correlation_id"} <= set(got.json)


async def test_an_expired_secret_is_told_apart_until_it_is_renewed(
    client: Client, graph: GraphStandIn, clock: Clock
) -> None:
    graph.world.renew_secret(app_of(graph), SECRET, clock() + timedelta(days=1))
    assert (await client.sign_in()).status == 200
    clock.pass_by(days=1)
    assert (await client.sign_in()).json["error_codes"] == [7000222]
    graph.world.renew_secret(app_of(graph), "newer")
    assert (await client.sign_in(client_secret="newer")).status == 200
    graph.world.expire_secret(app_of(graph))
    assert (await client.sign_in(client_secret="newer")).json["error_codes"] == [7000222]


async def test_a_token_ends_after_its_time(client: Client, clock: Clock) -> None:
    clock.pass_by(seconds=3600)
    got = await client.get("/mailFolders/inbox")
    assert (got.status, got.code) == (401, "InvalidAuthenticationToken")
    assert "expired" in got.json["error"]["message"]
    assert got.headers["WWW-Authenticate"].startswith("Bearer ")


async def test_tokens_can_be_ended_at_once(client: Client, graph: GraphStandIn) -> None:
    graph.expire_access_tokens()
    assert (await client.get("/mailFolders/inbox")).status == 401
    assert graph.requests.by_kind["folder"] == 1


async def test_a_token_for_another_audience_is_refused(client: Client) -> None:
    assert (await client.sign_in(scope="https://outlook.office.com/.default")).status == 200
    got = await client.get("/mailFolders/inbox")
    assert (got.status, "audience" in got.json["error"]["message"]) == (401, True)


@pytest.mark.parametrize("authorization", ["", "Bearer", "Basic abc", "Bearer nonsense", "Bearer a.b.c"])
async def test_what_is_no_token_is_refused(client: Client, authorization: str) -> None:
    got = await client.get("/mailFolders/inbox", Authorization=authorization)
    assert (got.status, got.code) == (401, "InvalidAuthenticationToken")


async def test_without_consent_mail_and_users_are_closed(client: Client, graph: GraphStandIn) -> None:
    graph.world.revoke_consent()
    assert (await client.get("/mailFolders/inbox")).code == "ErrorAccessDenied"
    assert (await client.get("?$select=id")).code == "Authorization_RequestDenied"
    graph.world.grant()
    assert (await client.get("/mailFolders/inbox")).status == 200


async def test_each_permission_opens_its_own(client: Client, graph: GraphStandIn) -> None:
    app = graph.world.add_app(TENANT, CLIENT, secret=SECRET)
    await client.sign_in()
    assert (await client.get("/mailFolders/inbox")).status == 200
    assert (await client.get("?$select=id")).code == "Authorization_RequestDenied"
    app.permissions = frozenset({"User.Read.All"})
    assert (await client.get("/mailFolders/inbox")).code == "ErrorAccessDenied"
    assert (await client.get("?$select=id")).status == 200


class Plain(requests.Session):
    """msal asks https alone: this sends it to the stand-in instead, and nowhere else."""

    def __init__(self, graph: GraphStandIn) -> None:
        super().__init__()
        self._origin = graph.login_url

    def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> requests.Response:
        path = str(url).split("/", 3)[3]
        return super().request(method, f"{self._origin}/{path}", *args, **kwargs)


def acquired(graph: GraphStandIn, credential: object, **kwargs: object) -> dict[str, Any]:
    authority = f"{graph.login_url.replace('http', 'https', 1)}/{TENANT}"
    with Plain(graph) as http:
        app = msal.ConfidentialClientApplication(
            CLIENT, client_credential=credential, authority=authority, http_client=http, **kwargs
        )
        found: dict[str, Any] = app.acquire_token_for_client([SCOPE])
    return found


@pytest.mark.parametrize("options", [{}, {"instance_discovery": False}])
async def test_msal_gets_a_token_with_a_secret(client: Client, options: dict[str, bool]) -> None:
    got = await asyncio.to_thread(acquired, client.graph, SECRET, **options)
    client.token = got["access_token"]
    assert (await client.get("/mailFolders/inbox")).status == 200


async def test_msal_reports_a_wrong_secret(graph: GraphStandIn) -> None:
    got = await asyncio.to_thread(acquired, graph, "another")
    assert (got["error"], got["error_codes"]) == ("invalid_client", [7000215])


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="module")
def certificate(key: rsa.RSAPrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "syncbot")])
    start = datetime(2026, 1, 1, tzinfo=UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(start).not_valid_after(start + timedelta(days=365))
    return builder.sign(key, hashes.SHA256())


def pem(key: rsa.RSAPrivateKey) -> str:
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, plain).decode()


@pytest.fixture
async def certified(certificate: x509.Certificate) -> AsyncIterator[GraphStandIn]:
    """Msal dates its assertions by the real clock."""
    thumbprint = certificate.fingerprint(hashes.SHA256()).hex()
    async with GraphStandIn(now=lambda: datetime.fromtimestamp(time.time(), UTC)) as graph:
        graph.world.add_app(TENANT, CLIENT, secret=SECRET, certificate_thumbprint=thumbprint)
        graph.world.add_user(USER)
        yield graph


async def test_msal_gets_a_token_with_a_certificate(
    certified: GraphStandIn, key: rsa.RSAPrivateKey, certificate: x509.Certificate
) -> None:
    public = certificate.public_bytes(serialization.Encoding.PEM).decode()
    credential = {"private_key": pem(key), "public_certificate": public}
    got = await asyncio.to_thread(acquired, certified, credential)
    async with aiohttp.ClientSession() as http:
        opened = await Client(certified, http, got["access_token"]).get("/mailFolders/inbox")
    assert opened.status == 200


async def test_msal_may_name_the_certificate_by_sha1(
    certified: GraphStandIn, key: rsa.RSAPrivateKey, certificate: x509.Certificate
) -> None:
    thumbprint = certificate.fingerprint(hashes.SHA1()).hex()
    app_of(certified).certificate_thumbprint = thumbprint
    got = await asyncio.to_thread(acquired, certified, {"private_key": pem(key), "thumbprint": thumbprint})
    assert "access_token" in got


async def test_another_certificate_is_refused(
    certified: GraphStandIn, key: rsa.RSAPrivateKey, certificate: x509.Certificate
) -> None:
    app_of(certified).certificate_thumbprint = "00" * 32
    public = certificate.public_bytes(serialization.Encoding.PEM).decode()
    credential = {"private_key": pem(key), "public_certificate": public}
    got = await asyncio.to_thread(acquired, certified, credential)
    assert got["error_codes"] == [700027]
