SELECT set_config('lock_timeout', '2s', true);
ALTER TABLE clients ADD COLUMN note text;
