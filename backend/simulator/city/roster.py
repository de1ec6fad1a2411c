"""Who works in the demo city: thirty invented enterprises, what each keeps, and where.

None of these names belongs to a company known to us. Linzi and Huantai carry most, as they do in Zibo.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Farm:
    """One major hazard: tanks inside one dike. groups: (how many, medium, m³ each).

    detectors: how many heads look for it; those of a toxic medium are split between burning and toxic.
    quick: filled from a pipeline or jetty fast enough that the verifying expert shortened the level's on-delay.
    """

    name: str
    groups: tuple[tuple[int, str, int], ...]
    detectors: int = 16
    quick: bool = False


@dataclass(frozen=True)
class Entry:
    """One enterprise. slug: its name in Latin letters, for user names. residents: people within 500 m.

    prefix: how its tank numbers begin. units: production units. habits: share of mornings on which it files in time.
    """

    slug: str
    name: str
    short_name: str
    adcode: str
    farms: tuple[Farm, ...]
    park: str | None = None
    street: str = ""
    residents: int = 0
    prefix: str = "TK"
    units: int = 3
    habits: float = 0.96


# The enterprise whose people are the printed sign-ins; the simulated people leave its filings to the visitor.
VISITOR = "lanyu"

QILU = "齐鲁化学工业区"
DONGYUE = "东岳氟硅材料产业园"
MAQIAO = "马桥化工产业园"
GAOQING = "高青化工产业园"

LINZI = (
    Entry(
        "lanyu", "淄博澜屿化工有限公司", "澜屿化工", "370305",
        (
            Farm("芳烃罐区", ((4, "甲苯", 3000), (2, "苯", 1000), (2, "二甲苯", 2000)), 30, quick=True),
            Farm("苯乙烯罐区", ((4, "苯乙烯", 1500),), 22),
            Farm("甲醇中间罐区", ((2, "甲醇", 500),), 8),
        ),
        QILU, "乙烯路12号", 62, units=6,
    ),
    Entry(
        "yanshi", "山东砚石新材料股份有限公司齐鲁化学工业区第二储运分公司", "砚石新材料二储运", "370305",
        (
            Farm("丁二烯球罐区", ((3, "1,3-丁二烯", 1000),), 16),
            Farm("苯乙烯罐区", ((8, "苯乙烯", 3000),), 22),
            Farm("丙烯腈罐区", ((4, "丙烯腈", 1000),), 18),
        ),
        QILU, "塑编路88号", 18, "T", 2, 0.93,
    ),
    Entry(
        "qinghe", "临淄青禾溶剂有限公司", "青禾溶剂", "370305",
        (Farm("溶剂罐区", ((3, "丙酮", 500), (3, "乙酸乙酯", 500), (2, "正己烷", 300)), 18),),
        None, "稷下街道化工路7号", 36, "V", 2,
    ),
    Entry(
        "chixia", "山东赤霞石油化工集团有限公司", "赤霞石化", "370305",
        (
            Farm("原油罐区", ((4, "原油", 20000),), 18),
            Farm("汽油罐区", ((6, "汽油", 5000),), 24),
            Farm("液化气球罐区", ((4, "液化石油气", 2000),), 20),
        ),
        QILU, "炼厂中路1号", 80, units=9,
    ),
    Entry(
        "jiyuan", "淄博稷原烯烃有限公司", "稷原烯烃", "370305",
        (Farm("乙烯低温罐区", ((2, "乙烯", 1500),), 16), Farm("石脑油罐区", ((3, "石脑油", 5000),), 14)),
        QILU, "学府路东首", 0, "T", 4,
    ),
    Entry(
        "muchen", "临淄沐辰液化气有限公司", "沐辰液化气", "370305",
        (Farm("液化石油气罐区", ((4, "液化石油气", 400),), 14),),
        None, "凤凰镇工业街3号", 45, "V", 1, 0.9,
    ),
    Entry(
        "xuanpu", "淄博玄圃合成氨有限公司", "玄圃合成氨", "370305",
        (Farm("液氨球罐区", ((2, "液氨", 650),), 20), Farm("甲醇罐区", ((3, "甲醇", 2000),), 12)),
        QILU, "化肥路6号", 72, units=5,
    ),
    Entry(
        "zeyi", "山东泽漪环氧材料有限公司", "泽漪环氧", "370305",
        (Farm("环氧乙烷罐区", ((3, "环氧乙烷", 200),), 18), Farm("环氧丙烷罐区", ((3, "环氧丙烷", 400),), 12)),
        QILU, "清田路19号", 12, units=4,
    ),
)  # fmt: skip

HUANTAI = (
    Entry(
        "songjian", "桓台松涧氟材料有限公司", "松涧氟材料", "370321",
        (Farm("氟化氢罐区", ((3, "氟化氢", 60),), 18), Farm("甲醇罐区", ((2, "甲醇", 400),), 8)),
        DONGYUE, "唐山镇氟硅大道5号", 25, "V", 5,
    ),
    Entry(
        "yunzhan", "桓台云栈气体有限公司", "云栈气体", "370321",
        (Farm("液氧储罐区", ((2, "液氧", 200),), 0), Farm("氢气储罐区", ((6, "氢气", 100),), 12)),
        DONGYUE, "唐山镇果里路2号", 8, "V", 3, 0.92,
    ),
    Entry(
        "chenghu", "桓台澄湖氯碱有限公司", "澄湖氯碱", "370321",
        (Farm("液氯储槽区", ((4, "液氯", 60),), 20), Farm("氯乙烯球罐区", ((3, "氯乙烯", 1000),), 16)),
        DONGYUE, "唐山镇盐化路16号", 54, "V", 6,
    ),
    Entry(
        "heting", "山东鹤汀聚醚有限公司", "鹤汀聚醚", "370321",
        (Farm("环氧丙烷罐区", ((4, "环氧丙烷", 300),), 18), Farm("苯乙烯罐区", ((2, "苯乙烯", 1000),), 10)),
        MAQIAO, "马桥镇富源路9号", 31, units=3,
    ),
    Entry(
        "yuanxiu", "山东远岫石油化工有限公司马桥储运分公司", "远岫石化马桥储运", "370321",
        (
            Farm("成品油罐区", ((4, "汽油", 5000), (3, "柴油", 5000)), 22),
            Farm("石脑油罐区", ((3, "石脑油", 3000),), 12),
        ),
        MAQIAO, "马桥镇红庙村北", 22, "T", 1, 0.94,
    ),
    Entry(
        "weidang", "桓台苇荡精细化工有限公司", "苇荡精细化工", "370321",
        (Farm("原料罐区", ((3, "甲苯", 500), (2, "环氧氯丙烷", 200), (2, "甲醇", 300)), 16),),
        MAQIAO, "马桥镇创业路21号", 40, "V", 3, 0.88,
    ),
)  # fmt: skip

OTHERS = (
    Entry(
        "wangshu", "高青望舒化学有限公司", "望舒化学", "370322",
        (Farm("环己烷罐区", ((4, "环己烷", 2000),), 18), Farm("过氧化氢罐区", ((3, "过氧化氢溶液", 1000),), 0)),
        GAOQING, "田镇街道清河路3号", 15, "T", 4,
    ),
    Entry(
        "yunrang", "高青云壤农化有限公司", "云壤农化", "370322",
        (Farm("原料罐区", ((2, "甲苯", 300), (2, "二硫化碳", 100), (2, "甲醇", 300)), 16),),
        GAOQING, "田镇街道田横路11号", 33, "V", 3, 0.9,
    ),
    Entry(
        "qingheng", "高青青蘅聚氨酯新材料有限公司", "青蘅新材料", "370322",
        (Farm("异氰酸酯罐区", ((3, "甲苯二异氰酸酯", 300),), 14),),
        GAOQING, "高城镇工业二路8号", 0, "V", 2,
    ),
    Entry(
        "langche", "淄博朗澈医药化工有限公司", "朗澈医药化工", "370303",
        (Farm("溶剂罐区", ((3, "甲醇", 400), (3, "丙酮", 400), (2, "乙醇", 400)), 16),),
        None, "湖田街道药城路6号", 85, "V", 4,
    ),
    Entry(
        "fengji", "张店丰霁油品销售有限公司", "丰霁油品", "370303",
        (Farm("油品罐区", ((4, "汽油", 2000), (3, "柴油", 2000)), 14),),
        None, "沣水镇张炳路40号", 47, "T", 0, 0.95,
    ),
    Entry(
        "panye", "淄川磐野化工仓储有限公司", "磐野化工仓储", "370302",
        (Farm("液体化工品罐区", ((4, "甲醇", 2000), (2, "冰醋酸", 1000), (2, "苯乙烯", 1000)), 18),),
        None, "双杨镇双山路5号", 28, "T", 0, 0.94,
    ),
    Entry(
        "lingxiu", "淄川岭秀涂料树脂有限公司", "岭秀涂料", "370302",
        (Farm("树脂原料罐区", ((3, "苯乙烯", 300), (2, "二甲苯", 300), (2, "甲苯", 300)), 12),),
        None, "寨里镇工业园9号", 51, "V", 3,
    ),
    Entry(
        "ciquan", "博山瓷泉助剂有限公司", "瓷泉助剂", "370304",
        (Farm("二氧化硫罐区", ((2, "二氧化硫", 60),), 12), Farm("甲醇罐区", ((2, "甲醇", 400),), 6)),
        None, "域城镇山机路17号", 38, "V", 3, 0.9,
    ),
    Entry(
        "liulan", "博山琉岚制氢有限公司", "琉岚制氢", "370304",
        (Farm("氢气储罐区", ((6, "氢气", 100),), 12),),
        None, "白塔镇东万路2号", 5, "V", 2,
    ),
    Entry(
        "zhiyun", "周村织云染化有限公司", "织云染化", "370306",
        (Farm("液氨罐区", ((2, "液氨", 50),), 12), Farm("冰醋酸罐区", ((2, "冰醋酸", 6000),), 4)),
        None, "北郊镇丝市街8号", 57, "V", 3, 0.86,
    ),
    Entry(
        "guyi", "周村古驿燃气有限公司", "古驿燃气", "370306",
        (Farm("液化天然气储罐区", ((4, "液化天然气", 150),), 12),),
        None, "萌水路西首", 34, "V", 1,
    ),
    Entry(
        "luming", "沂源鹿鸣精细化工有限公司", "鹿鸣精细化工", "370323",
        (Farm("液氯库", ((2, "液氯", 40),), 12), Farm("乙醇罐区", ((3, "乙醇", 400),), 8)),
        None, "南麻街道振兴路60号", 44, "V", 3, 0.91,
    ),
    Entry(
        "lingyue", "淄博凌越电子化学品股份有限公司", "凌越电子化学品", "3703A1",
        (Farm("电子级溶剂罐区", ((3, "丙酮", 300), (3, "乙醇", 300), (2, "氟化氢", 5)), 18),),
        None, "民祥路101号", 64, "V", 4,
    ),
    Entry(
        "jichuan", "淄博霁川氢能科技有限公司", "霁川氢能", "3703A1",
        (Farm("氢气储罐区", ((8, "氢气", 100),), 14),),
        None, "裕民路77号", 0, "V", 2,
    ),
    Entry(
        "hengchuan", "淄博衡川液体化工物流有限公司", "衡川液体化工物流", "3703A2",
        (Farm("液体化工品罐区", ((3, "甲醇", 1000), (3, "甲苯", 1000), (2, "苯", 300)), 18),),
        None, "南定镇物流大道15号", 90, "T", 0, 0.95,
    ),
    Entry(
        "qingyuan", "文昌湖清沅燃气有限公司", "清沅燃气", "3703A3",
        (Farm("液化天然气储罐区", ((3, "液化天然气", 150),), 10),),
        None, "萌水镇环湖路1号", 16, "V", 1,
    ),
)  # fmt: skip

ROSTER = LINZI + HUANTAI + OTHERS
