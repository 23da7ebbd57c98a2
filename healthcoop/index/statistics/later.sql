-- How many records of `pairing` count in no year up to that of :day, or in none at all.
SELECT count(*) AS later FROM (SELECT DISTINCT id FROM pairing) AS member
JOIN record ON record.id = member.id
WHERE record.year IS NULL OR record.year > CAST(substr(:day, 1, 4) AS INTEGER);
