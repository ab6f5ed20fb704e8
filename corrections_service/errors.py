"""Every failure of the service: a sentence for people, a code for programs, an HTTP status."""

from __future__ import annotations

from http import HTTPStatus


class CorrectionsError(Exception):
    """Something could not be done."""

    status: HTTPStatus = HTTPStatus.INTERNAL_SERVER_ERROR
    code = "error"

    def __init__(self, detail: str = "", *, retry_after: int | None = None) -> None:
        self.detail = detail or (type(self).__doc__ or "").strip()
        self.retry_after = retry_after
        super().__init__(self.detail)

    @property
    def title(self) -> str:
        """The kind of failure in one sentence, the same each time (RFC 9457's title)."""
        return (type(self).__doc__ or "").strip()


class ConfigurationError(CorrectionsError):
    """The configuration is unsafe or wrong."""

    code = "configuration"


class MalformedBody(CorrectionsError):
    """The body is neither valid JSON nor a form."""

    status, code = HTTPStatus.BAD_REQUEST, "malformed-body"


class BadRequest(CorrectionsError):
    """The request cannot be understood."""

    status, code = HTTPStatus.BAD_REQUEST, "bad-request"


class OtherName(BadRequest):
    """The service was asked for under another name than its own. A proxy before it has to pass on the name asked for."""

    code = "other-name"


class OriginNotAllowed(CorrectionsError):
    """This page may not send reports here."""

    status, code = HTTPStatus.FORBIDDEN, "origin-not-allowed"


class NotPermitted(CorrectionsError):
    """Your role does not allow this."""

    status, code = HTTPStatus.FORBIDDEN, "not-permitted"


class NotFound(CorrectionsError):
    """There is nothing here."""

    status, code = HTTPStatus.NOT_FOUND, "not-found"


class SwitchedOff(NotFound):
    """This newsroom takes no reports here any more. Nothing was stored."""

    code = "switched-off"


class MethodNotAllowed(CorrectionsError):
    """This address does not take that method."""

    status, code = HTTPStatus.METHOD_NOT_ALLOWED, "method-not-allowed"


class TooLarge(CorrectionsError):
    """What was sent is larger than this address takes."""

    status, code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large"


class TooSlow(CorrectionsError):
    """This took too long to arrive. Nothing was stored; try again."""

    status, code = HTTPStatus.REQUEST_TIMEOUT, "too-slow"


class AttachmentRefused(CorrectionsError):
    """This file cannot be added. Nothing of it was kept."""

    status, code = HTTPStatus.UNPROCESSABLE_ENTITY, "attachment-refused"


class AttachmentMissing(AttachmentRefused):
    """Choose a file first."""

    code = "attachment-missing"


class AttachmentUnknown(AttachmentRefused):
    """This is no picture (PNG, JPEG, WebP, GIF) and no PDF. Nothing of it was kept."""

    code = "attachment-unknown"


class AttachmentHeic(AttachmentRefused):
    """A picture in the format HEIC cannot be read. Save it as JPEG, or add a screenshot of it. Nothing of it was kept."""

    code = "attachment-heic"


class AttachmentUnreadable(AttachmentRefused):
    """This file could not be read: it is damaged, locked or too large to be drawn. Nothing of it was kept."""

    code = "attachment-unreadable"


class AttachmentUnclean(AttachmentRefused):
    """The newsroom’s check of files did not let this one through. Nothing of it was kept."""

    code = "attachment-unclean"


class AttachmentClosed(AttachmentRefused):
    """No file can be added to this report any more."""

    status, code = HTTPStatus.CONFLICT, "attachment-closed"


class AttachmentMany(AttachmentRefused):
    """Three files are there already. Remove one first."""

    status, code = HTTPStatus.CONFLICT, "attachment-many"


class AttachmentLimit(AttachmentRefused):
    """Too many files came from here just now. Please try again later."""

    status, code = HTTPStatus.TOO_MANY_REQUESTS, "attachment-limit"


class AttachmentBusy(AttachmentRefused):
    """The file could not be read at this moment. Nothing of it was kept; please try again in a few seconds."""

    status, code = HTTPStatus.SERVICE_UNAVAILABLE, "attachment-busy"

    def __init__(self, detail: str = "", *, retry_after: int | None = 10) -> None:
        super().__init__(detail, retry_after=retry_after)


class AttachmentTooLarge(AttachmentRefused):
    """This file is larger than 5 MB. Nothing of it was kept."""

    status, code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "attachment-too-large"


class UnsupportedMediaType(CorrectionsError):
    """Send application/json or application/x-www-form-urlencoded, in UTF-8."""

    status, code = HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type"


class InvalidFields(CorrectionsError):
    """Some fields need another look."""

    status, code = HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-fields"

    def __init__(self, fields: dict[str, str]) -> None:
        self.fields = fields
        super().__init__(" ".join(f"{name}: {detail}" for name, detail in fields.items()))


def too_long(count: int, most: int) -> str:
    """What is said of a text that is too long: never is one cut that somebody typed."""
    return f"At most {most:,} characters; these are {count:,}."


