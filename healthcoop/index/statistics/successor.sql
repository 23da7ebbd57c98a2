-- The former states that fold into another one, and what each is then counted as: the end of the
-- chain of `folds_into`. Empty unless :fold_former.
INSERT INTO successor
SELECT code, folded_into FROM term
WHERE :fold_former AND vocabulary = 'countries' AND folded_into NOT NULL AND folded_into <> code;
