/**
 * For each role of $1: whether it exists, and whether the connected login may take it and inherits from it. Before
 * PostgreSQL 16 `member` means the right to take it.
 */
export const describeRolesSql = `
select wanted.role,
       r.oid is not null as role_exists,
       coalesce(
         pg_has_role(current_user, r.oid, case when v.number >= 160000 then 'set' else 'member' end)
           and pg_has_role(current_user, r.oid, 'usage'),
         false
       ) as is_granted,
       quote_ident(current_user) as login,
       v.number as server_version
from unnest($1::text[]) with ordinality as wanted (role, place)
cross join (select current_setting('server_version_num')::integer as number) v
left join pg_roles r on r.rolname = wanted.role
order by wanted.place`;
