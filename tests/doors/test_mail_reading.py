"""Reading mails: Chinese in every old dress, replies, and whatever is made to break a reader."""

import contextlib
import email.policy
import time
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.doors.mail import automatic, bodies, headers, reading
from luoshi.doors.mail.reading import Message, Unreadable
from tests.cast import photo
from tests.doors.mailbox import mail

HEAD = b"From: a@example.org\r\nTo: b@example.org\r\nMessage-ID: <1@example.org>\r\n"


def read(data: bytes | EmailMessage) -> Message:
    raw = data if isinstance(data, bytes) else data.as_bytes(policy=email.policy.SMTP)
    return reading.read(raw, headers.head(raw))


def refusal(data: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        read(data)
    return caught.value.code


# ---- Chinese ----


@pytest.mark.parametrize("charset", ["gb2312", "GBK", "gb18030", "utf-8", "us-ascii", "x-unknown"])
def test_chinese_is_read_in_whatever_set_it_says_it_is(charset: str) -> None:
    text, known = "绿地被种菜", charset if charset[:1].lower() in "gu" else "gbk"
    encoded = text.encode("gbk" if known in {"us-ascii", "gbk"} else known)
    data = HEAD + f"Content-Type: text/plain; charset={charset}\r\n\r\n".encode() + encoded
    assert read(data).whole == text


def test_a_rare_character_in_a_mail_that_says_gb2312_is_read() -> None:
    data = HEAD + b'Content-Type: text/plain; charset="gb2312"\r\n\r\n' + "㙍".encode("gb18030")
    assert read(data).whole == "㙍"


@pytest.mark.parametrize(
    "subject",
    [
        b"=?gb2312?B?19TQ0LO10bu1wA==?=",
        b"=?UTF-8?Q?=E8=87=AA=E8=A1=8C=E8=BD=A6?=\r\n =?utf-8?B?5aC16YGT?=",
        # One character of three bytes, cut between two words.
        b"=?utf-8?B?6Ieq6KGM6L2m5aA=?= =?utf-8?B?temBkw==?=",
        "自行车堵道".encode("gbk"),
        "自行车堵道".encode(),
    ],
)
def test_a_subject_is_read_as_broken_as_it_comes(subject: bytes) -> None:
    found = read(HEAD + b"Subject: " + subject + b"\r\n\r\nx").subject
    assert found.startswith("自行车")
    assert "�" not in found


@pytest.mark.parametrize("subject", [b"=?utf-8?B?6?=", b"=?nonsense?Q?=ff?=", b"\xff\xfe", b"=?"])
def test_a_subject_that_nobody_can_read_costs_nothing_but_itself(subject: bytes) -> None:
    assert read(HEAD + b"Subject: " + subject + b"\r\n\r\n" + "垃圾".encode()).whole == "垃圾"


def test_the_senders_name_never_becomes_his_address() -> None:
    # The name reads "boss@example.org" <boss@example.org>, once decoded.
    name = b"=?utf-8?B?Ym9zc0BleGFtcGxlLm9yZyA8Ym9zc0BleGFtcGxlLm9yZz4=?="
    found = read(b"From: " + name + b" <Real@Example.org>\r\n\r\nx")
    assert found.sender == "real@example.org"


@pytest.mark.parametrize("sender", [b"", b"nobody", b"a@b", b"<>", b"a@" + b"b" * 300 + b".cn"])
def test_a_mail_without_a_good_address_is_still_read(sender: bytes) -> None:
    assert read(b"From: " + sender + b"\r\n\r\nx").sender is None


# ---- Pages ----


def test_a_page_is_read_as_its_reader_sees_it() -> None:
    page = (
        "<html><head><style>p{}</style><title>no</title></head><body><p>门口&nbsp;有坑"
        "<br>很深</p><div style='display: none'>hidden<div>too</div></div><script>bad()</script>"
        "<ul><li>一</li><li>二 &lt;b&gt;</li></ul><blockquote>旧<p>信</blockquote>新</body>"
    )
    assert bodies.page_text(page) == "门口 有坑\n很深\n\n一\n\n二 <b>\n\n> 旧\n> 信\n新"


def test_plain_text_is_preferred_and_a_page_alone_is_read() -> None:
    both = mail("素文")
    both.add_alternative("<p>页面</p>", subtype="html")
    assert read(both).whole == "素文"
    page = HEAD + b"Content-Type: text/html; charset=gbk\r\n\r\n" + "<b>页</b>面".encode("gbk")
    assert read(page).whole == "页面"
    empty = mail(" ")
    empty.add_alternative("<p>页面</p>", subtype="html")
    assert read(empty).whole == "页面"


# ---- What comes with it ----


def test_pictures_are_kept_once_and_nine_at_most() -> None:
    one = photo()
    found = read(mail(pictures=(one, one, *(photo() for _ in range(9)))))
    assert found.pictures[0] == one
    assert (len(found.pictures), found.left_out) == (9, ("image/*",))


def test_a_picture_that_calls_itself_a_file_is_a_picture() -> None:
    made = mail()
    made.add_attachment(photo(), maintype="application", subtype="octet-stream", filename="1.bin")
    assert len(read(made).pictures) == 1


def test_everything_else_is_named_and_left() -> None:
    made = mail()
    made.add_attachment(b"MZ", maintype="application", subtype="x-msdownload", filename="照片.exe")
    made.add_attachment("a,b", subtype="csv", filename="账.csv")
    made.add_attachment(b"<svg/>", maintype="image", subtype="svg+xml", filename="1.svg")
    made.add_attachment(mail("里面的信"))
    found = read(made)
    assert found.pictures == ()
    assert found.left_out == ("application/x-msdownload", "text/csv", "message/rfc822", "image/*")
    assert "里面的信" not in found.whole


def test_winmail_is_told_only_when_there_is_nothing_beside_it() -> None:
    made = mail("还有字")
    made.add_attachment(b"\x78\x9f", maintype="application", subtype="ms-tnef", filename="w.dat")
    assert read(made).whole == "还有字"
    alone = b"From: a@example.org\r\nContent-Type: application/ms-tnef\r\n\r\nx"
    assert refusal(alone) == "winmail"


def test_an_encrypted_mail_is_told() -> None:
    data = b"From: a@example.org\r\nContent-Type: application/pkcs7-mime\r\n\r\nx"
    assert refusal(data) == "encrypted"


# ---- Made to break ----


def nested(depth: int) -> bytes:
    kind = b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n"
    return HEAD + b"".join(kind % (n, n) for n in range(depth)) + b"\r\nx"


HOSTILE = {
    "nested": (nested(5_000), "nested"),
    "parts": (
        HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        + b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n" * 400,
        "too_many_parts",
    ),
    "bare parts": (
        HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 101,
        "too_many_parts",
    ),
    "lines": (HEAD + b"\r\n" + b"\n" * 700_000, "too_long"),
    "parameters": (HEAD + b"Content-Type: text/plain; " + b"a=" * 9_000 + b"\r\n\r\nx", "too_long"),
    "nothing": (b"", "empty"),
    "spam": (HEAD + b"X-Spam-Flag: YES\r\n\r\nx", "spam"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_mail_that_is_made_to_break_a_reader_is_put_aside_at_once(name: str) -> None:
    data, code = HOSTILE[name]
    before = time.process_time()
    assert refusal(data) == code
    assert time.process_time() - before < 2


@pytest.mark.parametrize(
    "piece", ["<!--", "<", "<a ", "<p>", "&#9", "<![CDATA[", "</x", "<p style='"]
)
def test_a_page_that_is_made_to_break_a_reader_is_read_in_time(piece: str) -> None:
    before = time.process_time()
    assert isinstance(bodies.page_text(piece * 100_000), str)
    assert time.process_time() - before < 2


def test_a_long_text_is_cut_into_words_in_time() -> None:
    before = time.process_time()
    bodies.own_words("在 2026" + " " * 50_000 + "\n" + "on 1 " * 50_000 + "<a@b>" * 20_000)
    assert time.process_time() - before < 2


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    head = headers.head(data)
    automatic.is_automatic(head, own=frozenset())
    with contextlib.suppress(Unreadable):
        assert reading.read(data, head).key


@given(st.text(max_size=200))
def test_any_text_is_cut_without_anything_added(text: str) -> None:
    assert set(bodies.own_words(text)) <= set(bodies.tidy(text))


# ---- Replies ----

QUOTED = {
    "telephone": "没解决\n\n发自我的iPhone\n\n> 在 2026年5月20日，落实 <a@b.cn> 写道：\n> 您好",
    "below": "> 您好\n> 请回答\n没解决",
    "QQ": "没解决\n\n\n------------------ 原始邮件 ------------------\n发件人: 落实\n您好",
    "Outlook": "没解决\n\n发件人: 落实 <a@b.cn>\n发送时间: 5月20日\n收件人: 王芳\n主题: 反映\n",
    "163": "没解决\n\n在 2026-05-20 09:30:00，\"落实\" <a@b.cn> 写道：\n您好",
    "English": "没解决\n\nOn Wed, 20 May 2026 at 09:30, Luoshi\n<a@b.cn> wrote:\n> Hello",
    "signature": "没解决\n-- \n王芳\n某某公司",
}  # fmt: skip


@pytest.mark.parametrize("program", QUOTED)
def test_what_a_reply_quotes_is_cut_off(program: str) -> None:
    found = bodies.own_words(QUOTED[program])
    assert found.splitlines()[0] == "没解决"
    assert "<a@b.cn>" not in found
    assert "王芳" not in found


@pytest.mark.parametrize(
    "text", ["在示范新村\n张三写道：停车难", "From: 家\n没解决", "—— 急\n没解决"]
)
def test_words_that_only_look_like_a_quotation_stay(text: str) -> None:
    assert bodies.own_words(text) == text


@pytest.mark.parametrize(
    "subject",
    ["Out of the office building: smoke", "自动回复系统坏了", "退信箱被砸", "Reply wanted"],
)
def test_a_person_who_writes_about_machines_is_no_machine(subject: str) -> None:
    head = headers.head(mail(subject=subject).as_bytes())
    assert not automatic.is_automatic(head, own=frozenset())
