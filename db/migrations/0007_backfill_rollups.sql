-- Counts the calls that ended before endings were counted as they happen (db/query/roll-ups.ts says what is counted where).
DELETE FROM "call_slots";
--> statement-breakpoint
INSERT INTO "call_slots" (tenant_id, slot, direction, status, calls, duration_seconds, cost)
SELECT tenant_id, date_bin('15 minutes', ended_at, 'epoch'::timestamptz), direction, status,
       count(*), coalesce(sum(duration_seconds), 0), coalesce(sum(cost), 0)
  FROM "calls"
 WHERE ended_at IS NOT NULL AND status IN ('completed', 'no_answer', 'busy', 'failed', 'voicemail', 'abandoned', 'cancelled')
 GROUP BY 1, 2, 3, 4;
--> statement-breakpoint
DELETE FROM "agent_days";
--> statement-breakpoint
INSERT INTO "agent_days" (tenant_id, day, agent_id, status, calls, retries, duration_seconds, cost)
SELECT tenant_id, (ended_at AT TIME ZONE 'UTC')::date, agent_id, status,
       count(*), count(*) FILTER (WHERE retry_attempt > 0), coalesce(sum(duration_seconds), 0), coalesce(sum(cost), 0)
  FROM "calls"
 WHERE ended_at IS NOT NULL AND status IN ('completed', 'no_answer', 'busy', 'failed', 'voicemail', 'abandoned', 'cancelled')
 GROUP BY 1, 2, 3, 4;
--> statement-breakpoint
DELETE FROM "campaign_days";
--> statement-breakpoint
INSERT INTO "campaign_days" (campaign_id, day, dials, answered, abandoned, completed, talk_seconds)
SELECT campaign_id, day, count(*), count(*) FILTER (WHERE answered), count(*) FILTER (WHERE abandoned),
       count(*) FILTER (WHERE completed), coalesce(sum(duration_seconds) FILTER (WHERE answered), 0)
  FROM (
    SELECT campaign_id, (ended_at AT TIME ZONE 'UTC')::date AS day, duration_seconds,
           (answered_at IS NOT NULL OR status IN ('completed', 'abandoned')) AND coalesce(answered_by, 'human') NOT IN ('machine', 'fax') AS answered,
           abandoned_at IS NOT NULL OR status = 'abandoned' AS abandoned, status = 'completed' AS completed
      FROM "calls"
     WHERE campaign_id IS NOT NULL AND ended_at IS NOT NULL AND claimed_at IS NOT NULL AND coalesce(verdict->>'answer', 'dial') = 'dial'
       AND status IN ('completed', 'no_answer', 'busy', 'failed', 'voicemail', 'abandoned')
  ) dials
 GROUP BY 1, 2;
