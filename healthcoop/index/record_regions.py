"""In which regions each record is: those of its countries on its day."""

from collections.abc import Mapping

from healthcoop.index.conditions import member_on_day
from healthcoop.index.database import Index, retry_after_damage


@retry_after_damage
def record_regions(index: Index) -> Mapping[str, frozenset[str]]:
    """Return the codes of the regions by which each record is found, by the path of its file.

    Records in no region are not there; withdrawn ones are.
    """
    rows = index.connection.execute(
        "SELECT file.path, group_concat(DISTINCT member.region) FROM record"
        " JOIN file ON file.id = record.id"
        " JOIN party ON party.record = record.id AND NOT party.organisation"
        f" JOIN member ON {member_on_day('record')} GROUP BY record.id"
    )
    return {path: frozenset(codes.split(",")) for path, codes in rows.fetchall()}
