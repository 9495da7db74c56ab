"""Made-up names of people, roads and rooms."""

from random import Random

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_MEN = "伟强磊军洋勇杰涛超明刚平辉鹏华飞波斌宇浩凯健俊帆帅旭宁龙林建国志文海东晨"
_WOMEN = "芳娜敏静丽艳娟霞秀英玲婷雪慧莹洁燕颖琳欣红梅云兰凤月桂珍淑华佳怡萍倩晶瑶"

_ROADS = (
    *("知春路", "望海路", "潮平路", "听涛路", "云帆路", "稻香路", "杏林路", "海棠路", "松涛路"),
    *("雁鸣路", "银杏路", "晨曦路", "麦浪路", "石榴路", "鹭岛路", "锦瑟街", "长庚街", "玉衡街"),
    *("瑶光街", "开阳街", "天璇街", "芦花街", "荷风街", "枫桥街", "清溪街", "白鹭街", "青禾街"),
    *("紫云街", "朝露街", "星河街"),
)

_NUMBERS, _BUILDINGS, _UNITS, _FLOORS, _DOORS = 200, 24, 4, 18, 3
ADDRESSES = len(_ROADS) * _NUMBERS * _BUILDINGS * _UNITS * _FLOORS * _DOORS
"""How many different addresses there are in one street: about 31 million."""

_STRIDE = 19_990_049  # shares no factor with ADDRESSES, so every address comes up once


def surname(rng: Random) -> str:
    """Return a common Chinese surname."""
    return rng.choice(_SURNAMES)


def given_name(rng: Random, *, male: bool) -> str:
    """Return a given name of one or two signs."""
    signs = _MEN if male else _WOMEN
    name = rng.choice(signs)
    return name if rng.random() < 0.25 else name + rng.choice(signs)


def address_text(street_name: str, number: int) -> str:
    """Return the address with a running number, written as a Chinese address is written.

    Different numbers below ADDRESSES give different addresses.
    """
    rest, door = divmod(number * _STRIDE % ADDRESSES, _DOORS)
    rest, floor = divmod(rest, _FLOORS)
    rest, unit = divmod(rest, _UNITS)
    rest, building = divmod(rest, _BUILDINGS)
    road, house = divmod(rest, _NUMBERS)
    return (
        f"丹东市{street_name}{_ROADS[road]}{house + 1}号{building + 1}号楼"
        f"{unit + 1}单元{(floor + 1) * 100 + door + 1}室"
    )
