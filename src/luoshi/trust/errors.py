"""What can go wrong with the log and the vault. `code` is for the texts, which pages supply."""


class TrustError(Exception):
    code = "trust"


class CodedError(TrustError):
    """One error with several reasons: the code is given where it is raised."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NotCanonical(TrustError):
    """No RFC 8785 form: a number beyond 2^53 (write ids as text), NaN, or broken Unicode."""

    code = "not_canonical"


class UnknownRecord(TrustError):
    """No vault record of that id."""

    code = "unknown_record"


class Erased(TrustError):
    """The record was lawfully erased."""

    code = "erased"


class NotSealed(TrustError):
    """An ordinary text lies open to officers: there is nothing to reveal."""

    code = "not_sealed"


class NotAContact(TrustError):
    """Only a contact can be opened for delivery."""

    code = "not_a_contact"


class ContactEmpty(TrustError):
    """Neither phone nor name nor e-mail."""

    code = "contact_empty"


class ReasonRefused(CodedError):
    """reason_missing, reason_too_short, reason_too_long."""


class BadPhone(CodedError):
    """phone_missing, phone_characters, phone_length, phone_area_missing, phone_unknown."""


class BadCode(CodedError):
    """code_missing, code_characters, code_length, code_check."""


class KeyMissing(TrustError):
    """The private key is not where this process can read it."""

    code = "key_missing"


class KeyExposed(TrustError):
    """Others on the machine may read the private key: its mode must be 0600."""

    code = "key_exposed"


class WrongKey(TrustError):
    """Sealed to another key than the one in the key folder."""

    code = "wrong_key"


class Damaged(TrustError):
    """Sealed bytes that were altered, cut short or moved to another record."""

    code = "damaged"
