CREATE TABLE "agent_slots" (
	"tenant_id" bigint NOT NULL,
	"agent_id" bigint NOT NULL,
	"slot" timestamp (3) with time zone NOT NULL,
	"status" text NOT NULL,
	"calls" integer NOT NULL,
	"retries" integer NOT NULL,
	"duration_seconds" bigint NOT NULL,
	"cost" numeric(16, 6) NOT NULL,
	CONSTRAINT "agent_slots_tenant_id_agent_id_slot_status_pk" PRIMARY KEY("tenant_id","agent_id","slot","status")
);
--> statement-breakpoint
CREATE TABLE "charge_slots" (
	"tenant_id" bigint NOT NULL,
	"slot" timestamp (3) with time zone NOT NULL,
	"component" text NOT NULL,
	"carrier" text NOT NULL,
	"amount" numeric(16, 6) NOT NULL,
	CONSTRAINT "charge_slots_tenant_id_slot_component_carrier_pk" PRIMARY KEY("tenant_id","slot","component","carrier")
);
--> statement-breakpoint
-- Counts the calls that have ended (db/query/roll-ups.ts says what is counted where).
INSERT INTO "agent_slots" (tenant_id, agent_id, slot, status, calls, retries, duration_seconds, cost)
SELECT tenant_id, agent_id, date_bin('15 minutes', ended_at, 'epoch'::timestamptz), status,
       count(*), count(*) FILTER (WHERE retry_attempt > 0), coalesce(sum(duration_seconds), 0), coalesce(sum(cost), 0)
  FROM "calls"
 WHERE ended_at IS NOT NULL
 GROUP BY 1, 2, 3, 4;
--> statement-breakpoint
INSERT INTO "charge_slots" (tenant_id, slot, component, carrier, amount)
SELECT c.tenant_id, date_bin('15 minutes', c.ended_at, 'epoch'::timestamptz), l.component, coalesce(c.carrier, ''), sum(-l.amount)
  FROM "ledger_entries" l JOIN "calls" c ON c.id = l.call_id
 WHERE l.kind = 'charge' AND c.ended_at IS NOT NULL
 GROUP BY 1, 2, 3, 4;
