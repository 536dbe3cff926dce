"""Numbers that somebody typed: which of them are figures, and so need a source.

No figure: a date or a time of day, the mark of a list, a clause of a law, the number of a document
or standard, what stands in a token, and what has its source beside it: `[34](source: ledger)`.
Everything else that is written with digits, with Chinese numerals before a measure word
(三十四名, 百分之八十), or in English number words is a figure. In doubt a number counts as one: the
author can always name its source.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from luoshi.publication.problems import place

NUMERAL = "零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟"

TOKEN = re.compile(r"\{\{[^{}\n]*\}\}")
SOURCED = re.compile(
    r"\[(?P<number>[^\[\]\n]{1,60})\]\((?:source|来源)\s*[:：]\s*(?=[^\s)])(?P<source>[^()\n]*"
    r"(?:\([^()\n]*\)[^()\n]*)*)\)"
)
"""A figure with its source; the source may hold brackets of one level."""

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
)
_D = r"(?<!\d)"
_CN = f"[{NUMERAL}]"
_DATES = (
    # 2020年4月28日, 2020年, 2019—2020年, 二〇二〇年四月; 二十年 is a span of time
    rf"{_D}(?:19|20)\d\d\s*(?:[-–—~至到]\s*(?:19|20)\d\d\s*)?(?:年度|年)",
    r"[一二][零〇一二三四五六七八九]{3}年",
    rf"{_D}(?:1[0-2]|0?[1-9])\s*月(?!\s*份?\s*内)(?:份|底|初|中旬|上旬|下旬)?",
    rf"(?<!{_CN})(?:十[一二]?|[一二三四五六七八九])月(?:份|底|初)?",
    rf"{_D}(?:3[01]|[12]\d|0?[1-9])\s*日(?!\s*[内之])",
    rf"(?<!{_CN})(?:三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])日(?!\s*[内之])",
    # 22日至24日 is taken apart by the above; 22-24日 is not
    rf"{_D}(?:3[01]|[12]\d|0?[1-9])\s*[-–—~至到]\s*(?=(?:3[01]|[12]\d|0?[1-9])\s*日)",
    rf"{_D}(?:19|20)\d\d[-/.](?:1[0-2]|0?[1-9])[-/.](?:3[01]|[12]\d|0?[1-9])(?!\d)",
    rf"{_D}(?:19|20)\d\d-(?:1[0-2]|0[1-9])(?!\d|-\d)",
    rf"{_D}(?:2[0-3]|[01]?\d)[:：][0-5]\d(?:[:：][0-5]\d)?(?!\d)",
    rf"{_D}(?:2[0-4]|1?\d)\s*(?:时|点)(?:\s*[0-5]?\d\s*分|半|整)?(?!\s*内)",
    r"第[一二三四1-4]季度",
    rf"(?i:{_D}(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?:\s*[-–]\s*\d{{1,2}})?\s+{_MONTH}\b(?:,?\s+(?:19|20)\d\d\b)?)",
    rf"(?i:\b{_MONTH}\s+(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?\b(?!\s*%)(?:,?\s+(?:19|20)\d\d\b)?)",
    rf"(?i:\b{_MONTH},?\s+(?:19|20)\d\d\b)",
    r"(?i:\b(?:in|since|until|from|of|by|year|during)\s+(?:19|20)\d\d\b(?!\s*[%\d,.]*\d)(?=\s*(?:[,.;:)!?]|$|and\b|to\b|until\b)))",
)
_MARKS = (
    # Only at the start of a line, after the marks of headings and items.
    r"(?m)^[ \t　]*(?:#{1,3}[ \t]*|[-*•][ \t]+)?(?:\d{1,3}(?:\.\d{1,2}){0,3}[.、．)）](?!\d)"
    rf"|[(（]\d{{1,3}}[)）]|[{NUMERAL}]{{1,4}}[、.．]|[(（][{NUMERAL}]{{1,4}}[)）]|[①-⑳])",
)
_REFERENCES = (
    rf"第\s*(?:\d+|{_CN}+)\s*(?:条|款|项|章|节|期|号|届|编|批)(?:之[{NUMERAL}\d]+)?",
    r"(?i:\b(?:article|section|clause|paragraph|chapter|annex|no\.|issue)\s*\d+(?:\.\d+)*\b)",
    r"[〔\[［(（]\s*(?:19|20)\d\d\s*[〕\]］)）]\s*第?\s*\d+\s*号",  # 崇卫健〔2020〕15号
    r"\b(?:GB|DB|ISO|IEC|WS|SB|NY|JGJ|CJJ)\d{0,2}(?:/[TZ])?\s?\d+(?:\.\d+)?(?:[-—–:]\d{2,4})?\b",
)
_EXEMPT = [re.compile(pattern) for pattern in (*_DATES, *_MARKS, *_REFERENCES)]

_MEASURE = (
    "名人位个家所处件条户元项例宗辆亩座间吨份次批套张台颗株棵组对班级层栋幢块片支种类起周天年岁倍成"
    "米里斤克升平方公小分"
)
_SPANS = r"(?:万|亿|千|百)?(?:元|人次|平方米|平方公里|公里|公斤|公顷|小时|分钟|个百分点)"
_LONELY = "名人家所例户件座处间元吨亩岁"
"""一 is most often no number (一个, 一种): it counts before these only."""

_DIGITS = re.compile(r"\d[\d,，.．]*\d|\d")
_CHINESE = re.compile(
    rf"百分之[{NUMERAL}点]+|(?<![{NUMERAL}])[{NUMERAL}]+分之[{NUMERAL}]+"
    rf"|(?<![{NUMERAL}第统万唯])(?P<run>[{NUMERAL}]+)(?P<more>[余多来几]?)"
    rf"(?P<measure>{_SPANS}|人次|[{_MEASURE}])(?P<after>.?)"
)
_ROUGH = re.compile(r"[近上逾超约数几成][十百千万亿]+(?=[余多]?[万亿名人家户件元个])")
_ENGLISH = re.compile(
    r"(?i)\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven"
    r"|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|hundreds?|thousands?|millions?"
    r"|dozens?)\b(?:[ -](?:one|two|three|four|five|six|seven|eight|nine|hundred"
    r"|thousand|million|and)\b)*"
)
_NOT_A_SHARE = frozenset("立为果功绩员效长本不分就品")
"""成 after a numeral is a tenth, but not in these words: 一成不变."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a text: as it is written, where, and its value when that is plain."""

    text: str
    line: int
    column: int
    value: int | None


