"""The areas of the demo city: their codes, names and the seats of their governments (standards 7.6)."""

from __future__ import annotations

from dataclasses import dataclass

CITY = "370300"


@dataclass(frozen=True)
class Place:
    """An area. registered: the GB/T 2260 code that stands in codes of companies registered there."""

    adcode: str
    name: str
    slug: str
    lon: float
    lat: float
    registered: str


PLACES = {
    place.adcode: place
    for place in (
        Place("370302", "淄川区", "zichuan", 117.966723, 36.643452, "370302"),
        Place("370303", "张店区", "zhangdian", 118.017938, 36.806669, "370303"),
        Place("370304", "博山区", "boshan", 117.861851, 36.494701, "370304"),
        Place("370305", "临淄区", "linzi", 118.309118, 36.826981, "370305"),
        Place("370306", "周村区", "zhoucun", 117.869886, 36.803072, "370306"),
        Place("370321", "桓台县", "huantai", 118.097922, 36.959804, "370321"),
        Place("370322", "高青县", "gaoqing", 117.826924, 37.170979, "370322"),
        Place("370323", "沂源县", "yiyuan", 118.170855, 36.185038, "370323"),
        Place("3703A1", "高新区", "gaoxin", 118.05, 36.84, "370303"),
        Place("3703A2", "经开区", "jingkai", 118.02, 36.74, "370303"),
        Place("3703A3", "文昌湖区", "wenchang", 117.87, 36.70, "370306"),
    )
}
