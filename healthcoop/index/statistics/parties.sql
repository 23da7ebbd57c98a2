-- One row a selected record and side, in the order of records and of their parties: what the party states
-- of itself, as the file has it (EDTF or unknown; NULL where it states nothing).
-- status: whether an instrument was in force for this side (party_span) on :on, else on :day; NULL for an
--   encounter. What follows for a code that is named twice is the same for both.
SELECT record.ident AS id, record.date,
  CASE WHEN NOT party.organisation THEN party.code END AS country,
  CASE WHEN party.organisation THEN party.code END AS organisation,
  party.role, party.level, party.signed, party.ratified, party.acceded, party.in_force, party."left",
  (
    SELECT CASE
      WHEN span.possible_from > coalesce(:on, :day) OR span.possible_until < coalesce(:on, :day)
        THEN 'no'
      WHEN coalesce(:on, :day) BETWEEN span.certain_from AND span.certain_until THEN 'certain'
      ELSE 'possible'
    END
    FROM party_span AS span WHERE span.id = party.record AND span.code = party.code LIMIT 1
  ) AS status
FROM selection
JOIN record ON record.id = selection.id
JOIN party ON party.record = selection.id AND party.side
ORDER BY selection.position, party.position;
