"""Invented people."""

from __future__ import annotations

import random

SURNAMES = "王李张刘陈杨赵孙周徐胡朱高郭马罗梁宋郑谢韩唐冯于董程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏"
GIVEN = (
    "建国", "志强", "海峰", "立民", "文静", "丽娟", "永刚", "晓东", "玉兰", "国栋", "启明", "春生", "秀英", "卫东",
    "振华", "敏", "庆", "涛", "磊", "军", "洋", "勇", "杰", "娜", "静", "伟", "芳", "超", "宁", "红梅", "长河", "少华",
    "明远", "思齐", "可欣", "德胜", "兆丰", "金玉", "爱民", "宗岳", "维新", "传祥", "素云", "成林", "继业", "孝文",
    "广平", "家兴", "桂芝", "瑞雪", "学勤", "守义",
)  # fmt: skip


def person_name(dice: random.Random) -> str:
    """A name nobody in particular has."""
    return dice.choice(SURNAMES) + dice.choice(GIVEN)


def mobile(dice: random.Random) -> str:
    """A mobile number of a range that is given to no one (170-0533)."""
    return f"1700533{dice.randrange(10_000):04d}"
