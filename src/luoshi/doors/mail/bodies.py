"""From a mail's body to what its writer said: pages to text, the quoted mail below cut off."""

import re
from html import unescape

LONGEST_PAGE = 300_000
"""Characters of an HTML body that are read; more is a newsletter or an attack."""

_RAW = {"script", "style", "title", "textarea"}
_SILENT = {"head", "template", "noscript", "svg", "object", "iframe"}
_NAME = re.compile(r"<(/?)([a-z][a-z0-9]{0,20})")
_VOID = {"br", "hr", "img", "input", "meta", "link", "base", "col", "area", "source", "wbr"}
_BLOCKS = {
    "address", "article", "blockquote", "dd", "div", "dl", "dt", "figure", "footer", "form", "h1",
    "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section",
    "table", "tr", "ul",
}  # fmt: skip
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])")


class _Page:
    """Text with a line for each block; what a browser would not show is left out.

    Not on html.parser, which older Pythons let a page of unclosed tags keep busy for minutes: here
    every search that finds nothing is the last one, so that time grows with the page and no more.
    """

    def __init__(self, page: str) -> None:
        self.page, self.lower = page, page.lower()
        self.lines: list[str] = [""]
        self.silent: list[str] = []  # the element that began the silence, and its namesakes within
        self.quotes = 0

    def read(self) -> str:
        at = 0
        while at >= 0:
            found = self.page.find("<", at)
            self._say(self.page[at:] if found < 0 else self.page[at:found])
            at = self._markup(found) if found >= 0 else -1
        return "\n".join(self.lines)

    def _markup(self, at: int) -> int:
        """Where to go on after what stands at this "<"; -1 at the end."""
        if self.page.startswith("<!--", at):
            return self._after("-->", at + 4)
        after = self.page[at + 1 : at + 2]
        if not (after.isascii() and after.isalpha()) and after not in {"/", "!", "?"}:
            self._say("<")
            return at + 1
        end = self._after(">", at)
        found = _NAME.match(self.lower, at)
        if end < 0 or found is None:
            return end
        closing, tag = found.groups()
        if closing:
            self._close(tag)
        elif tag in _RAW:
            inside = self._after(f"</{tag}", end)
            return self._after(">", inside) if inside >= 0 else -1
        else:
            self._open(tag, self.lower[at : min(end, at + 2_000)])
        return end

    def _after(self, what: str, at: int) -> int:
        found = self.lower.find(what, at)
        return found + len(what) if found >= 0 else -1

    def _open(self, tag: str, whole: str) -> None:
        if self.silent:
            if tag == self.silent[0]:
                self.silent.append(tag)
            return
        if tag not in _VOID and (tag in _SILENT or _HIDDEN.search(whole)):
            self.silent.append(tag)
            return
        if tag == "br" or tag in _BLOCKS:
            self.lines.append("")
        if tag == "blockquote":
            self.quotes += 1

    def _close(self, tag: str) -> None:
        if self.silent:
            if tag == self.silent[0]:
                self.silent.pop()
            return
        if tag in _BLOCKS:
            self.lines.append("")
        if tag == "blockquote" and self.quotes:
            self.quotes -= 1

    def _say(self, text: str) -> None:
        if not self.silent and text:
            if not self.lines[-1] and self.quotes:
                self.lines[-1] = "> "
            said = re.sub(r"\s+", " ", _unescaped(text))
            self.lines[-1] += said if self.lines[-1] else said.lstrip()


def _unescaped(text: str) -> str:
    try:
        return unescape(text)
    except (ValueError, OverflowError):  # a character with thousands of digits
        return text


def page_text(page: str) -> str:
    """What a page says, without its looks; quotations begin with ">" as in plain mails."""
    return tidy(_Page(page[:LONGEST_PAGE]).read())


def tidy(text: str) -> str:
    """No trailing spaces, no more than one empty line, no characters that no database keeps."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    text = text.encode("utf-8", "replace").decode()
    lines = [line.replace("\u00a0", " ").rstrip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


_ATTRIBUTION = re.compile(
    r"^\s*(on\b[^\n]{0,40}\d.{4,200}\bwrote\s*[:：]|在\s*\d{4}\s*[-年/.].{4,200}(写道|寫道)\s*[:：]|"
    r"[^\n]{0,200}<[^<>\s]+@[^<>\s]+>[^\n]{0,60}(写道|寫道|wrote)\s*[:：])\s*$",
    re.IGNORECASE | re.DOTALL,
)
_SEPARATOR = re.compile(
    r"^\s*([-–—_=*]{2,}\s*(original(\s+message)?|原始邮件|原邮件|原始郵件|forwarded message|"
    r"转发邮件|回复的原邮件|reply message|回复邮件)\s*[-–—_=*]*|[_]{20,}|"
    r"begin forwarded message[:：])\s*$",
    re.IGNORECASE,
)
_FROM = re.compile(r"^\s*[*]?(from|发件人|寄件者|寄件人)\s*[*]?\s*[:：]", re.IGNORECASE)
_BESIDE = re.compile(
    r"^\s*[*]?(sent|date|to|subject|发送时间|时间|日期|收件人|主题|主旨)\s*[*]?\s*[:：]",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"^--\s?$|^—{2,}\s*$")
_SENT_FROM = re.compile(
    r"^\s*(sent from my .{1,40}|[发来]自我的.{1,30}|从我的.{1,20}发送)\s*$", re.IGNORECASE
)


def own_words(text: str) -> str:
    """A reply without the mail below it and without the signature.

    Lines that begin with ">" are quotations, wherever they stand: some write below them.
    """
    lines = text.split("\n")
    kept: list[str] = []
    for at, line in enumerate(lines):
        if _cuts(lines, at):
            break
        if line.lstrip().startswith((">", "＞")) or _attributes(lines, at):
            continue
        kept.append(line)
    while kept and (not kept[-1].strip() or _SENT_FROM.match(kept[-1])):
        kept.pop()
    return tidy("\n".join(kept))


def _cuts(lines: list[str], at: int) -> bool:
    line = lines[at]
    if _SEPARATOR.match(line) or _SIGNATURE.match(line):
        return True
    beside = sum(bool(_BESIDE.match(other)) for other in lines[at + 1 : at + 5])
    return bool(_FROM.match(line)) and beside >= 2


def _attributes(lines: list[str], at: int) -> bool:
    """ "On Monday somebody wrote:", on one line or on two."""
    pair = "\n".join(lines[at : at + 2])
    before = "\n".join(lines[max(at - 1, 0) : at + 1])
    return any(_ATTRIBUTION.match(one) for one in (lines[at], pair, before) if one.strip())
