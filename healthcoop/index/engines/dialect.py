"""SQLite's SQL in the dialects of DuckDB and Spark, by sqlglot.

sqlglot translates syntax and most functions. What is here is what SQLite means beyond it: scalar
min() and max() of NULL, columns beside a min() or max(), INSERT OR IGNORE, 64-bit integers.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.simplify import simplify

from healthcoop.index.engines import TABLES, Parameters

Dialect = Literal["duckdb", "spark"]

_PARAMETER = re.compile(r"(?<![:\w]):([a-z_]+)")


@dataclass(frozen=True, slots=True)
class Table:
    """A temporary table: its columns with their types in the dialect, and its primary key."""

    name: str
    columns: Mapping[str, str]
    key: tuple[str, ...]


@cache
def tables_and_views(script: str, dialect: Dialect) -> Sequence[Table | tuple[str, str]]:
    """Return the tables of a script, and its views: each its name and its SELECT statement."""
    found: list[Table | tuple[str, str]] = []
    for statement in sqlglot.parse(script.replace(" WITHOUT ROWID", ""), read="sqlite"):
        name = statement.this.this.name if statement.kind == "TABLE" else statement.this.name
        if statement.kind == "VIEW":
            found.append((name, _write(statement.expression, dialect)))
            continue
        columns, key = {}, []
        for column in statement.this.expressions:
            if isinstance(column, exp.PrimaryKey):
                key += [each.name for each in column.expressions]
            elif isinstance(column, exp.ColumnDef):
                columns[column.name] = _type(column.kind).sql(dialect)
                if column.find(exp.PrimaryKeyColumnConstraint):
                    key.append(column.name)
        found.append(Table(name, columns, tuple(key)))
    return found


def select(
    script: str, dialect: Dialect, parameters: Parameters, tables: Mapping[str, Table]
) -> tuple[str, Sequence[Any]]:
    """Return a SELECT statement, or the rows of an INSERT statement, and the values of its ``?``.

    Named parameters become literals: they are choices, days and numbers that were checked. Of the
    rows of INSERT OR IGNORE the first of each primary key remains.
    """
    values: Sequence[Any] = ()
    if isinstance(parameters, Mapping):
        named = parameters
        script = _PARAMETER.sub(lambda match: _literal(named[match[1]]), script)
    else:
        values = parameters
    statement = sqlglot.parse_one(script, read="sqlite")
    if isinstance(statement, exp.Insert):
        columns = statement.this.expressions  # without the number, if they are listed
        table = tables[statement.find(exp.Table).name]
        query = statement.expression
        query.set("with_", statement.args.get("with_"))
        if statement.args.get("alternative") == "IGNORE":
            query = _first_of_key(query, table)
        if columns:
            query = _numbered(query, dialect)
        statement = _typed(query, table)
    # Two conditions on different values look the same while these are “?”.
    return _write(statement if values else simplify(statement), dialect), values


def missing(condition: str) -> str:
    """Return in words what a filter's condition needs beyond TABLES and SQL; empty for nothing."""
    query = sqlglot.parse_one(f"SELECT 1 FROM record WHERE {condition}", read="sqlite")
    for node in query.find_all(exp.Match, exp.Glob, exp.Anonymous):
        if isinstance(node, exp.Anonymous):
            return f"the function {node.name}()"
        return "patterns with * ? [...]" if isinstance(node, exp.Glob) else "full-text search"
    known = {*TABLES, "span", "party_span"}
    return next(
        (f"the table {t.name}" for t in query.find_all(exp.Table) if t.name not in known), ""
    )


def _first_of_key(query: exp.Query, table: Table) -> exp.Query:
    """Return the first row of each primary key, in the order of the query."""
    names = [*table.columns]
    order = query.args.get("order")
    query.set("order", None)
    number = exp.Window(
        this=exp.RowNumber(),
        partition_by=[exp.column(name) for name in table.key],
        order=order or exp.Order(expressions=[exp.column(name) for name in table.key]),
    )
    numbered = exp.select(*names, number.as_("copy")).from_(_named(query, table))
    return exp.select(*names).from_(numbered.subquery("numbered")).where("copy = 1")


def _numbered(query: exp.Query, dialect: Dialect) -> exp.Query:
    """Assign numbers to the rows of an ordered query, as an INTEGER PRIMARY KEY does.

    Spark's numbers have gaps: row_number() of all rows would be the work of one task.
    """
    if dialect == "duckdb":
        number = exp.Window(this=exp.RowNumber(), order=query.args["order"])
        query.set("order", None)
        return query.select(number, *query.expressions, append=False)
    names = [f"column_{place}" for place, _ in enumerate(query.expressions)]
    values = zip(query.expressions, names, strict=True)
    query = query.select(*(value.as_(name) for value, name in values), append=False)
    identity = exp.Anonymous(this="monotonically_increasing_id")
    number = exp.Add(this=identity, expression=exp.Literal.number(1))
    return exp.select(number, *names).from_(query.subquery("sorted"))


def _typed(query: exp.Query, table: Table) -> exp.Query:
    """Return the rows with the names and types of a table's columns."""
    columns = [exp.cast(exp.column(name), kind).as_(name) for name, kind in table.columns.items()]
    return exp.select(*columns).from_(_named(query, table))


def _named(query: exp.Query, table: Table) -> exp.Subquery:
    alias = exp.TableAlias(
        this=exp.to_identifier("filled"), columns=[*map(exp.to_identifier, table.columns)]
    )
    return exp.Subquery(this=query, alias=alias)


