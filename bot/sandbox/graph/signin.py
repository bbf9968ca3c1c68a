"""The token endpoint of an application, and the tokens it gave.

https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
https://learn.microsoft.com/entra/identity-platform/reference-error-codes
"""

import base64
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, timedelta

from bot.sandbox.graph.assertion import BadAssertion, check_assertion
from bot.sandbox.graph.errors import Json, Refusal, refusal
from bot.sandbox.graph.model import App
from bot.sandbox.graph.world import World

GRAPH = "https://graph.microsoft.com"
SUFFIX = "/.default"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LIFETIME = timedelta(seconds=3599)
DOTS_OF_A_JWT = 2


@dataclass(frozen=True)
class Grant:
    app: App
    audience: str
    expires_at: float


class SignInRefused(Exception):
    """`number` is the digits of AADSTS."""

    def __init__(self, status: int, error: str, number: int, text: str) -> None:
        super().__init__(f"AADSTS{number}: {text}")
        self.status = status
        self.error = error
        self.number = number


def unavailable(status: int) -> SignInRefused:
    text = "The Microsoft Online Directory Service (MSODS) isn't available."
    return SignInRefused(status, "temporarily_unavailable", 90033, text)


class SignIn:
    def __init__(self, world: World) -> None:
        self._world = world
        self._grants: dict[str, Grant] = {}

    def token(self, tenant: str, form: Mapping[str, str], audiences: frozenset[str]) -> Json:
        """Raises SignInRefused. `audiences` are the ways to write this endpoint in an assertion."""
        app = self._app(tenant, form)
        if form.get("grant_type") != "client_credentials":
            text = f"The app requested an unsupported grant type '{form.get('grant_type')}'."
            raise SignInRefused(400, "unsupported_grant_type", 70003, text)
        self._authenticate(app, form, audiences)
        resource = _resource(form.get("scope"))
        granted = self._issue(app, resource)
        seconds = int(LIFETIME.total_seconds())
        return {
            "token_type": "Bearer",
            "expires_in": seconds,
            "ext_expires_in": seconds,
            "access_token": granted,
        }

    def grant(self, authorization: str | None) -> Grant:
        """Raises Refusal: the messages are those reported (OfficeDev/outlook-dev-docs issue 508)."""
        token = _bearer(authorization)
        found = self._grants.get(token)
        if found is None:
            raise _malformed(token)
        if found.audience != GRAPH:
            raise _invalid("Access token validation failure. Invalid audience.")
        if found.expires_at <= self._world.now().timestamp():
            raise _invalid("Lifetime validation failed, the token is expired.")
        return found

    def expire_tokens(self) -> None:
        """All given so far."""
        for token, grant in self._grants.items():
            self._grants[token] = Grant(grant.app, grant.audience, 0.0)

    def refused(self, error: SignInRefused, host: str) -> Json:
        moment = self._world.now().astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ")
        trace, correlation = self._world.mint.guid(), self._world.mint.guid()
        described = f"{error} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {moment}"
        return {
            "error": error.error,
            "error_description": described,
            "error_codes": [error.number],
            "timestamp": moment,
            "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": f"{host}/error?code={error.number}",
        }

    def _app(self, tenant: str, form: Mapping[str, str]) -> App:
        require_tenant(self._world, tenant)
        client = form.get("client_id")
        if not client:
            raise _missing("client_id")
        found = self._world.app(tenant, client)
        if found is None:
            text = f"Application with identifier '{client}' was not found in the directory '{tenant}'."
            raise SignInRefused(400, "unauthorized_client", 700016, text)
        return found

    def _authenticate(self, app: App, form: Mapping[str, str], audiences: frozenset[str]) -> None:
        if "client_assertion" in form:
            self._check_certificate(app, form, audiences)
        elif "client_secret" in form:
            self._check_secret(app, form["client_secret"])
        else:
            wanted = "'client_assertion' or 'client_secret'"
            text = f"The request body must contain the following parameter: {wanted}."
            raise SignInRefused(401, "invalid_client", 7000218, text)

    def _check_secret(self, app: App, secret: str) -> None:
        if not hmac.compare_digest(secret.encode(), app.secret.encode()):
            text = (
                "Invalid client secret provided. Ensure the secret being sent in the request is the client"
                f" secret value, not the client secret ID, for a secret added to app '{app.client_id}'."
            )
            raise SignInRefused(401, "invalid_client", 7000215, text)
        if app.expires_at is not None and app.expires_at <= self._world.now():
            text = f"The provided client secret keys for app '{app.client_id}' are expired."
            raise SignInRefused(401, "invalid_client", 7000222, text)

    def _check_certificate(self, app: App, form: Mapping[str, str], audiences: frozenset[str]) -> None:
        if form.get("client_assertion_type") != ASSERTION_TYPE:
            raise _missing("client_assertion_type")
        try:
            check_assertion(form["client_assertion"], app, audiences, self._world.now())
        except BadAssertion as error:
            raise SignInRefused(401, "invalid_client", error.number, str(error)) from error

    def _issue(self, app: App, resource: str) -> str:
        now = self._world.now()
        claims = {
            "aud": resource,
            "iat": int(now.timestamp()),
            "exp": int((now + LIFETIME).timestamp()),
            "appid": app.client_id,
            "tid": app.tenant_id,
            "jti": self._world.mint.guid(),
            "roles": sorted(app.roles),
        }
        token = (
            f"{_part({'alg': 'none', 'typ': 'JWT'})}.{_part(claims)}.{self._world.mint.state_token()[:43]}"
        )
        self._grants[token] = Grant(app, resource, (now + LIFETIME).timestamp())
        return token


