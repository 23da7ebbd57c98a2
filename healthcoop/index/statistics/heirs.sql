-- The former states that fold into another, and what they then count as: the end of the chain.
INSERT INTO heir
SELECT code, folded_into FROM term
WHERE vocabulary = 'countries' AND folded_into NOT NULL AND folded_into <> code;
