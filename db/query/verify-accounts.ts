import type { Invariant } from './verify.ts';

/** Right after a call the scheduler has its turn: nothing is stuck before that. */
const STUCK_SECONDS = 60;

/** What accounts, campaigns, people and files say of themselves, against their rows. */
export const ACCOUNT_INVARIANTS: readonly Invariant[] = [
  {
    rule: 'I15',
    promise: 6,
    says: 'balances and what was used are the sums of the ledger',
    byCalls: false,
    breaches: (sql) => sql`
      select 'tenant_' || a.tenant_id, case when a.balance <> coalesce(sums.balance, 0) then 'balance ' || a.balance || ', ledger ' || coalesce(sums.balance, 0)
               else 'used ' || a.used || ', charged ' || coalesce(sums.charged, 0) end
        from credit_accounts a left join (
          select tenant_id, sum(amount) as balance, -sum(amount) filter (where kind = 'charge') as charged from ledger_entries group by tenant_id
        ) sums using (tenant_id)
       where (a.balance, a.used) <> (coalesce(sums.balance, 0), coalesce(sums.charged, 0))`,
  },
  {
    rule: 'I14',
    promise: 5,
    says: 'every good row of a file is one call, and the counts say so',
    byCalls: false,
    breaches: (sql) => sql`
      select 'import_' || i.id, i.total_rows || ' rows, ' || i.processed_rows || ' processed, ' || i.successful_rows || ' good, '
               || i.failed_rows || ' bad, ' || made.calls || ' calls'
        from imports i cross join lateral (
          select count(*) as calls from calls c where c.import_id = i.id and c.original_call_id is null) made
       where i.kind = 'calls' and i.status = 'completed'
         and (made.calls <> i.successful_rows or i.processed_rows <> i.successful_rows + i.failed_rows or i.total_rows <> i.processed_rows)`,
  },
  {
    rule: 'I15',
    promise: 6,
    says: 'the counters of campaigns are their contacts, counted',
    byCalls: false,
    breaches: (sql) => sql`
      select 'campaign_' || c.id, 'says ' || c.total_contacts || ' contacts, ' || c.completed_contacts || ' completed, ' || c.successful_contacts
               || ' successful; counted ' || coalesce(k.total, 0) || ', ' || coalesce(k.completed, 0) || ', ' || coalesce(k.successful, 0)
        from campaigns c left join (
          select campaign_id, count(*) as total, count(*) filter (where dial_state = 'done') as completed,
                 count(*) filter (where dial_state = 'done' and result = 'completed') as successful
            from contacts where deleted_at is null and campaign_id is not null group by campaign_id
        ) k on k.campaign_id = c.id
       where c.deleted_at is null and (c.total_contacts, c.completed_contacts, c.successful_contacts)
             <> (coalesce(k.total, 0), coalesce(k.completed, 0), coalesce(k.successful, 0))`,
  },
  {
    rule: 'C3',
    promise: 1,
    says: 'a contact in line has a call that is to be made, under way or just over',
    byCalls: false,
    breaches: (sql) => sql`
      select 'contact_' || k.id, 'is in line in campaign_' || k.campaign_id || ' without an open call' from contacts k
       where k.dial_state = 'in_line' and k.deleted_at is null
         and not exists (select from calls c where c.contact_id = k.id and (c.ended_at is null or c.retry_open or not c.contact_settled))`,
  },
  {
    rule: 'C4',
    promise: 6,
    says: 'nobody is in two calls at once',
    byCalls: false,
    breaches: (sql) => sql`
      select 'agent_' || agent_id, 'came from call_' || before || ' to call_' || call_id || ' without leaving it'
        from (select agent_id, state, call_id, lag(state) over w as was, lag(call_id) over w as before
                from agent_states window w as (partition by agent_id order by id)) s
       where state = 'on_call' and was = 'on_call' and call_id is distinct from before`,
  },
  {
    rule: 'C5',
    promise: 6,
    says: 'nobody stays on a call that is over, or in a wrap-up that is',
    byCalls: false,
    breaches: (sql) => sql`
      select 'agent_' || a.id, case when a.state = 'on_call' and a.current_call_id is null then 'is on call without a call'
               when a.state <> 'on_call' and a.current_call_id is not null then 'is ' || a.state || ' and bound to call_' || a.current_call_id
               when c.ended_at is not null then 'is bound to call_' || c.id || ', which is ' || c.status
               else 'is not done with a wrap-up that is over' end
        from agents a left join calls c on c.id = a.current_call_id
       where a.kind = 'human' and ((a.state = 'on_call') <> (a.current_call_id is not null)
          or (c.ended_at is not null and greatest(c.ended_at, a.state_since) < now() - ${STUCK_SECONDS} * interval '1 second')
          or (a.state = 'wrap_up' and a.wrap_up_until < now() - ${STUCK_SECONDS} * interval '1 second'))`,
  },
];
