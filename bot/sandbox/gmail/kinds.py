"""Every refusal of the Gmail API that this stand-in can give, and where its body is published.

`source` begins with `doc` (Google documents it), `seen` (a body that somebody published) or `none` (Gmail's
own body is not published: the nearest documented one stands in for it).
"""

from dataclasses import dataclass

ERRORS_GUIDE = "doc https://developers.google.com/workspace/gmail/api/guides/handle-errors"
DRIVE_ERRORS = "none; as https://developers.google.com/workspace/drive/api/guides/handle-errors"
UPLOADS_GUIDE = "doc https://developers.google.com/workspace/gmail/api/guides/uploads"
STORAGE_CODES = "none; as https://cloud.google.com/storage/docs/json_api/v1/status-codes"
CANONICAL = "doc https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto"
GITHUB = "seen https://github.com/"

_CANONICAL_BY_CODE = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ABORTED",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}


@dataclass(frozen=True)
class Kind:
    """`short` is what `errors[0]` says where it differs from the message above it.

    An `html` kind is answered by Google's front end, with a page instead of JSON.
    """

    code: int
    reason: str
    message: str
    source: str
    domain: str = "global"
    status: str | None = None
    short: str | None = None
    location: tuple[str, str] | None = None
    info: str | None = None
    html: bool = False

    def canonical(self, code: int) -> str | None:
        return self.status or _CANONICAL_BY_CODE.get(code)


_SIGN_IN = (
    "Expected OAuth 2 access token, login cookie or other valid authentication credential. "
    "See https://developers.google.com/identity/sign-in/web/devconsole-project."
)