class IdReused(CorrectionsError):
    """This id was used for another report."""

    status, code = HTTPStatus.UNPROCESSABLE_ENTITY, "id-reused"


class Blocked(CorrectionsError):
    """This newsroom takes no reports from here for the time being. Nothing was stored."""

    status, code = HTTPStatus.FORBIDDEN, "blocked"


class LinkBlocked(CorrectionsError):
    """This newsroom takes no reports with such a link for the time being. Nothing was stored."""

    status, code = HTTPStatus.FORBIDDEN, "blocked-link"


class TooManyReports(CorrectionsError):
    """Too many reports from here at the moment. Try again later."""

    status, code = HTTPStatus.TOO_MANY_REQUESTS, "too-many-reports"


class TooManySignIns(CorrectionsError):
    """Too many attempts to sign in. A browser that you signed in with before is let through; else try again later."""

    status, code = HTTPStatus.TOO_MANY_REQUESTS, "too-many-sign-ins"


class SignInBusy(CorrectionsError):
    """Many people are signing in at this moment. Nothing was changed; try again in a few seconds."""

    status, code = HTTPStatus.SERVICE_UNAVAILABLE, "sign-in-busy"

    def __init__(self, detail: str = "", *, retry_after: int | None = 5) -> None:
        super().__init__(detail, retry_after=retry_after)


class StorageBusy(CorrectionsError):
    """The storage is busy. Nothing was stored; try again."""

    status, code = HTTPStatus.SERVICE_UNAVAILABLE, "storage-busy"

    def __init__(self, detail: str = "", *, retry_after: int | None = 2) -> None:
        super().__init__(detail, retry_after=retry_after)


class StorageFull(StorageBusy):
    """The storage is full. Nothing was stored; try again later."""

    code = "storage-full"

    def __init__(self, detail: str = "", *, retry_after: int | None = 60) -> None:
        super().__init__(detail, retry_after=retry_after)


class StorageUnreachable(CorrectionsError):
    """The database does not answer."""

    status, code = HTTPStatus.SERVICE_UNAVAILABLE, "storage-unreachable"


class AlreadyClosed(CorrectionsError):
    """This case is closed. Reopen it first."""

    status, code = HTTPStatus.CONFLICT, "already-closed"


class NotClosed(CorrectionsError):
    """This case is not closed."""

    status, code = HTTPStatus.CONFLICT, "not-closed"


class ChangedMeanwhile(CorrectionsError):
    """Somebody changed this case meanwhile. Look at the new version, then decide again."""

    status, code = HTTPStatus.CONFLICT, "changed-meanwhile"


class AlreadyTaken(CorrectionsError):
    """Somebody else has taken this case."""

    status, code = HTTPStatus.CONFLICT, "already-taken"


class NothingToUndo(CorrectionsError):
    """There is nothing to undo: the last change is too old or was followed by another."""

    status, code = HTTPStatus.CONFLICT, "nothing-to-undo"


class DifferentPassages(CorrectionsError):
    """These cases are about different passages. Merge them all the same?"""

    status, code = HTTPStatus.CONFLICT, "different-passages"


class NeedsApproval(CorrectionsError):
    """This class of change has to be approved by another role."""

    status, code = HTTPStatus.FORBIDDEN, "needs-approval"


class OwnDecision(CorrectionsError):
    """A reader disagrees with your decision: another person decides now. Give the case to a colleague."""

    status, code = HTTPStatus.FORBIDDEN, "own-decision"


class Frozen(CorrectionsError):
    """This case is under an embargo or a legal hold: nothing of it is published or fixed until that is lifted."""

    status, code = HTTPStatus.CONFLICT, "frozen"


class GuardedChange(CorrectionsError):
    """This is more than a typo: the change touches a fact. Say why it may be fixed silently."""

    status, code = HTTPStatus.CONFLICT, "guarded-change"

    def __init__(self, reasons: tuple[str, ...]) -> None:
        self.reasons = reasons
        super().__init__(f"This change touches: {', '.join(reasons)}. Say why it may be fixed silently.")


class TooMuchToPurge(CorrectionsError):
    """A purge would erase suspiciously much."""

    status, code = HTTPStatus.CONFLICT, "too-much-to-purge"


class BadBackup(CorrectionsError):
    """This backup cannot be restored."""

    status, code = HTTPStatus.UNPROCESSABLE_ENTITY, "bad-backup"


class BadSource(CorrectionsError):
    """This file cannot be imported."""

    status, code = HTTPStatus.UNPROCESSABLE_ENTITY, "bad-source"


class TokenNeeded(CorrectionsError):
    """This needs a token of this service, as `Authorization: Bearer`."""

    status, code = HTTPStatus.UNAUTHORIZED, "token-needed"


class MailboxUnreadable(CorrectionsError):
    """The mailbox of answers cannot be read."""

    status, code = HTTPStatus.BAD_GATEWAY, "mailbox-unreadable"


class Unreachable(CorrectionsError):
    """The article could not be read."""

    status, code = HTTPStatus.BAD_GATEWAY, "unreachable"