def _literal(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "NULL", True: "TRUE", False: "FALSE"}[value]
    if isinstance(value, int):
        return str(value)
    quoted: str = value.replace("'", "''")
    return f"'{quoted}'"


def _write(statement: exp.Expression, dialect: Dialect) -> str:
    statement = _with_aggregated_columns(statement)
    for node in reversed([*statement.walk()]):  # the parts of a node before the node
        parent, name, place = node.parent, node.arg_key, node.index
        rewritten = _rewritten(node, dialect)
        if rewritten is not node and parent:
            parent.set(name, rewritten, place)
    text: str = statement.sql(dialect, identify=True, comments=False)
    return text


def _with_aggregated_columns(statement: exp.Expression) -> exp.Expression:
    """Replace columns beside one min() or max() that are not grouped by: they are of its row."""
    for query in statement.find_all(exp.Select):
        group = query.args.get("group")
        found = [
            node
            for node in query.find_all(exp.Min, exp.Max)
            if node.parent_select is query and not node.find_ancestor(exp.Window, exp.Filter)
        ]
        if not group or len(found) != 1:
            continue
        row_of = exp.ArgMin if isinstance(found[0], exp.Min) else exp.ArgMax
        for projection in query.expressions:
            column = projection.unalias()
            if isinstance(column, exp.Column) and column not in group.expressions:
                value = row_of(this=column.copy(), expression=found[0].this.copy())
                projection.replace(value.as_(projection.alias_or_name))
    return statement


def _rewritten(node: exp.Expression, dialect: Dialect) -> exp.Expression:
    rewrite = _REWRITES.get((dialect, type(node))) or _REWRITES.get(type(node))
    return rewrite(node) if rewrite else node


def _number(node: exp.Literal) -> exp.Expression:
    """Write a number with a fraction as a double, not a decimal."""
    is_double = not node.is_string and "." in node.name
    return exp.cast(node, exp.DType.DOUBLE) if is_double else node


def _type(node: exp.DataType) -> exp.DataType:
    """SQLite's numbers have 64 bits."""
    wide = {exp.DType.INT: exp.DType.BIGINT, exp.DType.FLOAT: exp.DType.DOUBLE}
    return exp.DataType(this=wide[node.this]) if node.this in wide else node


def _function(node: exp.Anonymous) -> exp.Expression:
    name = node.name.lower()
    if name == "julianday":
        (day,) = node.expressions
        return exp.DateDiff(this=_day(day), expression=_day(exp.Literal.string("2000-01-01")))
    if name == "date":  # with a number of days to add
        day, step = node.expressions
        days = exp.Literal.number(step.name.removesuffix(" day"))
        moved = exp.DateAdd(this=_day(day), expression=days, unit=exp.var("day"))
        return exp.cast(exp.cast(moved, "date"), "text")
    return node


def _day(text: exp.Expression) -> exp.Expression:
    return exp.cast(text, "date")


def _join(node: exp.Join) -> exp.Expression:
    """CROSS JOIN ... ON is how SQLite is given the order of tables."""
    if node.kind == "CROSS" and node.args.get("on"):
        node.set("kind", None)
    return node


def _values(node: exp.Table) -> exp.Expression:
    """json_each() of a literal array of texts becomes its values."""
    if not (isinstance(node.this, exp.Anonymous) and node.this.name.lower() == "json_each"):
        return node
    texts = json.loads(node.this.expressions[0].name)
    query = exp.select(exp.cast(exp.null(), "text").as_("value")).where(exp.false())
    for text in texts:
        query = query.union(exp.select(exp.Literal.string(text).as_("value")))
    return query.subquery("listed")


def _null_of_null(node: exp.Least | exp.Greatest) -> exp.Expression:
    """Spark's functions ignore NULL, of which SQLite's are NULL."""
    if node.args.get("ignore_nulls"):
        return node
    parts = [node.this, *node.expressions]
    node.set("ignore_nulls", True)
    unknown = exp.or_(*(exp.Is(this=part.copy(), expression=exp.null()) for part in parts))
    return exp.Case(ifs=[exp.If(this=unknown, true=exp.null())], default=node)


def _struct_as_json(node: exp.JSONObject) -> exp.Expression:
    parts = [each for pair in node.expressions for each in (pair.this, pair.expression)]
    return exp.func("to_json", exp.Anonymous(this="named_struct", expressions=parts))


def _list_as_json(node: exp.JSONArrayAgg) -> exp.Expression:
    return exp.Anonymous(
        this="to_json", expressions=[exp.Anonymous(this="collect_list", expressions=[node.this])]
    )


def _plain_cte(node: exp.CTE) -> exp.Expression:
    node.set("materialized", None)
    return node


_REWRITES: dict[Any, Any] = {
    exp.Literal: _number,
    exp.DataType: _type,
    exp.Anonymous: _function,
    exp.Join: _join,
    exp.Table: _values,
    ("duckdb", exp.JSONArrayAgg): lambda node: exp.Anonymous(
        this="json_group_array", expressions=[node.this]
    ),
    ("spark", exp.Least): _null_of_null,
    ("spark", exp.Greatest): _null_of_null,
    ("spark", exp.JSONObject): _struct_as_json,
    ("spark", exp.JSONArrayAgg): _list_as_json,
    ("spark", exp.CTE): _plain_cte,
}
"""What a node becomes, by its type, or by the dialect and its type."""
