"""What invented residents write and officers answer in the demo. Nobody's real words."""

REPORTS: dict[str, tuple[str, ...]] = {
    "estate.environment": (
        "{place}环境脏乱，楼下绿地被种菜，车位也被占。",
        "{place}公共区域脏乱差，反映多次没人管。",
    ),
    "estate.green": (
        "{place}有人把草坪挖了种菜，还施粪肥，味道很大。",
        "{place}楼后绿化带损绿种菜，请处理。",
    ),
    "estate.parking": (
        "{place}公共车位被私占，装了地锁。",
        "{place}门口有人用旧自行车私占车位。",
    ),
    "estate.clutter": (
        "{place}楼道杂物乱堆乱放，电动车都推不出来。",
        "{place}单元门口堆物太多，怕着火。",
    ),
    "estate.trees": (
        "{place}出入口有棵枯树，风大时掉枝条。",
        "{place}榆树生虫，虫子掉到晾晒的衣服上。",
    ),
    "restaurant.fumes": (
        "{place}没有装油烟净化装置，晚上油烟直往楼上飘。",
        "{place}后厨油烟扰民，窗户不敢开。",
    ),
    "public.noise": (
        "{place}附近夜间施工噪声大，睡不着。",
        "{place}广场音响噪音到晚上十点多。",
    ),
    "danger.road": (
        "{place}门口人行道井盖缺失，晚上看不见，很危险！",
        "{place}旁路面塌陷了一个坑。",
    ),
    "utility.outage": (
        "{place}从昨晚起停水，没有通知。",
        "{place}三号楼停电，电梯也停了。",
    ),
    "enquiry.policy": (
        "请问{place}附近在哪里办理居住证？",
        "咨询：老年优待证怎么办理，要带什么材料？",
    ),
    "market.hygiene": (
        "{place}地面污水多，水产区消毒不到位。",
        "{place}市场卫生差，垃圾桶没有盖。",
    ),
    "market.records": ("{place}有摊位的猪肉没有进货票据，来源不明。",),
    "preschool.place": ("{place}今年还有没有学位？附近孩子入园怎么安排？",),
}

WORK: dict[str, tuple[str, str]] = {
    # category: (measure, what the handler writes)
    "estate.environment": ("cleared", "组织物业和志愿者集中清理，菜地已平整，车位已恢复。"),
    "estate.green": ("replanted", "菜地已清除，补种麦冬草三十平方米。"),
    "estate.parking": ("cleared", "地锁已拆除，车位恢复公用。"),
    "estate.clutter": ("cleared", "杂物清运两车，楼道已畅通。"),
    "estate.trees": ("treated", "枯枝已锯除，树木已喷药两遍。"),
    "restaurant.fumes": ("repaired", "店家已安装油烟净化器并通过检测。"),
    "public.noise": ("enforced", "责令夜间停工，并对施工方立案。"),
    "danger.road": ("repaired", "现场围挡后更换新井盖。"),
    "utility.outage": ("supplied", "抢修完成，供应恢复。"),
    "enquiry.policy": ("explained", "已电话说明办理地点和所需材料。"),
    "market.hygiene": ("cleared", "市场停业半天冲洗消毒，补齐垃圾桶盖。"),
    "market.records": ("enforced", "责令摊主补齐票据，不合格肉品下架。"),
    "preschool.place": ("explained", "已向家长说明片区学位和报名时间。"),
}

THANKS = ("谢谢，处理得很快。", "已经好了，感谢。", "这次是真的解决了。", "满意。", "")
NOT_YET = ("只是扫了一下，第二天又堆上了。", "菜又种回来了。", "还是老样子。")
FAILED = ("现场仍有未清理部分。", "照片角度避开了问题位置，现场未改。", "只清理了一半。")
CHECKED = ("现场已恢复，与反馈一致。", "走访两户居民，均表示已解决。", "现场干净，无反弹。")
SEALED = (
    "社区把清运费报了账，其实没有清运。",
    "反映多次，社区工作人员推诿，还问是谁举报的。",
)
SAME_SPOT = "与整改前同一位置、同一角度重新拍摄，便于前后对照。"
HEARD_ON_PHONE = "经受理派单岗电话询问，反映人表示已解决。"
NOT_REACHED = "两次联系反映人未接通，按材料核验。"
ASK_REPORTER = "您好，问题是否已解决？还有没有未处理的地方？"
ANSWERS = ("已经弄好了，谢谢。", "处理干净了。", "今天看过，确实解决了。")
ON_THE_WALL = "已在单元门口张贴提醒单，请居民自行清理。"
WHY_DEFERRED = "需等雨污管网改造统一施工，已列入计划。"
WHY_RETURNED = "该处不属本单位管养范围。"
WHY_LONGER = "施工材料到货需要时间。"


def summary(category: str) -> str:
    """What the desk writes for the public list."""
    return REPORTS[category][0].format(place="").strip("，。 ")
