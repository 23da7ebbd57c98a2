-- The numbers of different codes among the sides of each record with a former state that is counted as
-- another one (successor.sql), and of different countries. Empty unless :fold_former.
INSERT INTO recount
SELECT record, count(DISTINCT CASE WHEN NOT organisation THEN code END), count(DISTINCT code)
FROM side
WHERE record IN (SELECT record FROM party JOIN successor ON successor.former = party.code)
GROUP BY record;
