-- The tables of a store. Amounts are exact decimals; every row names the part and the row it is from.

CREATE TABLE about (version INTEGER);
INSERT INTO about VALUES (1);

-- One table of a file: a sheet, a member of an archive, or the file itself.
CREATE TABLE part (
    part INTEGER PRIMARY KEY, file VARCHAR, sha VARCHAR, name VARCHAR, kind VARCHAR,
    encoding VARCHAR, authority VARCHAR, rows_in BIGINT, stored BIGINT, set_aside BIGINT,
    notes VARCHAR
);
CREATE TABLE mapping (part INTEGER, position INTEGER, header VARCHAR, field VARCHAR, how VARCHAR);
CREATE TABLE repair (
    part INTEGER, "row" BIGINT, field VARCHAR, was VARCHAR, now VARCHAR, why VARCHAR
);
CREATE TABLE aside (part INTEGER, "row" BIGINT, reason VARCHAR, content VARCHAR);

CREATE TABLE contract (
    part INTEGER, "row" BIGINT, place INTEGER, stage VARCHAR,
    authority VARCHAR, unit VARCHAR, reference VARCHAR, title VARCHAR, description VARCHAR,
    supplier VARCHAR, supplier_number VARCHAR, charity_number VARCHAR, vat_number VARCHAR,
    supplier_ref VARCHAR, postcode VARCHAR,
    annual_value DECIMAL(18,2), total_value DECIMAL(18,2), value_low DECIMAL(18,2),
    first_value DECIMAL(18,2), currency VARCHAR,
    start_date DATE, end_date DATE, expiry_date DATE, latest_date DATE, review_date DATE,
    break_date DATE, end_word VARCHAR,
    duration_months DOUBLE, extension_months DOUBLE, extension_count INTEGER,
    extension_parts VARCHAR, extensions_taken INTEGER, notice_months DOUBLE, break_text VARCHAR,
    "procedure" VARCHAR, contract_type VARCHAR, category VARCHAR, category_code VARCHAR,
    cpv VARCHAR, sme BOOLEAN, vcse BOOLEAN, status VARCHAR, awarded_date DATE,
    published_date DATE, deadline_date DATE, link VARCHAR, visibility VARCHAR,
    above_threshold VARCHAR, ocid VARCHAR
);

CREATE TABLE payment (
    part INTEGER, "row" BIGINT, authority VARCHAR, unit VARCHAR, supplier VARCHAR,
    supplier_number VARCHAR, charity_number VARCHAR, vat_number VARCHAR, supplier_ref VARCHAR,
    date DATE, period_date DATE, amount DECIMAL(18,2), vat_amount DECIMAL(18,2),
    purpose VARCHAR, category VARCHAR, category_code VARCHAR, "transaction" VARCHAR,
    invoice VARCHAR, cost_centre VARCHAR, spend_type VARCHAR, currency VARCHAR
);

-- Releases of the open contracting data standard, as published, and the processes they make.
CREATE TABLE release (
    ocid VARCHAR, id VARCHAR, date VARCHAR, part INTEGER, "row" BIGINT, version VARCHAR,
    body VARCHAR, digest BIGINT, seq BIGINT
);
-- Only of processes with several releases; any other is compiled as it stands.
CREATE TABLE process (ocid VARCHAR, releases INTEGER, body VARCHAR, note VARCHAR);

-- Rows of flattened tables, kept until the tables that belong to them are there.
CREATE TABLE flat (
    part INTEGER, "row" BIGINT, role VARCHAR, link VARCHAR, link_release VARCHAR,
    link_award VARCHAR, fields MAP(VARCHAR, VARCHAR)
);

-- Every supplier, with the names it goes by.
CREATE TABLE supplier (
    supplier_id INTEGER, name VARCHAR, kind VARCHAR, company VARCHAR, charity VARCHAR, vat VARCHAR
);
CREATE TABLE alias (
    name VARCHAR, supplier_number VARCHAR, charity_number VARCHAR, vat_number VARCHAR,
    supplier_id INTEGER, how VARCHAR, score DOUBLE
);

-- The single names in the cells of suppliers.
CREATE TABLE named (supplier VARCHAR, one VARCHAR);

-- What the contract itself says, entered by hand; it goes before every default. The contract is told
-- by its reference, or by all that it is called, so that a newer file does not mix contracts up.
CREATE TABLE clause (
    contract VARCHAR, exit_fee DECIMAL(18,2), transition DECIMAL(18,2), notice_months DOUBLE,
    break_date DATE, note VARCHAR
);
