-- How many chosen records make no pair (pairings.sql), by why: more than two parties, or fewer.
WITH size AS (
  SELECT countries, CASE WHEN :organisations THEN parties ELSE countries END AS parties FROM chosen
)
SELECT
  count(*) FILTER (WHERE :multilateral = 'none' AND parties > 2 AND countries <> 2) AS multilateral,
  count(*) FILTER (WHERE parties < 2) AS too_few
FROM size;
