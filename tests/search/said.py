"""The same problems in the words of several people, invented: for choosing and guarding what
counts as alike. By problem: (category, place, what different people write)."""

PLACES = ("示范新村", "学田苑", "和平桥小区", "濠东花园", "易家桥新村")

SAID: dict[str, tuple[str, tuple[str, ...]]] = {
    "power": ("utility.outage", (
        "{place}停电了，从晚上七点开始整个小区都没电。",
        "我们{place}突然停电，家里有老人，什么时候能来电？",
        "{place}三号楼停电，电梯也停了。",
        "请问{place}为什么又停电？打供电公司电话一直占线。",
        "停电！{place}全黑了，空调冰箱都用不了，赶紧抢修。",
        "{place}没电，已经两个小时了。",
    )),
    "water": ("utility.outage", (
        "{place}从昨晚起停水，没有通知。",
        "{place}停水一整天了，做饭都没水用，请尽快恢复供水。",
        "家里水龙头没水，{place}好几栋楼都停水。",
        "{place}自来水停了，什么时候恢复？",
    )),
    "garden": ("estate.green", (
        "{place}有人把草坪挖了种菜，还施粪肥，味道很大。",
        "{place}楼后绿化带损绿种菜，请处理。",
        "{place}绿化带被一楼住户开荒种菜，公共绿地变成了菜园。",
        "举报：{place}12栋后面草坪被毁种青菜，浇大粪，臭得很。",
        "{place}毁绿种菜现象严重，物业不管。",
    )),
    "lock": ("estate.parking", (
        "{place}公共车位被私占，装了地锁。",
        "{place}有人在公共停车位上私装地锁，别人没法停车。",
        "{place}门口停车位被人用地锁占了。",
        "请清理{place}私装的地锁，占用公共车位好几个月了。",
    )),
    "bulky": ("estate.clutter", (
        "{place}楼道杂物乱堆乱放，电动车都推不出来。",
        "{place}二单元楼道堆满纸箱杂物，有火灾隐患。",
        "{place}楼道里堆物太多，怕着火。",
        "{place}住户在楼道堆放旧家具，消防通道都堵了。",
    )),
    "noise": ("public.noise", (
        "{place}附近夜间施工噪声大，睡不着。",
        "{place}旁边工地半夜还在施工，噪音太大影响休息。",
        "半夜一点{place}对面工地打桩，噪声扰民。",
        "{place}东侧工地夜间施工，吵得孩子没法睡觉。",
    )),
    "cover": ("danger.road", (
        "{place}门口人行道井盖缺失，晚上看不见，很危险！",
        "{place}门口井盖没了，差点摔进去。",
        "{place}门前路上少了一个井盖，请赶紧补上。",
    )),
    "tree": ("estate.trees", (
        "{place}出入口有棵枯树，风大时掉枝条。",
        "{place}大门口的枯树要倒了，树枝经常掉下来。",
        "{place}门口一棵死树，刮风掉树枝砸到车。",
    )),
    "fumes": ("restaurant.fumes", (
        "{place}楼下饭店没有装油烟净化装置，晚上油烟直往楼上飘。",
        "{place}底商餐馆油烟扰民，窗户不敢开。",
        "{place}楼下烧烤店油烟太大，家里全是油烟味。",
    )),
    "lift": ("estate.lift", (
        "{place}5号楼电梯坏了三天没人修。",
        "{place}5号楼电梯经常故障，昨天把人困在里面。",
        "电梯又坏了，{place}5栋老人上下楼太难。",
    )),
}  # fmt: skip
