"""Where a gateway hands in messages. Answers are JSON for programs, in English."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from luoshi.doors.sms import reading, signature
from luoshi.doors.sms.take import take
from luoshi.registry import queries as registry
from luoshi.trust import limits

MESSAGES_A_DAY = 50
"""From one number. Above it the gateway is asked to come again, so that nothing is lost; this
ends a quarrel between two machines that answer each other."""

EXPLAINED = {
    "signature_missing": "send the headers X-Luoshi-Timestamp and X-Luoshi-Signature",
    "signature_wrong": "the signature does not fit the body and the shared secret",
    "signature_late": "signed more than five minutes ago or ahead: set the clock",
    "too_large": "the message is larger than this door takes",
    "content_type": "send application/json or application/x-www-form-urlencoded",
    "encoding": "the text is not UTF-8, or a character was cut in two",
    "not_json": "the body is not a JSON object",
    "not_a_form": "the body is not a form",
    "field_missing": "a field is missing or empty: id, from and text are needed",
    "field_no_text": "a field is not text",
    "id_too_long": "the id is longer than 200 characters",
    "text_empty": "the message is empty",
    "too_many": "too many messages from this number today: deliver it again tomorrow",
    "no_district": "no district is set up here yet: deliver it again later",
}


@csrf_exempt
@require_POST
def inbound(request: HttpRequest) -> JsonResponse:
    """One message: 200 once it is safely stored, whether now or before."""
    now = timezone.now()
    try:
        signature.check(
            body=request.body, headers=request.headers, secret=settings.SMS_SECRET, now=now
        )
        message = reading.read(request.body, request.headers.get("Content-Type", ""))
        district = registry.district(settings.DISTRICT)
    except RequestDataTooBig:
        return _refusal("too_large", 413)
    except signature.NotSigned as error:
        return _refusal(error.code, 403)
    except reading.Unreadable as error:
        return _refusal(error.code, 400, field=error.field)
    except registry.NotRegistered:
        return _refusal("no_district", 503)
    if not limits.allow(scope="sms-in", key=message.sender, limit=MESSAGES_A_DAY, now=now):
        return _refusal("too_many", 429)
    taken = take(message, district=district.id, now=now)
    return JsonResponse(
        {"outcome": taken.outcome, "number": taken.number, "repeated": taken.repeated}
    )


def _refusal(code: str, status: int, *, field: str = "") -> JsonResponse:
    answer = {"error": code, "explanation": EXPLAINED[code], **({"field": field} if field else {})}
    return JsonResponse(answer, status=status)
