"""Replies that name nothing done: only a notice in other words, or only a promise.

A measure is chosen by its code, and the notice among them is refused; who ticks another one says in
his own words what he did. Words prove nothing, so that these lists refuse nobody: the drawn
verifier is told, and asks what was done.
"""

import re
import unicodedata


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.replace("_", " ") for word in text.split())


NOTICE = _words(
    """
    张贴 贴出 粘贴 贴了 贴条 提示单 提醒单 提示牌 警示牌 告示 告知书 通知单 通知书
    整改通知 温馨提示 倡议书 宣传单 宣传册 宣传标语 横幅 公告栏 微信群 业主群 群内 广播
    喇叭 发放通知 发布通知 下发通知 上门提醒 口头提醒 劝导 劝说 教育引导 加强宣传
    要求自行 督促自行 敦促 约谈 notice leaflet banner reminded told_to
    """
)
"""Telling people to do it themselves, by whatever paper or voice."""

PROMISE = _words(
    """
    将于 将会 将在 即将 拟于 计划 待 争取 尽快 下一步 后续 近期 择期 适时 列入 纳入
    已转 转交 转办 移交 上报 正在协调 研究 已安排 已要求 已督促 已责成 已联系 已关注
    高度重视 持续跟进 plan_to planned forwarded passed_on
    """
)
"""What is to come, or was passed on to others."""

DONE = _words(
    """
    清理 清除 清运 清走 清空 清扫 拆除 拆掉 移除 移走 搬走 搬离 拖走 拖离 铲除 翻除
    复绿 补种 补植 补栽 播种 修复 修好 修补 更换 换好 换上 装好 安装 疏通 抢修 恢复
    供上 消毒 消杀 冲洗 封堵 填平 划线 开走 没收 暂扣 罚款 处罚 立案 查封 退还 退款
    退回 付清 支付 补发 补齐 送到 送达现场 签订 达成 完工 竣工 验收 更正 撤下 下架
    公开了 腾空 归还 运走 挖掉 cleared removed repaired replaced replanted fixed
    restored fined paid refunded towed agreed explained
    """
)
"""What somebody can go and see, or read in a file."""

NOT_YET = re.compile(
    r"(?:将|拟|计划|准备|要求|督促|敦促|责成|提醒|请|尽快|限期|待|未|劝导|will|to be)"
    r"[^。；;，,.]{0,14}$"
)
"""Before a word of doing within the same clause, it is not done: "要求业主限期清理"."""

BACK = 24
"""Characters that it can span, at most."""


def hollow(text: str) -> str | None:
    """ "notice" or "promise" when that is all that a reply names, else None."""
    said = unicodedata.normalize("NFKC", text).casefold()
    if any(_really(word, said) for word in DONE):
        return None
    if any(word in said for word in NOTICE):
        return "notice"
    return "promise" if any(word in said for word in PROMISE) else None


def _really(word: str, said: str) -> bool:
    """Whether it stands somewhere without a "will" or a "told to" before it."""
    return any(
        not NOT_YET.search(said[max(found.start() - BACK, 0) : found.start()])
        for found in re.finditer(word, said)
    )
