-- Who may sign in, and how: people by password and cookie session, programs by API token.

create table account (
  id            uuid primary key default gen_random_uuid(),
  email         text not null check (email = lower(email) and position('@' in email) > 1),
  name          text,
  role          text not null check (role in ('annotator', 'reviewer', 'administrator')),
  password_hash text,                       -- null until an invitation is accepted
  language      text not null default 'en',
  all_projects  boolean not null default true, -- false: only projects of project_member
  simulated     boolean not null default false,
  created_at    timestamptz not null default now(),
  disabled_at   timestamptz,
  constraint account_email unique (email)
);

create table api_token (
  id           uuid primary key default gen_random_uuid(),
  account_id   uuid not null references account on delete cascade,
  name         text not null,
  token_hash   bytea not null check (octet_length(token_hash) = 32), -- SHA-256 of the token; the token itself is never kept
  created_at   timestamptz not null default now(),
  last_used_at timestamptz,
  expires_at   timestamptz,
  revoked_at   timestamptz,
  constraint api_token_hash unique (token_hash)
);
create index api_token_account on api_token (account_id);

create table invitation (
  id         uuid primary key default gen_random_uuid(),
  account_id uuid not null references account on delete cascade,
  token_hash bytea not null check (octet_length(token_hash) = 32),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at    timestamptz,
  constraint invitation_hash unique (token_hash)
);

create table web_session (
  id_hash      bytea primary key check (octet_length(id_hash) = 32),
  account_id   uuid not null references account on delete cascade,
  csrf_token   text not null,
  created_at   timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  expires_at   timestamptz not null
);
create index web_session_account on web_session (account_id);

-- Failed and successful sign-ins, for throttling by e-mail address and by network address.
create table login_attempt (
  id         bigint generated always as identity primary key,
  email      text not null,
  address    text not null,
  succeeded  boolean not null,
  at         timestamptz not null default now()
);
create index login_attempt_email on login_attempt (email, at);
create index login_attempt_address on login_attempt (address, at);

create table audit_event (
  id           bigint generated always as identity primary key,
  at           timestamptz not null default now(),
  account_id   uuid references account,
  action       text not null,               -- e.g. 'policy.promoted', 'ranking.submitted'
  subject_kind text not null,
  subject_id   text not null,
  detail       jsonb not null default '{}'
);
create index audit_event_subject on audit_event (subject_kind, subject_id, id);

-- The answer once given to a POST with an Idempotency-Key; the same key and body answer it again.
create table idempotency_key (
  account_id   uuid not null references account on delete cascade,
  key          text not null check (length(key) between 1 and 255),
  method       text not null,
  path         text not null,
  body_hash    bytea not null,
  status       integer,                     -- null while the first request is still being answered
  content_type text,
  location     text,
  response     bytea,
  created_at   timestamptz not null default now(),
  primary key (account_id, key)
);
create index idempotency_key_created on idempotency_key (created_at);
