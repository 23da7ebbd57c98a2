-- Every two sides of the selected records, a row for each record: export's table dyads. A record has
-- each side once, since former states are not counted as another one here.
SELECT record.ident, paired.a, paired.b, paired.parties,
  CAST(1.0 / (paired.parties - 1) AS REAL),
  paired.first,
  CASE
    WHEN paired.since = CAST(substr(paired.first_key, 1, 4) AS INTEGER)
      AND paired.since <= paired.until
    THEN paired.since
  END
FROM paired
JOIN record ON record.id = paired.id
ORDER BY record.ident, paired.a, paired.b
