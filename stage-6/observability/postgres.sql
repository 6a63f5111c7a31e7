-- Runs once, when the volume is new. The exporter reads the statistics of the queries from this view.
CREATE EXTENSION pg_stat_statements;
