"""The 18 key supervised chemical processes (重点监管危险化工工艺) with what must be watched in each.

Sources: 安监总管三〔2009〕116号 and 〔2013〕3号, shortened; codes of the dictionary, whose zero padding is irregular.
"""

from __future__ import annotations

import msgspec


class Process(msgspec.Struct, frozen=True, rename="camel"):
    """A key process; parameters: what is watched, in Chinese."""

    code: str
    name: str
    name_en: str
    parameters: tuple[str, ...]


_ALL = (
    Process("E1501", "光气及光气化工艺", "Phosgene and phosgenation",
            ("一氧化碳、氯气含水量", "反应釜温度、压力", "反应物质配料比", "光气进料速度", "冷却介质温度、压力、流量")),
    Process("E1502", "电解工艺（氯碱）", "Chlor-alkali electrolysis",
            ("电解槽液位", "电解槽电流、电压", "进出物料流量", "可燃和有毒气体浓度", "电解槽温度、压力", "原料铵含量",
             "氯气杂质含量")),
    Process("E1503", "氯化工艺", "Chlorination",
            ("反应釜温度、压力", "搅拌速率", "反应物料配比", "氯化剂进料流量", "冷却系统温度、压力、流量",
             "氯气杂质含量", "尾气组成")),
    Process("E1504", "硝化工艺", "Nitration",
            ("反应釜温度", "搅拌速率", "硝化剂流量", "冷却水流量", "pH值", "硝化产物杂质含量", "精馏系统、塔釜温度")),
    Process("E1505", "合成氨工艺", "Ammonia synthesis",
            ("合成塔、压缩机、氨储存系统温度", "合成塔、压缩机、氨储存系统压力", "液位", "物料流量及比例")),
    Process("E1506", "裂解（裂化）工艺", "Cracking",
            ("裂解炉进料流量", "裂解炉温度", "引风机电流", "燃料油流量、压力", "稀释蒸汽比及压力", "滑阀差压",
             "主风流量")),
    Process("E1507", "氟化工艺", "Fluorination",
            ("反应釜温度、压力", "搅拌速率", "氟化物流量", "助剂流量", "反应物配料比", "氟化物浓度")),
    Process("E1508", "加氢工艺", "Hydrogenation",
            ("反应釜或床层温度、压力", "搅拌速率", "氢气流量", "反应物质配料比", "系统氧含量", "冷却水流量",
             "氢气压缩机运行参数", "加氢反应尾气组成")),
    Process("E1509", "重氮化工艺", "Diazotisation",
            ("反应釜温度、压力、液位、pH值", "搅拌速率", "亚硝酸钠流量", "反应物质配料比", "后处理单元温度")),
    Process("E15010", "氧化工艺", "Oxidation",
            ("反应釜温度、压力", "搅拌速率", "氧化剂流量", "反应物料配比", "气相氧含量", "过氧化物含量")),
    Process("E15011", "过氧化工艺", "Peroxidation",
            ("反应釜温度", "pH值", "搅拌速率", "过氧化剂流量", "参加反应物质配料比", "过氧化物浓度", "气相氧含量")),
    Process("E15012", "胺基化工艺", "Amination",
            ("反应釜温度、压力", "搅拌速率", "物料流量", "反应物质配料比", "气相氧含量")),
    Process("E15013", "磺化工艺", "Sulphonation", ("反应釜温度", "搅拌速率", "磺化剂流量", "冷却水流量")),
    Process("E15014", "聚合工艺", "Polymerisation",
            ("反应釜温度、压力", "搅拌速率", "引发剂流量", "冷却水流量", "料仓静电、可燃气体监控")),
    Process("E15015", "烷基化工艺", "Alkylation", ("反应釜温度、压力", "搅拌速率", "反应物料流量及配比")),
    Process("E15016", "新型煤化工工艺", "New coal chemistry",
            ("反应器温度、压力", "反应物质配料比", "料位、液位", "进料介质温度、压力、流量", "氧含量",
             "外取热器蒸汽温度、压力", "风压、风温", "烟气压力、温度", "压降", "气体组成及比例")),
    Process("E15017", "电石生产工艺", "Calcium carbide",
            ("炉气温度、压力", "料仓料位", "电极压放量", "一次电流、电压及有功功率", "冷却水温度、压力",
             "液压箱油位、温度", "变压器温度", "净化过滤器入口温度", "炉气组分分析")),
    Process("E15018", "偶氮化工艺", "Azo compounds",
            ("反应釜温度、压力、液位、pH值", "搅拌速率", "肼流量", "反应物质配料比", "后处理单元温度")),
)  # fmt: skip

PROCESSES = {process.code: process for process in _ALL}
