"""Classes of GB 18218-2018 for substances that its table 1 does not name: Q of table 2, β of table 4."""

from __future__ import annotations

import msgspec


class HazardClass(msgspec.Struct, frozen=True, rename="camel"):
    """A class; threshold_t in t. Of several classes of one substance the smallest Q counts."""

    symbol: str
    name: str
    threshold_t: float
    beta: float


_ALL = (
    HazardClass("J1", "急性毒性类别1，所有暴露途径，气体", 5, 4),
    HazardClass("J2", "急性毒性类别1，所有暴露途径，固体、液体", 50, 1),
    HazardClass("J3", "急性毒性类别2、类别3，所有暴露途径，气体", 50, 2),
    HazardClass("J4", "急性毒性类别2、类别3，吸入途径，液体（沸点≤35℃）", 50, 2),
    HazardClass("J5", "急性毒性类别2，所有暴露途径，其他液体、固体", 500, 1),
    HazardClass("W1.1", "不稳定爆炸物、1.1项爆炸物", 1, 2),
    HazardClass("W1.2", "1.2、1.3、1.5、1.6项爆炸物", 10, 2),
    HazardClass("W1.3", "1.4项爆炸物", 50, 2),
    HazardClass("W2", "易燃气体类别1、类别2", 10, 1.5),
    HazardClass("W3", "气溶胶类别1、类别2（净重）", 150, 1),
    HazardClass("W4", "氧化性气体类别1", 50, 1),
    HazardClass("W5.1", "易燃液体类别1；类别2、3，工作温度高于沸点", 10, 1.5),
    HazardClass("W5.2", "易燃液体类别2、3，具有引发重大事故的特殊工艺条件", 50, 1),
    HazardClass("W5.3", "不属于W5.1或W5.2的其他类别2易燃液体", 1000, 1),
    HazardClass("W5.4", "不属于W5.1或W5.2的其他类别3易燃液体", 5000, 1),
    HazardClass("W6.1", "自反应物质和混合物A型、B型", 10, 1.5),
    HazardClass("W6.2", "自反应物质和混合物C型、D型、E型", 50, 1),
    HazardClass("W7.1", "有机过氧化物A型、B型", 10, 1.5),
    HazardClass("W7.2", "有机过氧化物C型、D型、E型、F型", 50, 1),
    HazardClass("W8", "自燃液体、自燃固体类别1", 50, 1),
    HazardClass("W9.1", "氧化性固体、液体类别1", 50, 1),
    HazardClass("W9.2", "氧化性固体、液体类别2、类别3", 200, 1),
    HazardClass("W10", "易燃固体类别1", 200, 1),
    HazardClass("W11", "遇水放出易燃气体的物质类别1、类别2", 200, 1),
)

CLASSES = {each.symbol: each for each in _ALL}
