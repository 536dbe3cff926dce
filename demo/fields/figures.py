"""What is reported in the stories of the fields: the page's figures, and invented ones."""

from collections.abc import Mapping

PAGE = "本区报纸版面（2020年6月）"
INVENTED = "演示：虚构数据"
Values = Mapping[str, str | int | None]

WARNINGS = ("finance.return.ceiling", "finance.complaints")
SIGNALS: tuple[tuple[str, dict[str, str | int | None]], ...] = (
    ("永兴街道办事处", {"promised_return": "18"}),
    ("区金融监督管理办公室", {"lpr_one_year": "3.85", "overdue_investors": 0}),
    ("12345热线", {"complaints_hotline": 4}),
    ("区市场监督管理局", {"complaints_market": 2, "unreachable": 0}),
    ("区人力资源和社会保障局", {"overdue_wages": 0, "insured_now": 6, "insured_before": 20}),
    ("区人民法院", {"defaulter_entries": 0}),
)
PRESCHOOLS: Values = {
    "total": 76, "public_total": 31, "inclusive_private": 26, "other_private": 19,
    "for_profit": 4, "public_education": 10, "public_affairs": 5, "public_women": 4,
    "public_street": 12, "grade_provincial": 56, "grade_municipal": 8, "children": 24166,
    "children_public": 10174, "children_inclusive": 8755, "children_other": 5237,
    "inclusive_share_stated": "78.33", "other_share_stated": "21.67",
    "gross_rate_registered": 100,
}  # fmt: skip
PROGRAMME: Values = {
    "funds_total": 1440000, "funds_other_named": 0, "investment": 1500000, "projects": 3,
    "projects_named": 0, "beneficiaries_unclear": 62,
}  # fmt: skip
PURCHASE: Values = {"buyers": 7, "buyers_named": 4, "purchase_amount": 606000}
