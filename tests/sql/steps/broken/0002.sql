ALTER TABLE thing ADD COLUMN size INTEGER NOT NULL DEFAULT 7;
INSERT INTO thing (id, name) VALUES (100, 'left behind');
CREATE INDEX thing_colour ON thing (colour);
