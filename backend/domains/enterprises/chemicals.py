"""Chemicals as reference data: what GB 18218 counts them by, and what detectors are set by.

Q: GB 18218-2018 table 1, or table 2 by class; β: table 3 by name, or table 4 by class (standards 3.2 to 3.4).
OEL: GBZ 2.1, mg/m³; LEL: handbook values (standards 5.3). Check them against the printed standards before an audit.
"""

from __future__ import annotations

import re

import msgspec

from backend.domains.enterprises.hazard_classes import CLASSES

# Litres of a mole of gas at 25 °C and 101.3 kPa: ppm = mg/m³ x 24.45 / M.
MOLAR_VOLUME_L = 24.45


class Chemical(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """A chemical. threshold_t: its Q in t; lel_vol_pct in % by volume; mac, stel, twa in mg/m³; molar_mass in g/mol.

    hazard_class: the class by which Q or β was taken, "" where the standard names the substance in both tables.
    """

    name: str
    name_en: str
    cas: str
    threshold_t: float
    beta: float
    hazard_class: str = ""
    aliases: tuple[str, ...] = ()
    lel_vol_pct: float | None = None
    mac: float | None = None
    twa: float | None = None
    stel: float | None = None
    molar_mass: float | None = None

    @property
    def oel_mg_m3(self) -> float | None:
        """The occupational limit alarms go by: MAC, else PC-STEL, else PC-TWA."""
        return next((limit for limit in (self.mac, self.stel, self.twa) if limit is not None), None)

    @property
    def oel_ppm(self) -> float | None:
        """The same in ppm at 25 °C, None where it or the molar mass is not known."""
        if self.oel_mg_m3 is None or self.molar_mass is None:
            return None
        return self.oel_mg_m3 * MOLAR_VOLUME_L / self.molar_mass


def _of(
    name: str,
    name_en: str,
    cas: str,
    q: float | None,
    beta: float | None,
    hazard_class: str = "",
    *aliases: str,
    **more: float,
) -> Chemical:
    """A row of the table below; Q and β are those of the class where None."""
    kind = CLASSES.get(hazard_class)
    q = kind.threshold_t if q is None and kind else q
    beta = kind.beta if beta is None and kind else beta
    assert q is not None, name
    assert beta is not None, name
    return Chemical(
        name=name, name_en=name_en, cas=cas, threshold_t=q, beta=beta, hazard_class=hazard_class, aliases=aliases,
        **more,
    )  # fmt: skip


_ALL = (
    # Toxic gases and vapours, named in table 1; β of table 3 where the substance stands there.
    _of("氨", "Ammonia", "7664-41-7", 10, 2, "", "液氨", lel_vol_pct=15, twa=20, stel=30, molar_mass=17.03),
    _of("氯", "Chlorine", "7782-50-5", 5, 4, "", "液氯", "氯气", mac=1, molar_mass=70.91),
    _of("碳酰氯", "Phosgene", "75-44-5", 0.3, 20, "", "光气", mac=0.5, molar_mass=98.92),
    _of("硫化氢", "Hydrogen sulphide", "7783-06-4", 5, 5, lel_vol_pct=4, mac=10, molar_mass=34.08),
    _of("氟化氢", "Hydrogen fluoride", "7664-39-3", 1, 5, mac=2, molar_mass=20.01),
    _of("氯化氢", "Hydrogen chloride, anhydrous", "7647-01-0", 20, 3, "", "氯化氢（无水）", mac=7.5, molar_mass=36.46),
    _of("氰化氢", "Hydrogen cyanide", "74-90-8", 1, 10, lel_vol_pct=5.6, mac=1, molar_mass=27.03),
    _of("二氧化硫", "Sulphur dioxide", "7446-09-5", 20, 2, "", "液态二氧化硫", twa=5, stel=10, molar_mass=64.06),
    _of("二氧化氮", "Nitrogen dioxide", "10102-44-0", 1, 10, twa=5, stel=10, molar_mass=46.01),
    _of("磷化氢", "Phosphine", "7803-51-2", 1, 20, lel_vol_pct=1.8, mac=0.3, molar_mass=34),
    _of("溴甲烷", "Methyl bromide", "74-83-9", 10, 3, molar_mass=94.94),
    _of("环氧乙烷", "Ethylene oxide", "75-21-8", 10, 2, lel_vol_pct=3, twa=2, molar_mass=44.05),
    _of("煤气", "Coal gas", "", 20, 2, "", "煤气（CO，CO和H2、CH4的混合物等）", lel_vol_pct=12.5, twa=20, stel=30,
        molar_mass=28.01),
    _of("甲醛", "Formaldehyde, above 90 %", "50-00-0", 5, None, "J3", mac=0.5, molar_mass=30.03),
    _of("溴", "Bromine", "7726-95-6", 20, None, "J5", "溴素", molar_mass=159.81),
    _of("环氧氯丙烷", "Epichlorohydrin", "106-89-8", 20, None, "W5.4", "3-氯-1,2-环氧丙烷", lel_vol_pct=3.8,
        molar_mass=92.52),
    _of("甲苯二异氰酸酯", "Toluene diisocyanate", "26471-62-5", 100, None, "J5", "TDI", twa=0.1, stel=0.2,
        molar_mass=174.16),
    _of("三氧化硫", "Sulphur trioxide", "7446-11-9", 75, 1, molar_mass=80.06),
    _of("丙烯腈", "Acrylonitrile", "107-13-1", 50, 1, "", lel_vol_pct=2.8, twa=1, stel=2, molar_mass=53.06),
    # Flammable gases: named in table 1, β of class W2.
    _of("液化石油气", "Liquefied petroleum gas", "68476-85-7", 50, None, "W2", "LPG", lel_vol_pct=1.8, molar_mass=51),
    _of("丙烷", "Propane", "74-98-6", 50, None, "W2", lel_vol_pct=2.1, molar_mass=44.1),
    _of("丁烷", "Butane", "106-97-8", 50, None, "W2", "正丁烷", lel_vol_pct=1.8, molar_mass=58.12),
    _of("甲烷", "Methane, natural gas", "74-82-8", 50, None, "W2", "天然气", "液化天然气", "LNG", lel_vol_pct=5,
        molar_mass=16.04),
    _of("氢", "Hydrogen", "1333-74-0", 5, None, "W2", "氢气", lel_vol_pct=4, molar_mass=2.016),
    _of("乙炔", "Acetylene", "74-86-2", 1, None, "W2", lel_vol_pct=2.5, molar_mass=26.04),
    _of("乙烯", "Ethylene", "74-85-1", 50, None, "W2", lel_vol_pct=2.7, molar_mass=28.05),
    _of("氯乙烯", "Vinyl chloride", "75-01-4", 50, None, "W2", lel_vol_pct=3.6, twa=10, molar_mass=62.5),
    _of("1,3-丁二烯", "1,3-Butadiene", "106-99-0", 5, None, "W2", "丁二烯", lel_vol_pct=1.4, molar_mass=54.09),
    _of("二甲醚", "Dimethyl ether", "115-10-6", 50, None, "W2", lel_vol_pct=3.4, molar_mass=46.07),
    _of("氧", "Oxygen, compressed or liquid", "7782-44-7", 200, None, "W4", "液氧", "氧（压缩的或液化的）",
        molar_mass=32),
    # Flammable liquids named in table 1.
    _of("环氧丙烷", "Propylene oxide", "75-56-9", 10, None, "W5.1", "1,2-环氧丙烷", lel_vol_pct=1.9, molar_mass=58.08),
    _of("乙醚", "Diethyl ether", "60-29-7", 10, None, "W5.1", lel_vol_pct=1.7, molar_mass=74.12),
    _of("苯", "Benzene", "71-43-2", 50, 1, "", lel_vol_pct=1.2, twa=6, stel=10, molar_mass=78.11),
    _of("甲苯", "Toluene", "108-88-3", 500, 1, "", lel_vol_pct=1.1, twa=50, stel=100, molar_mass=92.14),
    _of("甲醇", "Methanol", "67-56-1", 500, 1, "", lel_vol_pct=5.5, twa=25, stel=50, molar_mass=32.04),
    _of("乙醇", "Ethanol", "64-17-5", 500, 1, "", lel_vol_pct=3.3, molar_mass=46.07),
    _of("丙酮", "Acetone", "67-64-1", 500, 1, "", lel_vol_pct=2.5, molar_mass=58.08),
    _of("苯乙烯", "Styrene", "100-42-5", 500, 1, "", lel_vol_pct=1.1, twa=50, stel=100, molar_mass=104.15),
    _of("汽油", "Gasoline", "86290-81-5", 200, 1, "", lel_vol_pct=1.3),
    _of("乙酸乙酯", "Ethyl acetate", "141-78-6", 500, 1, "", lel_vol_pct=2, molar_mass=88.11),
    _of("正己烷", "n-Hexane", "110-54-3", 500, 1, "", lel_vol_pct=1.1, molar_mass=86.18),
    _of("环己烷", "Cyclohexane", "110-82-7", 500, 1, "", lel_vol_pct=1.3, molar_mass=84.16),
    _of("二硫化碳", "Carbon disulphide", "75-15-0", 50, 1, "", lel_vol_pct=1, twa=5, stel=10, molar_mass=76.14),
    # Solids named in table 1.
    _of("硝酸铵", "Ammonium nitrate, combustibles up to 0.2 %", "6484-52-2", 50, 1),
    _of("氯酸钠", "Sodium chlorate", "7775-09-9", 100, 1),
    _of("电石", "Calcium carbide", "75-20-7", 100, 1, "", "碳化钙"),
    _of("钠", "Sodium", "7440-23-5", 10, 1, "", "金属钠"),
    _of("钾", "Potassium", "7440-09-7", 1, 1, "", "金属钾"),
    # Not in table 1: Q and β by class.
    _of("二甲苯", "Xylene", "1330-20-7", None, None, "W5.4", lel_vol_pct=1.1, twa=50, stel=100, molar_mass=106.17),
    _of("柴油", "Diesel", "68334-30-5", None, None, "W5.4"),
    _of("石脑油", "Naphtha", "8030-30-6", None, None, "W5.3", lel_vol_pct=1.1),
    _of("原油", "Crude oil", "8002-05-9", None, None, "W5.3", lel_vol_pct=1.1),
    _of("乙酸", "Acetic acid, glacial", "64-19-7", None, None, "W5.4", "冰醋酸", "冰乙酸", lel_vol_pct=4, twa=10,
        stel=20, molar_mass=60.05),
    _of("过氧化氢溶液", "Hydrogen peroxide solution", "7722-84-1", None, None, "W9.2", "双氧水", twa=1.5,
        molar_mass=34.01),
)  # fmt: skip

CHEMICALS = {chemical.name: chemical for chemical in _ALL}
_BY_ANY_NAME = CHEMICALS | {alias: chemical for chemical in _ALL for alias in chemical.aliases}
_BY_CAS = {chemical.cas: chemical for chemical in _ALL if chemical.cas}


def find_chemical(name: str, cas: str = "") -> Chemical | None:
    """The chemical of that name or alias, else of that CAS number, or None."""
    return _BY_ANY_NAME.get(name.strip()) or _BY_CAS.get(cas.strip())


def is_cas(text: str) -> bool:
    """Whether this is a CAS number with a true check digit: the others weighted by their place from the right."""
    if re.fullmatch(r"[0-9]{2,7}-[0-9]{2}-[0-9]", text) is None:
        return False
    digits = text.replace("-", "")
    total = sum(place * int(digit) for place, digit in enumerate(reversed(digits[:-1]), 1))
    return total % 10 == int(digits[-1])