def unsourced(text: str) -> list[Quantity]:
    """The figures of a text that have neither a token nor a source, in their order."""
    return [_quantity(text, start, end) for start, end in _spans(text)]


def _quantity(text: str, start: int, end: int) -> Quantity:
    line, column = place(text, start)
    return Quantity(text[start:end], line, column, value_of(text[start:end]))


def _spans(text: str) -> list[tuple[int, int]]:
    masked = _masked(text)
    found = [match.span() for match in _DIGITS.finditer(masked)]
    found += [(at, at + 1) for at, char in enumerate(masked) if _is_other_number(char, masked, at)]
    found += [match.span() for match in _ENGLISH.finditer(masked)]
    found += [match.span() for match in _ROUGH.finditer(masked)]
    found += _chinese(masked)
    return list(_apart(sorted(found)))


def _apart(spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Without those that overlap one before."""
    last = 0
    for start, end in spans:
        if start >= last:
            yield start, end
            last = end


def _masked(text: str) -> str:
    """The text with blanks in place of everything that is no figure; as long as before."""
    for pattern in (TOKEN, SOURCED, *_EXEMPT):
        text = pattern.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    return text


def _is_other_number(char: str, text: str, at: int) -> bool:
    """Ⅳ, ㉞, ½: numbers of one character. The ² of m² is a unit."""
    if char in "²³" and at and text[at - 1].isalpha():
        return False
    return unicodedata.category(char) in {"No", "Nl"} and char not in NUMERAL


def _chinese(text: str) -> Iterator[tuple[int, int]]:
    for match in _CHINESE.finditer(text):
        run = match["run"]
        if run is None:
            yield match.span()
        elif _is_figure(run, match["measure"], match["after"], text, match.start()):
            yield match.start(), match.end() - len(match["after"])


def _is_figure(run: str, measure: str, after: str, text: str, at: int) -> bool:
    if set(run) <= set("百千万亿"):  # 千家万户 counts nothing
        return False
    if measure == "成":
        return after not in _NOT_A_SHARE
    if measure == "分":  # 十分 is "very"
        return run != "十" and after in "，。；、）" + " "
    if measure in ("公", "小", "平", "方", "里"):
        return False
    if run == "一":
        paired = text[at : at + 4]
        return measure in _LONELY and not (len(paired) == 4 and paired[2] == "一")
    return True


# ---- Values ----

_ONES = {char: n for n, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2} | {
    char: n for n, char in enumerate("零壹贰叁肆伍陆柒捌玖")
}  # fmt: skip
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_GREAT = {"万": 10_000, "亿": 100_000_000}


def value_of(text: str) -> int | None:
    """34, ３４, 1,234 or 三十四, whatever measure word follows; None for anything less plain."""
    plain = unicodedata.normalize("NFKC", text).strip()
    digits = re.fullmatch(r"(\d{1,3}(?:,\d{3})+|\d{1,15})", plain)
    if digits:
        return int(plain.replace(",", ""))
    run = re.match(f"[{NUMERAL}]+", plain)
    rest = plain[run.end() :] if run else plain
    if run is None or "分之" in plain or re.match(r"[余多来几点]", rest):
        return None
    return chinese_value(run[0])


def chinese_value(run: str) -> int | None:
    """三十四, 一百零二, 二〇二六, 十二万; None when it is not well formed."""
    if len(run) > 1 and all(char in _ONES for char in run):
        return int("".join(str(_ONES[char]) for char in run))
    total = section = 0
    digit: int | None = None
    for char in run:
        if char in _ONES:
            digit = _ONES[char]
        elif char in _TENS:
            section += (1 if digit is None else digit) * _TENS[char]
            digit = None
        else:
            total = (total + section + (digit or 0)) * _GREAT[char]
            section, digit = 0, None
    return total + section + (digit or 0)
