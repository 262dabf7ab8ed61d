-- A file of schema 1 with a row in every table, as .dump writes it. It is not edited: files like it
-- are on people's disks.
PRAGMA application_id = 1349481059;
PRAGMA user_version = 1;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE setting (
  key TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO setting VALUES('epoch','AAAAAAAAAAAAAAAAAAAAAA');
INSERT INTO setting VALUES('name','Bakery');
CREATE TABLE department (
  slug TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  position INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
INSERT INTO department VALUES('general','General',0);
CREATE TABLE site (
  id TEXT NOT NULL PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  domains TEXT,
  is_off INTEGER NOT NULL DEFAULT 0,
  colour TEXT,
  greeting TEXT,
  created_at INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO site VALUES('site-1','key-1','Bakery',replace('bakery.example\nshop.bakery.example','\n',char(10)),0,'#1a5fb4','How can we help?',1767225600000000);
CREATE TABLE agent (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  email TEXT UNIQUE COLLATE NOCASE,
  role INTEGER NOT NULL DEFAULT 0,
  wanted_status INTEGER NOT NULL DEFAULT 0,
  departments TEXT,
  is_local INTEGER NOT NULL DEFAULT 0,
  is_disabled INTEGER NOT NULL DEFAULT 0,
  password_hash TEXT,
  created_at INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO agent VALUES('agent-1','Ada','ada@bakery.example',2,1,'general',1,0,'$argon2id$',1767225600000000);
CREATE TABLE contact (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT,
  email TEXT,
  phone TEXT,
  is_verified INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL DEFAULT 0,
  last_seen_at INTEGER NOT NULL DEFAULT 0,
  n_conversations INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO contact VALUES('contact-1','Grace','grace@example.com',NULL,0,1767225600000000,1767225660000000,1);
CREATE TABLE visitor (
  id TEXT NOT NULL PRIMARY KEY,
  site TEXT NOT NULL REFERENCES site (id),
  contact TEXT NOT NULL REFERENCES contact (id),
  page_url TEXT,
  page_title TEXT,
  referrer TEXT,
  lang TEXT,
  browser TEXT,
  n_visits INTEGER NOT NULL DEFAULT 0,
  is_blocked INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL DEFAULT 0,
  last_seen_at INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO visitor VALUES('visitor-1','site-1','contact-1','https://bakery.example/bread','Bread',NULL,'en','Firefox on Linux',3,0,1767225600000000,1767225660000000);
CREATE TABLE conversation (
  pk INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  handle TEXT,
  site TEXT NOT NULL,
  channel INTEGER NOT NULL DEFAULT 0,
  external_key TEXT,
  department TEXT NOT NULL REFERENCES department (slug),
  visitor TEXT REFERENCES visitor (id),
  contact TEXT NOT NULL REFERENCES contact (id),
  contact_name TEXT,
  contact_email TEXT,
  number INTEGER NOT NULL DEFAULT 0,
  assignee TEXT REFERENCES agent (id),
  state INTEGER NOT NULL DEFAULT 0,
  assistant_state INTEGER NOT NULL DEFAULT 0,
  priority INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL DEFAULT 0,
  waiting_since INTEGER NOT NULL DEFAULT 0,
  first_response_at INTEGER NOT NULL DEFAULT 0,
  resolved_at INTEGER NOT NULL DEFAULT 0,
  closed_at INTEGER NOT NULL DEFAULT 0,
  missed_at INTEGER NOT NULL DEFAULT 0,
  reopened INTEGER NOT NULL DEFAULT 0,
  snoozed_until INTEGER NOT NULL DEFAULT 0,
  merged_into TEXT,
  rating INTEGER NOT NULL DEFAULT 0,
  rating_comment TEXT,
  rated_at INTEGER NOT NULL DEFAULT 0,
  last_seq INTEGER NOT NULL DEFAULT 0,
  last_at INTEGER NOT NULL DEFAULT 0,
  last_text TEXT,
  last_sender INTEGER NOT NULL DEFAULT 0,
  last_message INTEGER NOT NULL DEFAULT 0,
  n_messages INTEGER NOT NULL DEFAULT 0,
  unread INTEGER NOT NULL DEFAULT 0,
  visitor_unread INTEGER NOT NULL DEFAULT 0,
  agent_received INTEGER NOT NULL DEFAULT 0,
  agent_read INTEGER NOT NULL DEFAULT 0,
  visitor_received INTEGER NOT NULL DEFAULT 0,
  visitor_read INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO conversation VALUES(1,'conversation-1','new-1','site-1',0,NULL,'general','visitor-1','contact-1','Grace','grace@example.com',7,'agent-1',3,0,1,1767225600000000,0,1767225630000000,0,0,0,0,0,NULL,0,NULL,0,3,1767225630000000,'Until six.',1,3,2,0,1,0,0,0,0);
CREATE TABLE message (
  seq INTEGER PRIMARY KEY,
  conversation_pk INTEGER NOT NULL REFERENCES conversation (pk),
  kind INTEGER NOT NULL DEFAULT 0,
  code INTEGER NOT NULL DEFAULT 0,
  sender_kind INTEGER NOT NULL DEFAULT 0,
  sender TEXT,
  sender_name TEXT,
  visibility INTEGER NOT NULL DEFAULT 0,
  state INTEGER NOT NULL DEFAULT 0,
  text TEXT NOT NULL,
  device TEXT,
  n INTEGER NOT NULL DEFAULT 0,
  external_id TEXT,
  channel INTEGER NOT NULL DEFAULT 0,
  meta TEXT,
  created_at INTEGER NOT NULL DEFAULT 0,
  edited_at INTEGER NOT NULL DEFAULT 0,
  deleted_at INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO message VALUES(2,1,0,0,0,NULL,NULL,0,0,'Until when are you open?','device-1',1,NULL,0,NULL,1767225600000000,0,0);
INSERT INTO message VALUES(3,1,0,0,1,'agent-1','Ada',0,0,'Until six.','device-2',1,NULL,0,NULL,1767225630000000,0,0);
CREATE TABLE device_count (
  conversation_pk INTEGER NOT NULL REFERENCES conversation (pk),
  device TEXT NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (conversation_pk, device)
) STRICT, WITHOUT ROWID;
INSERT INTO device_count VALUES(1,'device-1',1);
INSERT INTO device_count VALUES(1,'device-2',1);
CREATE TABLE identity (
  contact TEXT NOT NULL REFERENCES contact (id),
  channel INTEGER NOT NULL,
  external_id TEXT NOT NULL,
  verified_at INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (channel, external_id)
) STRICT, WITHOUT ROWID;
INSERT INTO identity VALUES('contact-1',1,'491700000000',1767225600000000);
CREATE TABLE session (
  token_hash TEXT NOT NULL PRIMARY KEY,
  kind INTEGER NOT NULL,
  subject TEXT NOT NULL,
  site TEXT,
  created_at INTEGER NOT NULL,
  used_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  dies_at INTEGER NOT NULL DEFAULT 0,
  replaces TEXT
) STRICT, WITHOUT ROWID;
INSERT INTO session VALUES('hash-1',0,'visitor-1','site-1',1767225600000000,1767225660000000,1769817600000000,0,NULL);
CREATE TABLE event (
  seq INTEGER PRIMARY KEY,
  type INTEGER NOT NULL,
  at INTEGER NOT NULL,
  actor_kind INTEGER NOT NULL,
  actor TEXT,
  cause INTEGER NOT NULL DEFAULT 0,
  conversation_pk INTEGER,
  subject TEXT
) STRICT;
INSERT INTO event VALUES(1,1,1767225600000000,0,'visitor-1',0,1,NULL);
INSERT INTO event VALUES(2,10,1767225600000000,0,'visitor-1',1,1,NULL);
INSERT INTO event VALUES(3,10,1767225630000000,1,'agent-1',0,1,NULL);
CREATE TABLE cursor (
  subscriber TEXT NOT NULL PRIMARY KEY,
  seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO cursor VALUES('webhooks',3);
CREATE TABLE outbox (
  pk INTEGER PRIMARY KEY,
  target TEXT NOT NULL,
  payload TEXT NOT NULL,
  delivery_id TEXT NOT NULL UNIQUE,
  state INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0,
  next_at INTEGER NOT NULL DEFAULT 0,
  lease INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO outbox VALUES(1,'webhook','{}','delivery-1',0,0,1767225630000000,0);
CREATE TABLE inbox (
  external_id TEXT NOT NULL PRIMARY KEY,
  raw TEXT NOT NULL,
  state INTEGER NOT NULL DEFAULT 0,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO inbox VALUES('wamid.1','{}',0,1767225600000000);
CREATE TABLE audit (
  pk INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  actor_kind INTEGER NOT NULL,
  actor TEXT,
  action TEXT NOT NULL,
  subject TEXT,
  detail TEXT
) STRICT;
INSERT INTO audit VALUES(1,1767225600000000,1,'agent-1','business.created',NULL,NULL);
CREATE TABLE idempotency (
  subject TEXT NOT NULL,
  key TEXT NOT NULL,
  request_hash TEXT NOT NULL,
  status INTEGER NOT NULL,
  body TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (subject, key)
) STRICT, WITHOUT ROWID;
INSERT INTO idempotency VALUES('agent-1','key-1','hash',201,'{}',1767225600000000);
CREATE UNIQUE INDEX conversation_handle ON conversation (visitor, handle) WHERE handle IS NOT NULL;
CREATE UNIQUE INDEX conversation_external ON conversation (channel, external_key) WHERE external_key IS NOT NULL;
CREATE INDEX conversation_contact ON conversation (contact);
CREATE INDEX conversation_open ON conversation (last_seq) WHERE state < 4;
CREATE INDEX conversation_done ON conversation (last_seq) WHERE state >= 4;
CREATE INDEX conversation_assignee ON conversation (assignee, last_seq) WHERE assignee IS NOT NULL AND state < 4;
CREATE INDEX conversation_queue ON conversation (waiting_since, pk) WHERE waiting_since > 0;
CREATE INDEX conversation_idle ON conversation (last_at) WHERE state = 3 AND last_sender <> 0;
CREATE INDEX conversation_resolved ON conversation (resolved_at) WHERE state = 4;
CREATE INDEX conversation_department ON conversation (department) WHERE state < 4;
CREATE INDEX conversation_waiting ON conversation (department) WHERE waiting_since > 0 AND state IN (1, 2);
CREATE INDEX conversation_day ON conversation (created_at);
CREATE INDEX message_conversation ON message (conversation_pk, seq);
CREATE UNIQUE INDEX message_external ON message (channel, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX identity_contact ON identity (contact);
CREATE INDEX contact_email ON contact (email) WHERE email IS NOT NULL;
CREATE INDEX visitor_contact ON visitor (contact);
CREATE INDEX event_conversation ON event (conversation_pk, seq) WHERE conversation_pk IS NOT NULL AND type <> 10;
CREATE INDEX session_subject ON session (kind, subject);
CREATE INDEX session_end ON session (expires_at);
CREATE INDEX outbox_due ON outbox (state, next_at);
CREATE INDEX idempotency_at ON idempotency (at);
COMMIT;
