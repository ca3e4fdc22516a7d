CREATE INDEX events_at_idx ON events (at);
CREATE INDEX other_idx ON ONLY others (at);
