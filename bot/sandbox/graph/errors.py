"""The errors that Graph gives, each with where it was published, and their JSON shape."""

from dataclasses import dataclass, replace

Json = dict[str, object]

DOCS = "https://learn.microsoft.com/graph"
ISSUES = "https://github.com/microsoftgraph/microsoft-graph-docs-contrib/issues"
EWS = "https://learn.microsoft.com/exchange/client-developer/web-service-reference/responsecode"
CHALLENGE = (
    'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize",'
    ' client_id="00000003-0000-0000-c000-000000000000"'
)


@dataclass(frozen=True)
class Kind:
    """`source` is the public text that the code or the body is from; `retry_after` is in seconds."""

    status: int
    code: str
    message: str
    source: str
    retry_after: int | None = None
    inner: str | None = None

    def saying(self, message: str) -> "Kind":
        return replace(self, message=message)

    def after(self, seconds: int) -> "Kind":
        """0 leaves Retry-After out, which the throttling guidance allows."""
        return replace(self, retry_after=seconds or None)


class Refusal(Exception):
    """Answered as the error `kind`."""

    def __init__(self, kind: Kind) -> None:
        super().__init__(f"{kind.status} {kind.code}: {kind.message}")
        self.kind = kind


_NOT_FOUND = "The specified object was not found in the store."
_TRY_LATER = "The service is temporarily unavailable. Please retry after some time."

_TABLE = (
    Kind(
        404,
        "ErrorItemNotFound",
        _NOT_FOUND,
        "https://github.com/microsoftgraph/msgraph-sdk-dotnet/issues/259",
    ),
    Kind(400, "ErrorInvalidIdMalformed", "Id is malformed.", f"{ISSUES}/106"),
    Kind(
        500,
        "ErrorMimeContentConversionFailed",
        "MIME content conversion failed.",
        "https://github.com/LogicLabs-OU/OpenArchiver/issues/487",
    ),
    Kind(
        500,
        "ErrorContentConversionFailed",
        "Content conversion failed., Content conversion: Body conversion failed.",
        f"{ISSUES}/7758",
    ),
    # The status is not published for Graph; Exchange's other conversion errors are 500.
    Kind(500, "ErrorItemCorrupt", "The item is corrupt.", EWS),
    Kind(429, "TooManyRequests", "Please retry again later.", f"{DOCS}/throttling", 10, "429"),
    Kind(
        429,
        "ApplicationThrottled",
        "Application is over its MailboxConcurrency limit.",
        "https://github.com/alcionai/corso/issues/3695",
        1,
    ),
    # Reported without Retry-After, and as 500 and 429: OfficeDev/outlook-dev-docs issue 144.
    Kind(
        500,
        "ErrorTooManyObjectsOpened",
        "Too many concurrent connections opened., Cannot open mailbox.",
        "https://github.com/microsoftgraph/microsoft-graph-explorer-v4/issues/4056",
    ),
    Kind(503, "serviceNotAvailable", _TRY_LATER, f"{DOCS}/errors", 5),
    Kind(504, "UnknownError", "", f"{ISSUES}/6538"),
    # The status is documented, a code for it is not.
    Kind(509, "BandwidthLimitExceeded", "Bandwidth limit exceeded.", f"{DOCS}/errors", 30),
    Kind(
        404,
        "MailboxNotEnabledForRESTAPI",
        "The mailbox is either inactive, soft-deleted, or is hosted on-premise.",
        "https://github.com/microsoftgraph/msgraph-sdk-javascript/issues/1756",
    ),
    # The code is published with the Outlook REST API; the status and the sentence are its sibling's.
    Kind(
        404,
        "MailboxNotSupportedForRESTAPI",
        "REST API is not yet supported for this mailbox.",
        "https://learn.microsoft.com/previous-versions/office/office-365-api/api/version-2.0/use-outlook-rest-api",
    ),
    Kind(404, "ErrorInvalidUser", "The requested user is invalid.", f"{ISSUES}/5460"),
    Kind(404, "ResourceNotFound", "Resource could not be discovered.", f"{ISSUES}/4340"),
    Kind(403, "ErrorQuotaExceeded", "Mailbox has exceeded maximum mailbox size.", f"{ISSUES}/6596"),
    Kind(
        404,
        "Request_ResourceNotFound",
        "Resource does not exist or one of its queried reference-property objects are not present.",
        f"{ISSUES}/6431",
    ),
    Kind(
        401,
        "InvalidAuthenticationToken",
        "Lifetime validation failed, the token is expired.",
        "https://github.com/OfficeDev/outlook-dev-docs/issues/508",
    ),
    Kind(
        403,
        "ErrorAccessDenied",
        "Access is denied. Check credentials and try again.",
        "https://github.com/microsoftgraph/microsoft-graph-explorer-v4/issues/900",
    ),
    Kind(403, "accessDenied", "The caller doesn't have permission to perform the action.", f"{DOCS}/errors"),
    # A challenge of conditional access; the code of its body is not published.
    Kind(403, "insufficient_claims", "Forbidden", f"{DOCS}/errors"),
    Kind(
        403,
        "Authorization_RequestDenied",
        "Insufficient privileges to complete the operation.",
        f"{DOCS}/json-batching",
    ),
    # The code is Exchange's; the status under Graph is not published.
    Kind(
        503,
        "ErrorMailboxMoveInProgress",
        "Mailbox move in progress. Try again later., Cannot open mailbox.",
        EWS,
    ),
    Kind(
        410,
        "SyncStateNotFound",
        "The sync state generation is not found; generation=149;[highest=157][157][155][156].",
        f"{ISSUES}/7897",
    ),
    Kind(410, "resyncRequired", "Resync is required.", f"{DOCS}/errors"),
    Kind(500, "InternalServerError", "Error while processing response.", f"{ISSUES}/7758"),
    Kind(400, "BadRequest", "The request is malformed or incorrect.", f"{ISSUES}/6305"),
    Kind(
        400,
        "ErrorInvalidUrlQuery",
        "The following parameters are not supported with change tracking.",
        f"{DOCS}/delta-query-events",
    ),
    Kind(400, "ErrorInvalidRequest", "The OData request is not supported.", f"{ISSUES}/5546"),
    Kind(
        405,
        "Request_BadRequest",
        "Specified HTTP method is not allowed for the request target.",
        f"{DOCS}/json-batching",
    ),
    Kind(
        400,
        "MaximumValueExceeded",
        "Number of batch request steps exceeds the maximum value of 20.",
        f"{DOCS}/json-batching#batch-size-limitations",
    ),
    Kind(501, "notSupported", "The stand-in does not do this.", f"{DOCS}/errors"),
)
KINDS = {kind.code: kind for kind in _TABLE}


def refusal(code: str, message: str | None = None) -> Refusal:
    kind = KINDS[code]
    return Refusal(kind if message is None else kind.saying(message))


def body(kind: Kind, *, date: str, request_id: str, client_request_id: str) -> Json:
    """https://learn.microsoft.com/graph/errors ; the throttling guidance nests a code of its own."""
    inner: Json = {"date": date, "request-id": request_id, "client-request-id": client_request_id}
    if kind.inner:
        inner = {"code": kind.inner, "message": "Please retry after", "status": kind.inner, **inner}
    return {"error": {"code": kind.code, "message": kind.message, "innerError": inner}}


def headers(kind: Kind) -> dict[str, str]:
    found = {}
    if kind.retry_after is not None:
        found["Retry-After"] = str(kind.retry_after)
    if kind.status == 401:  # noqa: PLR2004 - HTTP's
        found["WWW-Authenticate"] = CHALLENGE
    return found
