"""What an authority has: contracts registers, notices and payments, read and questioned.

Reading, from the file up: `opening` (what a file is, unpacked with care), `text`, `delimited` and
`sheets` (rows of cells), `layout` (which column is what), `cells` (one cell), `load` and `clean`
(whole columns, in DuckDB), `contracts`, `payments`, `flattened` and `ocds` (rows into the store).
Answers come from `scan` and its neighbours. DuckDB is used in this room only.
"""
