-- The records with more than :most_sides values in one of the two dimensions of a table: the number of
-- their cells would be the product of both. Empty where there is no table.
INSERT OR IGNORE INTO crowded
SELECT position FROM trait WHERE dimension IN (:rows, :columns)
GROUP BY position, dimension HAVING count(DISTINCT value) > :most_sides;