def require_tenant(world: World, tenant: str) -> None:
    if not world.has_tenant(tenant):
        text = (
            f"Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing"
            " into the correct cloud."
        )
        raise SignInRefused(400, "invalid_request", 90002, text)


def discovery(origin: str, tenant: str) -> Json:
    """As https://login.microsoftonline.com/{tenant}/v2.0/.well-known/openid-configuration ; always https."""
    base = f"{origin.replace('http://', 'https://', 1)}/{tenant}"
    return {
        "issuer": f"{base}/v2.0",
        "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
        "token_endpoint": f"{base}/oauth2/v2.0/token",
        "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
        "jwks_uri": f"{base}/discovery/v2.0/keys",
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
        "response_types_supported": ["code"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
    }


def instances(origin: str, tenant: str) -> Json:
    """What a client asks about an authority it does not know."""
    host = origin.split("://", 1)[1]
    known = {"preferred_network": host, "preferred_cache": host, "aliases": [host]}
    return {
        "tenant_discovery_endpoint": f"https://{host}/{tenant}/v2.0/.well-known/openid-configuration",
        "api-version": "1.1",
        "metadata": [known],
    }


def _part(claims: Json) -> str:
    return base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()


def _resource(scope: str | None) -> str:
    if not scope:
        raise _missing("scope")
    if not scope.endswith(SUFFIX) or " " in scope:
        text = (
            f"The provided value for scope {scope} is not valid. Client credential flows must have a scope"
            " value with /.default suffixed to the resource identifier (application ID URI)."
        )
        raise SignInRefused(400, "invalid_scope", 1002012, text)
    return scope.removesuffix(SUFFIX)


def _missing(name: str) -> SignInRefused:
    text = f"The request body must contain the following parameter: '{name}'."
    return SignInRefused(400, "invalid_request", 900144, text)


def _bearer(authorization: str | None) -> str:
    if not authorization:
        raise _invalid("Access token is empty.")
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise _invalid("Access token is empty.")
    return token


def _malformed(token: str) -> Refusal:
    if token.count(".") != DOTS_OF_A_JWT:
        return _invalid("CompactToken parsing failed with error code: 80049217")
    return _invalid("Access token validation failure.")


def _invalid(message: str) -> Refusal:
    return refusal("InvalidAuthenticationToken", message)
