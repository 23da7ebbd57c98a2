"""Is a record right? Findings, the schema, the rules and how a report is written."""
