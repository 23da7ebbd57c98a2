"""The options of statistics, each declared once."""

import json
import operator
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypedDict

from healthcoop.index.statistics.cross import DIMENSIONS
from healthcoop.index.values import check_choice, exact_day


class Pairing(TypedDict, total=False):
    """Which records count for which pairs (pair_record.sql): arguments of statistics of pairs."""

    multilateral: Literal["none", "all", "fractional"]
    organisations: bool
    fold_former: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """An option of a statistic: ``name`` is the argument in Python and the parameter in SQL.

    A ``switch`` on the command line has its one choice as value; a ``count`` is a number from 0; a
    ``position`` is a choice that must be made, an argument without a name.
    """

    name: str
    flag: str
    help: str
    kind: Literal["choice", "switch", "flag", "count", "day", "days", "position"]
    choices: tuple[str, ...] = ()
    default: Any = False

    def check(self, value: Any) -> Any:
        """Return a value as SQL takes it; raises TypeError or UnknownName for a wrong one."""
        if self.kind in ("choice", "position"):
            check_choice(self.name, value, self.choices)
        elif self.kind == "count":
            # SQLite would compare a text with numbers, and has no greater integers.
            return min(operator.index(value), sys.maxsize)
        elif self.kind == "day":
            return value and exact_day(self.name, value).isoformat()
        elif self.kind == "days":
            return json.dumps([exact_day(self.name, day).isoformat() for day in value])
        else:
            return bool(value)
        return value


def multilateral(*choices: str) -> Option:
    """Return the option on records of three countries or more, with these choices."""
    share = "; or 1/(n-1) in weight" if "fractional" in choices else ""
    return Option(
        name="multilateral",
        flag="--multilateral",
        kind="choice",
        choices=choices,
        default="none",
        help=f"Records of three countries or more: not counted; one for each pair{share}.",
    )


WITH = Option(
    name="organisations",
    flag="--with",
    kind="switch",
    choices=("organisations",),
    help="Count pairs with organisations too.",
)
FOLD = Option(
    name="fold_former",
    flag="--fold-former",
    kind="flag",
    help="Count former states as the states that continue them.",
)
MINIMUM = Option(
    name="minimum", flag="--min", kind="count", default=1, help="Only pairs with N records or more."
)
TOP = Option(
    name="top", flag="--top", kind="count", default=30, help="The N countries with most records."
)
ON = Option(
    name="days",
    flag="--on",
    kind="days",
    default=(),
    help="On this day instead of every year's end.",
)
ON_DAY = Option(
    name="on", flag="--on", kind="day", default=None, help="Status on this day instead of today."
)
BY = Option(
    name="by_year", flag="--by", kind="switch", choices=("year",), help="Count for each year."
)
ROWS, COLUMNS = (
    Option(
        name=axis,
        flag=axis.upper(),
        kind="position",
        choices=tuple(DIMENSIONS),
        default="",
        help=f"The dimension of the {axis}.",
    )
    for axis in ("rows", "columns")
)
PAIRING: Mapping[str, Option] = {
    option.name: option for option in (multilateral("none", "all", "fractional"), WITH, FOLD)
}
MOST_SIDES = 250
"""A record with more sides counts for no pair; there are some 200 states."""
DEFAULTS = {
    option.name: option.check(option.default)
    for option in (*PAIRING.values(), MINIMUM, TOP, ON, ON_DAY, BY)
} | {"rows": "", "columns": "", "most_sides": MOST_SIDES}
