"""Names: pinyin initials of enterprises, and invented people."""

from __future__ import annotations

import random

# Only the characters that the roster uses; a test finds a name that outgrows it.
_BY_INITIAL = {
    "A": "氨", "B": "博", "C": "仓储川成昌材村澄澈瓷赤辰", "D": "东店电第荡", "E": "二", "F": "丰份分氟",
    "G": "公古工股高", "H": "化合桓湖环禾蘅衡鹤", "J": "剂技涧碱稷精聚集霁", "K": "科",
    "L": "临凌岚岭料朗氯流澜琉鲁鹿", "M": "沐醚马鸣", "N": "农能", "P": "品圃磐", "Q": "区桥气氢泉清青齐",
    "R": "壤染溶燃", "S": "司售山松树石舒", "T": "体台团汀涂烃", "W": "文望物苇", "X": "学岫新烯玄秀细销限霞",
    "Y": "业云医原屿有氧沂沅油液源漪砚药越运远野驿", "Z": "制助周子张栈泽淄织脂酯",
}  # fmt: skip
INITIALS = {char: letter for letter, chars in _BY_INITIAL.items() for char in chars}

SURNAMES = "王李张刘陈杨赵孙周徐胡朱高郭马罗梁宋郑谢韩唐冯于董程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏"
GIVEN = (
    "建国", "志强", "海峰", "立民", "文静", "丽娟", "永刚", "晓东", "玉兰", "国栋", "启明", "春生", "秀英", "卫东",
    "振华", "敏", "庆", "涛", "磊", "军", "洋", "勇", "杰", "娜", "静", "伟", "芳", "超", "宁", "红梅", "长河", "少华",
    "明远", "思齐", "可欣", "德胜", "兆丰", "金玉", "爱民", "宗岳", "维新", "传祥", "素云", "成林", "继业", "孝文",
    "广平", "家兴", "桂芝", "瑞雪", "学勤", "守义",
)  # fmt: skip


def initials(name: str) -> str:
    """The first letters of the pinyin of `name`, capital; raises KeyError for a character we do not know."""
    return "".join(INITIALS[char] for char in name)


def person_name(dice: random.Random) -> str:
    """A name nobody in particular has."""
    return dice.choice(SURNAMES) + dice.choice(GIVEN)


def mobile(dice: random.Random) -> str:
    """A mobile number of a range that is given to no one (170-0533)."""
    return f"1700533{dice.randrange(10_000):04d}"
