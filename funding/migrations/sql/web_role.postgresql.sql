-- What the role of web and workers may do with the ledger: read and append. Run it as the owner of the
-- tables, after `migrate`, when `gongzhi_web` has its rights on all other tables.
REVOKE ALL ON funding_posting, funding_entry, funding_hold, funding_line FROM gongzhi_web;
GRANT SELECT, INSERT ON funding_posting, funding_entry, funding_hold, funding_line TO gongzhi_web;
GRANT UPDATE (name, name_en, territory_id, valid_from, valid_to) ON funding_line TO gongzhi_web;
GRANT UPDATE (expires_at) ON funding_hold TO gongzhi_web;
