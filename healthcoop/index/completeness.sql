-- How many chosen records of each kind have the same fields filled: bits of words.FILLED.
SELECT record.filled, record.kind, count(*) AS records
FROM chosen JOIN record ON record.id = chosen.id
GROUP BY record.filled, record.kind;