KINDS: dict[str, Kind] = {
    # What a request says wrongly.
    "badRequest": Kind(400, "badRequest", "Bad Request", ERRORS_GUIDE),
    "invalidArgument": Kind(
        400,
        "invalidArgument",
        "Request contains an invalid argument.",
        GITHUB + "GAM-team/got-your-back/issues/317",
    ),
    "invalidParameter": Kind(
        400,
        "invalid",
        "Invalid value",
        GITHUB + "danny-avila/LibreChat/issues/11761",
    ),
    "invalidFields": Kind(
        400,
        "invalidParameter",
        "Invalid field selection",
        GITHUB + "googleapis/google-api-dotnet-client/issues/1444",
        location=("parameter", "fields"),
    ),
    "invalidId": Kind(400, "invalidArgument", "Invalid id value", GITHUB + "brekkylab/backlot"),
    "rawRequired": Kind(
        400,
        "badRequest",
        "'raw' RFC822 payload message string or uploading message via /upload/* URL required",
        GITHUB + "googleapis/google-api-dotnet-client/issues/856",
    ),
    "payloadTooLarge": Kind(
        400,
        "badRequest",
        "Request payload size exceeds the limit: 10485760 bytes.",
        GITHUB + "googleworkspace/dotnet-samples/issues/23",
    ),
    "badContent": Kind(400, "badContent", "Media type is not supported.", UPLOADS_GUIDE),
    "invalidFrom": Kind(
        400,
        "invalidArgument",
        "Expected a single 'From' header",
        GITHUB + "google/import-mailbox-to-gmail/issues/23",
    ),
    "invalidAttachment": Kind(
        400,
        "invalidArgument",
        "Invalid attachment. Please check https://support.google.com/mail/answer/6590.",
        GITHUB + "YoRyan/turbogmailify/issues/45",
    ),
    "invalidLabelName": Kind(
        400,
        "invalidArgument",
        "Invalid label name",
        GITHUB + "GAM-team/got-your-back/issues/110",
    ),
    "invalidLabel": Kind(
        400,
        "invalidArgument",
        "Invalid label",
        GITHUB + "googleapis/google-api-php-client/issues/1254",
    ),
    "onePlace": Kind(
        400,
        "invalidArgument",
        "Can only add one of: INBOX, SPAM, TRASH",
        GITHUB + "gauteh/lieer/issues/26",
    ),
    "nothingToModify": Kind(
        400,
        "invalidArgument",
        "No label add or removes specified",
        GITHUB + "googleapis/google-api-nodejs-client/issues/312",
    ),
    "labelLimit": Kind(
        400,
        "failedPrecondition",
        "Label limit exceeded",
        "none; the limit itself: the discovery document of Gmail v1, Label",
        status="FAILED_PRECONDITION",
    ),
    # What is not there, or not allowed.
    "notFound": Kind(404, "notFound", "Requested entity was not found.", GITHUB + "brekkylab/backlot"),
    "sessionGone": Kind(404, "notFound", "Not Found", UPLOADS_GUIDE),
    "sessionExpired": Kind(410, "gone", "Gone", GITHUB + "googleapis/python-storage/issues/26"),
    "aborted": Kind(
        409,
        "aborted",
        "Label name exists or conflicts",
        GITHUB + "GAM-team/got-your-back/issues/105",
    ),
    "mailServiceOff": Kind(
        400,
        "failedPrecondition",
        "Mail service not enabled",
        GITHUB + "WPManageNinja/fluent-smtp/issues/152",
        status="FAILED_PRECONDITION",
    ),
    "preconditionFailed": Kind(
        400,
        "failedPrecondition",
        "Precondition check failed.",
        GITHUB + "googleapis/google-api-php-client/issues/2558",
        status="FAILED_PRECONDITION",
    ),
    "authError": Kind(
        401,
        "authError",
        f"Request had invalid authentication credentials. {_SIGN_IN}",
        ERRORS_GUIDE,
        short="Invalid Credentials",
        location=("header", "Authorization"),
    ),
    "loginRequired": Kind(
        401,
        "required",
        f"Request is missing required authentication credential. {_SIGN_IN}",
        GITHUB + "brekkylab/backlot",
        short="Login Required.",
        location=("header", "Authorization"),
    ),
    "insufficientPermissions": Kind(
        403,
        "insufficientPermissions",
        "Request had insufficient authentication scopes.",
        ERRORS_GUIDE,
        short="Insufficient Permission",
        info="ACCESS_TOKEN_SCOPE_INSUFFICIENT",
    ),
    "delegationDenied": Kind(
        403,
        "forbidden",
        "Delegation denied",
        GITHUB + "home-assistant/core/issues/87920",
    ),
    "domainPolicy": Kind(
        403, "domainPolicy", "The domain administrators have disabled Gmail apps.", ERRORS_GUIDE
    ),
    "accessNotConfigured": Kind(
        403,
        "accessNotConfigured",
        "Gmail API has not been used in project 100000000000 before or it is disabled.",
        GITHUB + "DSchau/gatsby-mail/issues/35",
        domain="usageLimits",
    ),
    # What is too much.
    "uploadTooLarge": Kind(413, "uploadTooLarge", "Request Too Large", STORAGE_CODES),
    "storageQuotaExceeded": Kind(
        403, "storageQuotaExceeded", "The user's storage quota has been exceeded.", DRIVE_ERRORS
    ),
    "dailyLimitExceeded": Kind(
        403, "dailyLimitExceeded", "Daily Limit Exceeded", ERRORS_GUIDE, domain="usageLimits"
    ),
    "userRateLimitExceeded": Kind(
        403, "userRateLimitExceeded", "User Rate Limit Exceeded", ERRORS_GUIDE, domain="usageLimits"
    ),
    "rateLimitExceeded": Kind(
        403, "rateLimitExceeded", "Rate Limit Exceeded", ERRORS_GUIDE, domain="usageLimits"
    ),
    "quotaExceeded": Kind(
        403,
        "rateLimitExceeded",
        "Quota exceeded for quota metric 'Queries' and limit 'Queries per minute per user' of service "
        "'gmail.googleapis.com' for consumer 'project_number:100000000000'.",
        GITHUB + "mxngls/gmail-cleaner/issues/5",
        domain="usageLimits",
    ),
    "tooManyRequests": Kind(
        429,
        "rateLimitExceeded",
        "Resource has been exhausted (e.g. check quota).",
        GITHUB + "elie222/inbox-zero/issues/379",
    ),
    "tooManyConcurrent": Kind(
        429,
        "rateLimitExceeded",
        "Too many concurrent requests for user",
        ERRORS_GUIDE + " (the limit; the text stands in many reports)",
        domain="usageLimits",
    ),
    # What is Google's own fault.
    "backendError": Kind(500, "backendError", "Backend Error", ERRORS_GUIDE),
    "badGateway": Kind(502, "badGateway", "Bad Gateway", ERRORS_GUIDE, html=True),
    "unavailable": Kind(503, "backendError", "The service is currently unavailable.", ERRORS_GUIDE),
    "deadlineExceeded": Kind(
        504, "backendError", "Deadline expired before operation could complete.", CANONICAL
    ),
    "unimplemented": Kind(501, "notImplemented", "Not part of this stand-in.", CANONICAL),
}
