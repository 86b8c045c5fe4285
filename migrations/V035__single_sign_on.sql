-- Who somebody is at an OpenID provider. The subject is never given to anybody else there; an e-mail address may be.
create table provider_identity (
  id         uuid primary key default gen_random_uuid(),
  issuer     text not null,
  subject    text not null check (length(subject) between 1 and 255),
  account_id uuid not null references account on delete cascade,
  created_at timestamptz not null default now(),
  constraint provider_identity_subject unique (issuer, subject),
  constraint provider_identity_account unique (account_id, issuer) -- whoever gets an address later does not get the account
);

-- A browser that was sent to the provider. Its row goes with the one answer that is taken; what was forgotten is swept.
create table provider_visit (
  state_hash   bytea primary key check (octet_length(state_hash) = 32),
  browser_hash bytea not null check (octet_length(browser_hash) = 32), -- of the cookie that has to come back with it
  nonce        text not null,               -- to be found in the ID token
  verifier     text not null,               -- of PKCE: goes with the code
  return_to    text not null,               -- a path of ours
  expires_at   timestamptz not null
);
create index provider_visit_expires on provider_visit (expires_at);
