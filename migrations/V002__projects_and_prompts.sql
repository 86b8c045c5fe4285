create table project (
  id                     uuid primary key default gen_random_uuid(),
  name                   text not null check (length(name) between 1 and 200),
  completions_per_prompt integer not null default 4 check (completions_per_prompt between 2 and 9),
  overlap                integer not null default 1 check (overlap between 1 and 20),
  settings               jsonb not null default '{}', -- rating scale, flags, lease minutes, rationale rules
  demo                   boolean not null default false,
  created_by             uuid references account,
  created_at             timestamptz not null default now(),
  archived_at            timestamptz,
  constraint project_name unique (name)
);

-- Every text of the guidelines that annotators ever worked under; the highest version is in force.
create table guidelines_version (
  project_id uuid not null references project on delete cascade,
  version    integer not null check (version >= 1),
  text       text not null,
  created_by uuid references account,
  created_at timestamptz not null default now(),
  primary key (project_id, version)
);

create table project_member (
  project_id uuid not null references project on delete cascade,
  account_id uuid not null references account on delete cascade,
  primary key (project_id, account_id)
);
create index project_member_account on project_member (account_id);

create table prompt (
  id           uuid primary key default gen_random_uuid(),
  project_id   uuid not null references project on delete cascade,
  messages     jsonb not null,              -- [{"role","content"}...], last one a user's
  text         text not null,               -- the last user message, for lists and search
  language     text,
  metadata     jsonb not null default '{}',
  content_hash bytea not null check (octet_length(content_hash) = 32), -- SHA-256 of the canonical messages
  origin       text not null default 'import' check (origin in ('import', 'starter', 'playground')),
  created_by   uuid references account,
  created_at   timestamptz not null default now(),
  retired_at   timestamptz,
  constraint prompt_content unique (project_id, content_hash)
);
create index prompt_project on prompt (project_id, id);

create table demonstration (
  id           uuid primary key default gen_random_uuid(),
  prompt_id    uuid not null references prompt on delete cascade,
  text         text not null,
  content_hash bytea not null check (octet_length(content_hash) = 32),
  author_id    uuid references account,
  created_at   timestamptz not null default now(),
  constraint demonstration_content unique (prompt_id, content_hash)
);
