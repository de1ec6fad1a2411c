"""The areas of Zibo: GB/T 2260 codes, and local codes for the three functional zones that have none."""

from __future__ import annotations

from backend.domains.regions.enums import RegionKind
from backend.domains.regions.models import Region

CITY = "370300"

AREAS: tuple[tuple[str, str, str, RegionKind], ...] = (
    (CITY, "淄博市", "Zibo", RegionKind.CITY),
    ("370302", "淄川区", "Zichuan", RegionKind.DISTRICT),
    ("370303", "张店区", "Zhangdian", RegionKind.DISTRICT),
    ("370304", "博山区", "Boshan", RegionKind.DISTRICT),
    ("370305", "临淄区", "Linzi", RegionKind.DISTRICT),
    ("370306", "周村区", "Zhoucun", RegionKind.DISTRICT),
    ("370321", "桓台县", "Huantai", RegionKind.COUNTY),
    ("370322", "高青县", "Gaoqing", RegionKind.COUNTY),
    ("370323", "沂源县", "Yiyuan", RegionKind.COUNTY),
    ("3703A1", "高新区", "High-tech Zone", RegionKind.FUNCTIONAL_ZONE),
    ("3703A2", "经开区", "Economic Development Zone", RegionKind.FUNCTIONAL_ZONE),
    ("3703A3", "文昌湖区", "Wenchang Lake Zone", RegionKind.FUNCTIONAL_ZONE),
)


async def plant_tree() -> None:
    """Make the areas that are missing; the city before its parts."""
    rows = [
        Region(
            adcode=code,
            name=name,
            name_en=name_en,
            kind=kind,
            parent_adcode=None if code == CITY else CITY,
            path=code if code == CITY else f"{CITY}/{code}",
        )
        for code, name, name_en, kind in AREAS
    ]
    await Region.bulk_create(rows, ignore_conflicts=True)
