-- People who sign in. The first four tables are those of the authentication library, which reads and writes them by
-- these names; what a person may do where (`members`) and how often signing in was tried (`sign_in_tries`) is ours.
-- No book stands here, so no row-level security: only the api's role may look, and money never refers to it.
create schema auth;
--> statement-breakpoint
create table auth.users (
  id text constraint users_pkey primary key,
  name text not null,
  email text not null constraint users_email unique,
  email_verified boolean not null default false,
  image text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint users_email_lower check (email = lower(email))
);
--> statement-breakpoint
create table auth.sessions (
  id text constraint sessions_pkey primary key,
  token text not null constraint sessions_token unique,
  user_id text not null constraint sessions_user_fk references auth.users on delete cascade,
  expires_at timestamptz not null,
  ip_address text,
  user_agent text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
--> statement-breakpoint
create index sessions_user on auth.sessions (user_id);
--> statement-breakpoint
create table auth.credentials (
  id text constraint credentials_pkey primary key,
  user_id text not null constraint credentials_user_fk references auth.users on delete cascade,
  provider_id text not null,
  account_id text not null,
  password text,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint credentials_account unique (provider_id, account_id)
);
--> statement-breakpoint
create index credentials_user on auth.credentials (user_id);
--> statement-breakpoint
create table auth.verifications (
  id text constraint verifications_pkey primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
--> statement-breakpoint
create index verifications_identifier on auth.verifications (identifier);
--> statement-breakpoint
-- One role a person and merchant. New roles are added to the check; what each may do stands in the api.
create table auth.members (
  merchant_id uuid not null constraint members_merchant_fk references merchants,
  user_id text not null constraint members_user_fk references auth.users on delete cascade,
  role text not null,
  created_at timestamptz not null default now(),
  constraint members_pkey primary key (merchant_id, user_id),
  constraint members_role_listed check (role in ('owner'))
);
--> statement-breakpoint
create index members_user on auth.members (user_id);
--> statement-breakpoint
-- Failed sign-ins, counted under a keyed hash of an account's or a client's address: neither stands here readable.
create table auth.sign_in_tries (
  subject bytea constraint sign_in_tries_pkey primary key,
  failures integer not null,
  blocked_until timestamptz not null,
  last_at timestamptz not null,
  constraint sign_in_tries_subject_length check (octet_length(subject) = 32),
  constraint sign_in_tries_failures_range check (failures >= 0)
);
--> statement-breakpoint
create index sign_in_tries_last_at on auth.sign_in_tries (last_at);
--> statement-breakpoint
grant usage on schema auth to tollbook_app;
--> statement-breakpoint
grant select, insert, update, delete on auth.users, auth.sessions, auth.credentials, auth.verifications, auth.members,
  auth.sign_in_tries to tollbook_app;
