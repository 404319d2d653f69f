"""Contracts against payments, supplier by supplier."""

from __future__ import annotations

from sourcemix.register.held import prepare
from sourcemix.register.rules_money import GRACE, covered
from sourcemix.register.store import Connection

__all__ = ["AGAINST", "make_against"]

AGAINST = "SELECT * FROM against ORDER BY greatest(paid, 0) DESC, supplier, authority"
"""The list, after `make_against`: the most paid first."""

_AGAINST = """
CREATE OR REPLACE TEMP TABLE against AS
WITH spend AS (
    SELECT p.owner_key, p.supplier_id, sum(p.amount) AS paid, count(*) AS payments,
        min(p.day) AS first_paid, max(p.day) AS last_paid
    FROM paid p WHERE p.amount IS NOT NULL GROUP BY 1, 2
), asked AS (SELECT DISTINCT owner_key FROM spend)
SELECT (SELECT max(owner) FROM owner o WHERE o.key = coalesce(c.owner_key, s.owner_key))
        AS authority,
    coalesce(v.name, 'not named') AS supplier, coalesce(c.contracts, 0) AS contracts,
    c.first_start AS "from", c.last_end AS "to", c.total AS value, coalesce(s.paid, 0) AS paid,
    coalesce(s.payments, 0) AS payments, s.first_paid, s.last_paid,
    CASE WHEN v.kind = 'unknown' OR v.kind IS NULL THEN 'payee not named'
        WHEN c.contracts IS NULL THEN 'no contract'
        WHEN s.paid IS NULL THEN 'no payments'
        WHEN s.last_paid > c.last_end + {grace} THEN 'paid after the last end'
        WHEN c.complete AND s.paid > c.total THEN 'paid more than the value'
        ELSE 'covered' END AS "state"
FROM cover c FULL JOIN spend s ON s.owner_key = c.owner_key AND s.supplier_id = c.supplier_id
LEFT JOIN supplier v ON v.supplier_id = coalesce(c.supplier_id, s.supplier_id)
WHERE s.paid IS NOT NULL OR c.owner_key IN (SELECT owner_key FROM asked)
"""


def make_against(con: Connection) -> None:
    """Make the table `against`: what contracts allow beside what was paid.

    Contracts of authorities whose payments were not read are left out: nothing can be said.
    """
    prepare(con)
    covered(con)
    con.execute(_AGAINST.format(grace=GRACE))
